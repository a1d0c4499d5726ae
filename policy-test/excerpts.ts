/** The lines of the input that a report points at. Only they are kept, so that memory grows with the findings and not with the input. */
import type { Source } from "./input.js";
import { readText } from "./text.js";

/** By file, as shown, and number. */
export type Excerpts = ReadonlyMap<string, ReadonlyMap<number, string>>;

/** A line is kept up to this length: what is longer is no line that a person has written. */
const LONGEST = 2_000;

/**
 * The lines that are pointed at, each with the one above it. A file that cannot be read any more has none.
 * The files are read again, one at a time.
 */
export function readExcerpts(sources: readonly Source[], places: readonly { readonly file: string; readonly line?: number }[]): Excerpts {
  const wanted = new Map<string, Set<number>>();
  for (const { file, line } of places) {
    if (line === undefined) continue;
    const lines = wanted.get(file) ?? new Set();
    wanted.set(file, lines.add(line - 1).add(line));
  }
  return new Map(
    sources.flatMap((source): [string, ReadonlyMap<number, string>][] => {
      const lines = wanted.get(source.file);
      return lines === undefined ? [] : [[source.file, linesOf(source, lines)]];
    }),
  );
}

function linesOf(source: Source, wanted: ReadonlySet<number>): ReadonlyMap<number, string> {
  const text = textOf(source);
  const found = new Map<number, string>();
  let start = text.startsWith("\uFEFF") ? 1 : 0;
  const lineBreak = /\r\n?|\n|$/g;
  for (let number = 1; found.size < wanted.size; number++) {
    const end = lineBreak.exec(text);
    if (end === null) break;
    if (wanted.has(number)) found.set(number, text.slice(start, Math.min(end.index, start + LONGEST)));
    if (end[0] === "") break;
    start = lineBreak.lastIndex;
  }
  return found;
}

function textOf(source: Source): string {
  if ("text" in source) return source.text;
  try {
    return readText(source.path);
  } catch {
    return "";
  }
}
