/** What pages show is what is there: excerpts, output and paths of commands, links, settings, names of rules. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { Readable } from "node:stream";

import { loadAll } from "js-yaml";
import { afterAll, describe, expect, test } from "vitest";

import { parseBundle } from "../generator/bundles.js";
import { kindOf } from "../generator/targets/names.js";
import { KUBERNETES_SCHEMA } from "../manifest/dialect.js";
import { isMapping } from "../manifest/mapping.js";
import { rules } from "../policies/index.js";
import { packageAssets, readWasmManifest } from "../policy-test/assets.js";
import { main } from "../policy-test/cli.js";
import { parseConfig } from "../policy-test/config.js";
import { checkFlags } from "../policy-test/flags.js";
import { formats } from "../policy-test/reporters/reporter.js";
import { parameterProblems } from "../policy-test/validate-parameters.js";
import { complete } from "../wasm/parameters.js";
import { compiledRules } from "../test/compiled.js";
import { codeSpans, fences, pages, read, root } from "./markdown.js";

const manifest = readWasmManifest(packageAssets().manifest);
const all = pages();
/** Pages that people wrote. */
const written = all.filter((page) => !read(page).startsWith("<!-- Generated"));
const blocks = written.flatMap((page) => fences(read(page)).map((fence) => ({ page, ...fence })));
/** What stands in shells of the pages, without comments. */
const commands = all.flatMap((page) =>
  fences(read(page)).filter(({ language }) => language === "sh").flatMap(({ text }) => text.split("\n").map((line) => ({ page, line: line.replace(/(^| +)#.*$/, "") }))),
);

/** The lines without the indentation that they share. */
function dedent(lines: readonly string[]): string {
  const indents = lines.filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length);
  const shared = Math.min(...indents);
  return lines.map((line) => line.slice(shared)).join("\n");
}

/** Where `excerpt` stands in `lines`, at or after `from`, however deep it is indented there; -1 if nowhere. */
function find(excerpt: readonly string[], lines: readonly string[], from: number): number {
  const wanted = dedent(excerpt);
  for (let start = from; start + excerpt.length <= lines.length; start++) {
    if (dedent(lines.slice(start, start + excerpt.length)) === wanted) return start;
  }
  return -1;
}

const readers = mkdtempSync(join(tmpdir(), "pages-"));
afterAll(() => {
  rmSync(readers, { recursive: true });
});

/** A folder of the reader's own, such as `deploy/`, is one with manifests in it. */
function standIn(word: string): string {
  if (!/^\/|\/$/.test(word) || existsSync(posix.resolve(root, word))) return word;
  const folder = join(readers, word.replaceAll("/", ""));
  mkdirSync(folder, { recursive: true });
  copyFileSync(`${root}examples/bad.yaml`, join(folder, "bad.yaml"));
  return folder;
}

/** Runs policy-test in the root of the repository. */
async function policyTest(args: readonly string[]): Promise<{ code: number; printed: string }> {
  let printed = "";
  const stdout = { isTTY: false, write: (more: string) => (printed += more) };
  const code = await main(args, { stdout, stderr: stdout, stdin: Readable.from([read("examples/node-exporter.yaml")]), env: {}, cwd: root });
  return { code, printed };
}

describe("excerpts", () => {
  test.each(blocks.filter(({ mark }) => mark === "excerpt"))("of $page stand in $argument", ({ argument, text }) => {
    const lines = read(argument).split("\n");
    // A line with `…` stands for lines that were left out.
    const parts = text.trimEnd().split("\n…\n");
    let from = 0;
    for (const part of parts.map((each) => each.split("\n"))) {
      const start = find(part, lines, from);
      expect(start, part.join("\n")).not.toBe(-1);
      from = start + part.length;
    }
  });
});

describe("output", () => {
  test.each(blocks.filter(({ mark }) => mark === "output"))("of $page: $text", async ({ text }) => {
    const [command = "", ...output] = text.trimEnd().split("\n");
    const [prompt, npx, program, ...args] = command.split(" ");
    expect([prompt, npx, program]).toEqual(["$", "npx", "policy-test"]);
    const { printed } = await policyTest(args);
    expect(printed.trimEnd().split("\n")).toEqual(output);
  });
});

describe("commands", () => {
  const ours = commands.flatMap(({ page, line }) => {
    const [, , args] = /(^|npx |\| )policy-test( [^|&]*)(?:\||$)/.exec(line) ?? [];
    return args === undefined ? [] : [{ page, line, args: args.trim().split(" ").map(standIn) }];
  });

  test.each(ours)("of $page run: $line", async ({ args }) => {
    const { code, printed } = await policyTest(args);
    expect(code, printed).toBeLessThan(2);
  });

  const paths = commands.flatMap(({ page, line }) =>
    [...line.matchAll(/kubectl \w+ -([kf]) (?!-$)([^\s;]+)/g)].map(([, flag, path = ""]) => ({ page, line, flag, path: path.replaceAll(/<rule>|RULE/g, "restrict-host-network") })),
  );

  test.each(paths)("of $page install what is there: $line", ({ page, flag, path }) => {
    const bases = ["", `${posix.dirname(page)}/`].map((base) => `${root}${base}${path}`);
    expect(bases.some((base) => existsSync(flag === "k" ? `${base}/kustomization.yaml` : base))).toBe(true);
  });

  test("are there", () => {
    expect(ours.length).toBeGreaterThan(4);
    expect(paths.length).toBeGreaterThan(10);
  });
});

describe("YAML", () => {
  test.each(blocks.filter(({ language }) => language === "yaml"))("of $page holds: $text", async ({ text }) => {
    for (const value of loadAll(text, { schema: KUBERNETES_SCHEMA }).filter(isMapping)) {
      if (value["title"] !== undefined) expect(parseBundle("page.yaml", text, compiledRules).rules).not.toEqual([]);
      else if (value["rules"] !== undefined && value["kind"] === undefined) expect(await parseConfig(text, "page.yaml", manifest)).not.toHaveProperty("problems");
      else if (String(value["apiVersion"]).startsWith("constraints.gatekeeper.sh/")) expectConstraint(value);
    }
  });
});

/** A Constraint is of one of our rules, with parameters that it takes, or of the template that people come from. */
function expectConstraint({ kind, spec }: Readonly<Record<string, unknown>>): void {
  const rule = manifest.rules.find(({ id }) => kindOf(id) === kind);
  if (rule === undefined) return expect(kind).toBe("K8sPSPHostNetworkingPorts");
  const parameters = isMapping(spec) && isMapping(spec["parameters"]) ? spec["parameters"] : {};
  expect(parameterProblems(rule, complete(rule.parameters, parameters))).toEqual([]);
}

test("formats.md has every format, and every flag of the output", () => {
  const page = read("docs/formats.md");
  for (const format of Object.keys(formats)) expect(page).toContain(`\n## ${format}\n`);
  const rows = page.split("\n").filter((line) => line.startsWith("| `"));
  for (const { long, short } of checkFlags["Output:"] ?? []) expect(rows.some((row) => row.includes(long ?? short ?? ""))).toBe(true);
});

test.each(written)("rules and kinds that %s names exist", (page) => {
  const ids: readonly string[] = rules.map(({ id }) => id);
  const spans = codeSpans(read(page));
  expect(spans.filter((span) => /^(host-network|restrict|unresolved)(-[a-z]+)+$/.test(span) && !ids.includes(span))).toEqual([]);
  expect(spans.filter((span) => /^(HostNetwork|Restrict|Unresolved)[A-Za-z]+$/.test(span) && !ids.some((id) => kindOf(id) === span))).toEqual([]);
});

/** What GitHub makes of a heading, so that links can point at it. */
const anchorOf = (heading: string): string => heading.toLowerCase().replace(/[^\w\- ]/g, "").replaceAll(" ", "-");

test.each(all)("links of %s lead somewhere", (page) => {
  const links = [...read(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)]+))?\)/g)].map(([, path = "", anchor]) => ({ path, anchor }));
  const targets = links.map(({ path, anchor }) => ({ path: path === "" ? page : posix.join(posix.dirname(page), path), anchor }));
  expect(targets.filter(({ path }) => !existsSync(`${root}${path}`))).toEqual([]);
  const lost = targets.filter(({ path, anchor }) => anchor !== undefined && ![...read(path).matchAll(/^#+ (.+)$/gm)].some(([, heading = ""]) => anchorOf(heading) === anchor));
  expect(lost).toEqual([]);
});
