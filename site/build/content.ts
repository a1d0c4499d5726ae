/** Writes the sources of the site: copies that are made from the repository at each build, and committed nowhere. */
import { copyFileSync, cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { pages as allPages, read, root } from "../../docs/markdown.js";
import { packageAssets, readWasmManifest } from "../../policy-test/assets.js";
import { compiledContent } from "./compiled.js";
import { fileRoute, relink, routeOf } from "./pages.js";
import { samples } from "./samples.js";

const site = fileURLToPath(new URL("..", import.meta.url));
export const contentFolder = join(site, ".content");

export interface Rule {
  readonly id: string;
  readonly title: string;
}

/** @returns the rules, for the navigation */
export function writeContent(): Rule[] {
  const rules = readWasmManifest(packageAssets().manifest).rules.map(({ id, title }) => ({ id, title }));
  const ids = rules.map(({ id }) => id);
  const pages = new Set(allPages());
  rmSync(contentFolder, { recursive: true, force: true });
  cpSync(join(site, "pages"), contentFolder, { recursive: true });
  for (const page of pages) {
    const { text, files } = relink(read(page), page, pages);
    write(routeOf(page), withPlayground(text, page, ids));
    for (const file of files) {
      const target = join(contentFolder, "public", fileRoute(file));
      mkdirSync(dirname(target), { recursive: true });
      copyFileSync(`${root}${file}`, target);
    }
  }
  write("samples.json", JSON.stringify(samples(ids)));
  const compiled = compiledContent(ids);
  write("compiler/index.json", JSON.stringify(rules));
  write("compiler/files.json", JSON.stringify(compiled.files));
  for (const [id, page] of Object.entries(compiled.rules)) write(`compiler/rules/${id}.json`, JSON.stringify(page));
  return rules;
}

function write(path: string, text: string): void {
  const target = join(contentFolder, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}

/** A rule's page with the playground behind its cases, and the way to what it becomes. */
function withPlayground(text: string, page: string, ids: readonly string[]): string {
  const id = ids.find((each) => page === `docs/rules/${each}.md`);
  if (id === undefined) return text;
  const prefer = text.indexOf("\n## Prefer\n");
  const next = text.indexOf("\n## ", prefer + 1);
  if (prefer === -1 || next === -1) throw new Error(`${page}: there is no place for the playground`);
  return `${text.slice(0, next)}\n## Try it\n\n<WhenSeen><PolicyPlayground rule="${id}" /></WhenSeen>\n\nThe [compiler view](../../compiler.md#${id}) shows its TypeScript beside the Rego and CEL that it becomes.\n${text.slice(next)}`;
}
