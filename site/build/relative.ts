/**
 * Makes the built site work below any path. VitePress must be told one when it builds; it is told a placeholder, which is
 * replaced here: in HTML by the way up from the page, in scripts by what the browser says where the script lies.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";
import { parseAst } from "vite";

export const PLACEHOLDER = "/__site_base__/";

/** @throws Error where the placeholder stands in a way that cannot be replaced */
export function makeRelative(folder: string): void {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => file.replaceAll("\\", "/"));
  // A server shows this page below any address, so that it cannot know the way to the rest.
  writeFileSync(join(folder, "404.html"), NOT_FOUND);
  for (const file of files.filter((each) => /\.(html|js|css|json)$/.test(each) && each !== "404.html")) {
    const path = join(folder, file);
    const text = readFileSync(path, "utf8");
    if (!text.includes(PLACEHOLDER)) continue;
    const up = "../".repeat(file.split("/").length - 1) || "./";
    const changed = file.endsWith(".html") ? relativeHtml(text, up) : file.endsWith(".js") ? `const __siteBase=new URL(${JSON.stringify(up)},import.meta.url).pathname;${relativeScript(text, "__siteBase")}` : text;
    if (changed.includes(PLACEHOLDER)) throw new Error(`${posix.join(folder, file)} still holds ${PLACEHOLDER}`);
    writeFileSync(path, changed);
  }
  rmSync(join(folder, "hashmap.json"), { force: true });
}

function relativeHtml(html: string, up: string): string {
  const scripts = html.replaceAll(/(<script(?: id="[^"]*")?>)(.*?)(<\/script>)/gs, (_whole, open: string, script: string, close: string) =>
    `${open}${script.includes(PLACEHOLDER) ? relativeScript(script, `new URL(${JSON.stringify(up)},location.href).pathname`) : script}${close}`);
  return scripts.replaceAll(`="${PLACEHOLDER}"`, `="${up}"`).replaceAll(`="${PLACEHOLDER}`, `="${up}`).replace("</body>", `${ABSOLUTE}</body>`);
}

/** Moving to another page keeps the elements of the navigation, so that the way must not depend on the page. */
const ABSOLUTE = `<script>for(const a of document.querySelectorAll("a[href],link[rel=icon]"))if(/^\\.\\.?\\//.test(a.getAttribute("href"))){const u=new URL(a.href);a.setAttribute("href",u.pathname+u.search+u.hash)}</script>`;

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * A script with the value of an expression in place of the placeholder.
 * @param base the expression
 */
export function relativeScript(script: string, base: string): string {
  const edits: Edit[] = [];
  const visit = (node: unknown): void => {
    if (node === null || typeof node !== "object") return;
    const [type, start, end] = ["type", "start", "end"].map((name): unknown => Reflect.get(node, name));
    if (typeof start === "number" && typeof end === "number" && (type === "Literal" || type === "TemplateElement")) {
      const raw = script.slice(start, end);
      const quote = raw[0] ?? "";
      if (raw.includes(PLACEHOLDER)) edits.push({ start, end, text: type === "Literal" ? `(${raw.replaceAll(PLACEHOLDER, `${quote}+${base}+${quote}`)})` : raw.replaceAll(PLACEHOLDER, `\${${base}}`) });
    }
    for (const value of Object.values(node)) visit(value);
  };
  visit(parseAst(script));
  edits.sort((one, other) => one.start - other.start);
  let done = 0;
  const parts = edits.flatMap(({ start, end, text }) => {
    const before = script.slice(done, start);
    done = end;
    return [before, text];
  });
  return `${parts.join("")}${script.slice(done)}`;
}

const NOT_FOUND = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Not found</title>
<style>:root{color-scheme:light dark}body{font:16px/1.6 system-ui,sans-serif;max-width:40rem;margin:15vh auto;padding:0 1rem}</style>
<main><h1>This page is not here</h1><p>It may have been renamed. Go up in the address to find the start page of this site.</p></main></html>
`;
