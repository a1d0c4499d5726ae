/** A new rule, complete: it compiles and its cases pass, and its author changes both from there. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { render } from "../targets/render.js";

/** The folder of this repository's own rules, whose list, cases and table lie elsewhere. */
export const OWN_RULES = "policies";

export interface Request {
  readonly id: string;
  /** The folder of the rules, below `root` or absolute. */
  readonly rules: string;
  /** The working folder. */
  readonly root: string;
}

/** A file to write, new or edited; the path is as the author would write it. */
export interface Change {
  readonly path: string;
  readonly text: string;
  readonly change: "added" | "updated";
}

/** Why there can be no such rule, with what to do about it. */
export class RefusedError extends Error {
  constructor(
    message: string,
    readonly help?: string,
  ) {
    super(message);
  }
}

/** A label's length: what Kubernetes takes as the name of a kind. */
const MAX_LENGTH = 63;
const taken = ["index", "bundles"];

/**
 * What to write; nothing is written yet.
 * @throws RefusedError where the id cannot be one, the rule is there already, or a list to add it to is not read
 */
export function scaffold({ id, rules, root }: Request): Change[] {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) throw new RefusedError(`\`${id}\` is not kebab-case`, "write lower-case words joined by `-`");
  if (id.length > MAX_LENGTH) throw new RefusedError(`\`${id}\` has more than ${String(MAX_LENGTH)} characters`, "Kubernetes takes no longer name of a kind");
  if (taken.includes(id)) throw new RefusedError(`no rule can be called \`${id}\``, "the generator has another use for the name");
  const isOwn = rules === OWN_RULES;
  const file = `${rules}/${id}.ts`;
  const cases = `${isOwn ? "test/cases" : `${rules}/cases`}/${id}.yaml`;
  const there = [file, cases].find((path) => existsSync(join(root, path)));
  if (there !== undefined) throw new RefusedError(`rule \`${id}\` exists already: \`${there}\``, "give the new rule another id");
  const edit = (path: string, change: (text: string) => string | undefined): Change => {
    const text = existsSync(join(root, path)) ? change(readFileSync(join(root, path), "utf8")) : undefined;
    if (text === undefined) throw new RefusedError(`\`${path}\` does not list the rules as it should`, "restore it, then try again");
    return { path, text, change: "updated" };
  };
  return [
    { path: file, text: render("new-rule.ts", { id, kit: isOwn ? "./kit/index.js" : "hostnetwork-policies" }), change: "added" },
    { path: cases, text: render("new-rule.yaml", {}), change: "added" },
    ...(isOwn ? [edit(`${rules}/index.ts`, (text) => withRule(text, id)), edit("README.md", (text) => withRow(text, id))] : []),
  ];
}

/** `policies/index.ts` with the rule, in the order of the ids. */
export function withRule(text: string, id: string): string | undefined {
  const name = id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const imported = insertSorted(text, /^import \w+ from "\.\/([\w-]+)\.js";$/, id, `import ${name} from "./${id}.js";`);
  return imported === undefined ? undefined : insertSorted(imported, /^ {2}(\w+),$/, name, `  ${name},`);
}

/** The README with the rule in its table. */
export function withRow(text: string, id: string): string | undefined {
  return insertSorted(text, /^\| \[([\w-]+)\]\(docs\/rules\//, id, `| [${id}](docs/rules/${id}.md) | medium | warn | a hostNetwork Pod mounts the keys and sockets of its node |`);
}

/** `text` with `line` among the lines that fit `pattern`, which are sorted by what it captures; undefined where there are none. */
function insertSorted(text: string, pattern: RegExp, key: string, line: string): string | undefined {
  const lines = text.split("\n");
  const keys = lines.map((each) => pattern.exec(each)?.[1]);
  const last = keys.findLastIndex((each) => each !== undefined);
  if (last === -1) return undefined;
  const next = keys.findIndex((each) => each !== undefined && each > key);
  return lines.toSpliced(next === -1 ? last + 1 : next, 0, line).join("\n");
}
