/**
 * Where printed text comes from. Printers put marks around what a statement of the rule became. Marks are control characters, which
 * the literals of Rego and CEL escape, so that no text holds them otherwise; they are gone when the text leaves the printer.
 */

/** A part of a text that one statement of the rule became; offsets in UTF-16 units, from `start` up to `end`. */
export interface Origin {
  /** The number of the statement, as `origin` has it in the intermediate representation. */
  readonly statement: number;
  readonly start: number;
  readonly end: number;
}

export interface Traced {
  readonly text: string;
  /** Outer ones before those that lie in them. */
  readonly origins: readonly Origin[];
}

// eslint-disable-next-line no-control-regex -- that is what marks are
const MARK = /\u0001(\d+)\u0002|\u0003/g;

export const opening = (origin: number): string => `\u0001${String(origin)}\u0002`;
export const CLOSING = "\u0003";

export const marked = (origin: number | undefined, text: string): string => (origin === undefined ? text : `${opening(origin)}${text}${CLOSING}`);

export const unmarked = (text: string): string => text.replace(MARK, "");

/** What the marks of a text say. */
export function traced(text: string): Traced {
  const origins: Origin[] = [];
  const open: number[] = [];
  let removed = 0;
  for (const { 0: mark, 1: statement, index } of text.matchAll(MARK)) {
    const at = index - removed;
    removed += mark.length;
    if (statement !== undefined) {
      open.push(origins.push({ statement: Number(statement), start: at, end: at }) - 1);
      continue;
    }
    const last = open.pop() ?? -1;
    const origin = origins[last];
    if (origin === undefined) throw new TypeError("a mark is closed that was not opened");
    origins[last] = { ...origin, end: at };
  }
  return { text: unmarked(text), origins };
}
