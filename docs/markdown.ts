/** Reads pages of this repository, for the tests that hold them to what is there. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { globSync } from "tinyglobby";

export const root = fileURLToPath(new URL("..", import.meta.url));

export const read = (path: string): string => readFileSync(`${root}${path}`, "utf8");

/** Every page, sorted; paths from the root of the repository. */
export function pages(): string[] {
  return globSync("**/*.md", { cwd: root, ignore: ["**/node_modules/**", "dist/**"] }).sort();
}

/** A block of code. */
export interface Fence {
  /** What stands in a comment on the line before: `<!-- MARK -->` or `<!-- MARK: argument -->`; empty where there is none. */
  readonly mark: string;
  readonly argument: string;
  readonly language: string;
  /** Without the indentation of the list that it may be part of. */
  readonly text: string;
}

export function fences(markdown: string): Fence[] {
  const pattern = /(?:<!-- ([\w-]+)(?:: (.+?))? -->\n)?^( *)```(\w*)\n(.*?)^ *```$/gms;
  return [...markdown.matchAll(pattern)].map(([, mark = "", argument = "", indent = "", language = "", text = ""]) => ({
    mark,
    argument,
    language,
    text: text.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
  }));
}

/** The sections below headings of one level: text by heading, in order. */
export function sections(markdown: string, level: number): ReadonlyMap<string, string> {
  const [, ...parts] = markdown.split(new RegExp(`^${"#".repeat(level)} `, "m"));
  return new Map(parts.map((part) => [part.split("\n")[0] ?? "", part.slice(part.indexOf("\n") + 1)]));
}

/** Words between backticks, outside of blocks. */
export function codeSpans(markdown: string): string[] {
  const prose = markdown.replace(/^ *```.*?^ *```$/gms, "");
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, text = ""]) => text);
}
