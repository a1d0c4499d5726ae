/** What the README shows is what is there: excerpts, output of commands, the table of rules, links. */
import { existsSync, readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

import { describe, expect, test } from "vitest";

import { rules } from "../policies/index.js";
import { main } from "../policy-test/cli.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string): string => readFileSync(`${root}${path}`, "utf8");
const readme = read("README.md");

/** The code blocks after `<!-- MARK -->` or `<!-- MARK: argument -->`. */
function blocks(mark: string): { argument: string; text: string }[] {
  const pattern = new RegExp(`<!-- ${mark}(?:: (.+?))? -->\\n\`\`\`\\w+\\n(.*?)\`\`\``, "gs");
  return [...readme.matchAll(pattern)].map(([, argument = "", text = ""]) => ({ argument, text }));
}

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

describe("excerpts", () => {
  test.each(blocks("excerpt"))("stand in $argument", ({ argument, text }) => {
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

  test("of a rule, Rego, CEL and settings", () => {
    expect(blocks("excerpt")).toHaveLength(4);
  });
});

describe("output", () => {
  test.each(blocks("output"))("$text", async ({ text }) => {
    const [command = "", ...output] = text.trimEnd().split("\n");
    const [prompt, npx, program, ...args] = command.split(" ");
    expect([prompt, npx, program]).toEqual(["$", "npx", "policy-test"]);
    let printed = "";
    const stdout = { isTTY: false, write: (more: string) => (printed += more) };
    await main(args, { stdout, stderr: stdout, stdin: Readable.from([]), env: {}, cwd: root });
    expect(printed.trimEnd().split("\n")).toEqual(output);
  });

  test("is shown of three commands", () => {
    expect(blocks("output")).toHaveLength(3);
  });
});

test("the table of rules has each rule with its severity and default", () => {
  const rows = [...readme.matchAll(/^\| `([a-z-]+)` \| (\w+) \| (\w+) \|/gm)].map(([, id, severity, enforcement]) => ({ id, severity, enforcement }));
  expect(rows).toEqual(rules.map(({ id, severity, enforcement }) => ({ id, severity, enforcement })));
});

test.each(["README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/README.md", "docs/glossary.md", "policies/README.md", "test/README.md"])(
  "links of %s lead somewhere",
  (page) => {
    const folder = page.includes("/") ? page.replace(/[^/]*$/, "") : "";
    const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(([, link = ""]) => link);
    expect(links.filter((link) => !existsSync(`${root}${folder}${link}`))).toEqual([]);
  },
);
