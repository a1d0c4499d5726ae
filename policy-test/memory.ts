/** Texts and objects that a program has in memory, as files to check. */
import type { Source } from "./input.js";
import { textOf, type Problem } from "./problem.js";

/** A text as it would stand in a file, YAML or JSON. */
export interface TextFile {
  /** What findings call it; with `base`, the path at which its old state is looked for first. */
  readonly name: string;
  readonly text: string;
}

/** Objects as a program has them: plain JSON data. Lines and columns of findings are then those of `textOfObjects`. */
export interface ObjectFile {
  readonly name: string;
  readonly objects: readonly unknown[];
}

export type MemoryFile = TextFile | ObjectFile;

/** A source that is no file on disk. */
export type MemorySource = Extract<Source, { readonly text: string }>;

/**
 * The objects as YAML, each on a line of its own with `---` between: the first on line 1, the next on line 3.
 * @throws Error for what JSON cannot say
 */
export function textOfObjects(objects: readonly unknown[]): string {
  return objects.map(lineOf).join("\n---\n");
}

/** JSON that is YAML as well: what YAML does not allow in a text is escaped. */
function lineOf(object: unknown): string {
  const text: unknown = JSON.stringify(object);
  if (typeof text !== "string") throw new Error(`${typeof object} is no JSON`);
  return text.replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The files as sources, in their order; a name stands for one of them. */
export function memorySources(files: readonly MemoryFile[]): { readonly sources: readonly MemorySource[] } | { readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const sources = new Map<string, MemorySource>();
  for (const file of files) {
    const { name } = file;
    if (typeof name !== "string" || name === "") {
      problems.push({ message: "a file in memory has no name", help: "findings name it: give it a `name`" });
    } else if (sources.has(name)) {
      problems.push({ message: `two files in memory are called \`${name}\`` });
    } else {
      try {
        sources.set(name, { file: name, text: textIn(file) });
      } catch (error) {
        problems.push({ file: name, message: textOf(error) });
      }
    }
  }
  return problems.length > 0 ? { problems } : { sources: [...sources.values()] };
}

/** Callers in JavaScript have no compiler to tell them: what is neither is an error, never an empty file. */
function textIn(file: MemoryFile): string {
  if ("text" in file && "objects" in file) throw new Error("a file in memory has either a `text` or `objects`");
  if ("text" in file && typeof file.text === "string") return file.text;
  if ("objects" in file && Array.isArray(file.objects)) return textOfObjects(file.objects);
  throw new Error("a file in memory needs a `text`, or a list of `objects`");
}
