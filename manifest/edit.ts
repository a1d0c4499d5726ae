/**
 * Writes one field into the text of a manifest and leaves every other byte as it is. The reader's own events say where
 * things stand, so that what is edited is what has been checked. Whether the result means what it should is for the
 * caller to see by reading it again.
 */
import { plainValue } from "./dialect.js";
import type { Segment } from "./path.js";
import { entryOf, mergedBecause, ownMapping, sharedBecause, syntaxOf, type Entry, type Mapping, type Scalar } from "./syntax.js";
import type { YamlSource } from "./yaml.js";

/** `text` in place of what stands from `start` to `end`, offsets of the file. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export type Edit = { readonly splices: readonly Splice[] } | { readonly why: string };

export interface Field {
  /** Where the mapping that holds the field lies in the document. */
  readonly parent: readonly Segment[];
  readonly name: string;
  readonly value: boolean | number | string;
  /** Fields behind which a new one is best written, the best first. */
  readonly after: readonly string[];
}

const ELSEWHERE = "it is written in a way that is not edited here";

/** How to write the field, or why that cannot be done without changing anything else. */
export function writeField(source: YamlSource, field: Field): Edit {
  const root = syntaxOf(source);
  const found = root === undefined ? { why: ELSEWHERE } : ownMapping(root, field.parent);
  if ("why" in found) return found;
  const present = entryOf(found.node, field.name);
  const edit = present === undefined ? addTo(source.text, found.node, field) : replace(source.text, present, field.value);
  if ("why" in edit) return edit;
  return { splices: edit.splices.map(({ start, end, text }) => ({ start: source.start + start, end: source.start + end, text })) };
}

/** The text with all splices done. They do not overlap; of two at one place the first stands first. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const sorted = splices.map((splice, index) => ({ ...splice, index })).sort((one, other) => one.start - other.start || one.index - other.index);
  let done = 0;
  let result = "";
  for (const { start, end, text: written } of sorted) {
    result += text.slice(done, start) + written;
    done = end;
  }
  return result + text.slice(done);
}

function replace(text: string, { key, value }: Entry, wanted: Field["value"]): Edit {
  const shared = sharedBecause(value);
  if (shared !== undefined) return { why: shared };
  if (value.kind !== "scalar") return { why: "it holds more than a plain value" };
  if (value.isMarked) return { why: "an anchor or a tag stands before it" };
  if (value.start === -1) {
    const colon = colonAfter(text, key);
    return colon === undefined ? { why: ELSEWHERE } : { splices: [{ start: colon.end, end: colon.end, text: ` ${render(wanted, key.style)}` }] };
  }
  if (value.style === "block" || /[\r\n]/.test(text.slice(value.start, value.end))) return { why: "it is written over several lines" };
  return { splices: [{ start: value.start, end: value.end, text: render(wanted, value.style === "plain" ? key.style : value.style) }] };
}

/** The colon behind a key, with the space before it. */
function colonAfter(text: string, key: Scalar): { readonly text: string; readonly end: number } | undefined {
  const colon = /[ \t]*:/y;
  colon.lastIndex = key.end;
  const found = colon.exec(text)?.[0];
  return found === undefined ? undefined : { text: found, end: key.end + found.length };
}

/** A value in the quotes that stand around it or around its key. */
function render(value: Field["value"], style: Scalar["style"]): string {
  if (typeof value !== "string") return String(value);
  if (style === "double") return JSON.stringify(value);
  if (style === "single") return `'${value.replaceAll("'", "''")}'`;
  const isPlain = /^[A-Za-z][A-Za-z0-9._/-]*$/.test(value) && plainValue(value) === value;
  return isPlain ? value : JSON.stringify(value);
}

/** A field beside which the new one can be written: its value ends on the line that it starts on. */
interface Sibling {
  readonly key: Scalar;
  /** Where its value ends. */
  readonly end: number;
}

function addTo(text: string, mapping: Mapping, field: Field): Edit {
  const why = mergedBecause(mapping, field.name);
  if (why !== undefined) return { why };
  const siblings = [...field.after.map((name) => entryOf(mapping, name)), ...mapping.entries].filter((entry) => entry !== undefined);
  const sibling = siblings.map((entry) => siblingOf(text, entry)).find((each) => each !== undefined);
  if (mapping.isFlow) return sibling === undefined ? { why: ELSEWHERE } : addToFlow(text, sibling, field);
  return sibling === undefined ? addBefore(text, mapping, field) : addLine(text, sibling, field);
}

function siblingOf(text: string, { key, value }: Entry): Sibling | undefined {
  if ((value.kind !== "scalar" && value.kind !== "alias") || value.start === -1 || (value.kind === "scalar" && value.style === "block")) return undefined;
  return /[\r\n]/.test(text.slice(key.start, value.end)) ? undefined : { key, end: value.end };
}

const written = ({ name, value }: Field, key: Scalar, colon: string): string => `${render(name, key.style)}${colon}${render(value, key.style)}`;

/** A line of its own below the sibling's. */
function addLine(text: string, { key, end }: Sibling, field: Field): Edit {
  const indent = indentOf(text, key.start);
  const rest = restOfLine(text, end);
  if (indent === undefined || rest.text.trim() !== "") return { why: ELSEWHERE };
  return insert(rest.end, `${lineBreakAt(text, rest.end)}${indent}${written(field, key, ": ")}`);
}

/** A line of its own above the first field: none of them ends on its line. */
function addBefore(text: string, { entries: [first] }: Mapping, field: Field): Edit {
  const indent = first === undefined ? undefined : indentOf(text, first.key.start);
  if (first === undefined || indent === undefined) return { why: ELSEWHERE };
  const { start } = first.key;
  return insert(start, `${written(field, first.key, ": ")}${lineBreakAt(text, text.length)}${indent}`);
}

/** Behind the sibling, between the braces; on a line of its own where the sibling has one. */
function addToFlow(text: string, { key, end }: Sibling, field: Field): Edit {
  const indent = lineUntil(text, key.start);
  const colon = /^[ \t]*:[ \t]*/.exec(text.slice(key.end))?.[0] ?? ": ";
  const entry = written(field, key, colon);
  const rest = restOfLine(text, end);
  const isLast = rest.text.trim() === "";
  if (indent.trim() !== "" || rest.end === text.length || !(isLast || rest.text.trim() === ",")) return insert(end, `${colon.endsWith(":") ? "," : ", "}${entry}`);
  const line = `${lineBreakAt(text, rest.end)}${indent}${entry}`;
  if (!isLast) return insert(rest.end, `${line},`);
  return rest.end === end ? insert(end, `,${line}`) : { splices: [{ start: end, end, text: "," }, { start: rest.end, end: rest.end, text: line }] };
}

const insert = (start: number, text: string): Edit => ({ splices: [{ start, end: start, text }] });

/** The spaces that put a key into the column of `offset`; undefined where more than spaces and dashes stands before it. */
function indentOf(text: string, offset: number): string | undefined {
  const before = lineUntil(text, offset);
  return /^ *(?:- +)*$/.test(before) ? " ".repeat(before.length) : undefined;
}

/** The part of its line that stands before `offset`. */
function lineUntil(text: string, offset: number): string {
  let start = offset;
  while (start > 0 && text[start - 1] !== "\n" && text[start - 1] !== "\r") start--;
  return text.slice(start, offset);
}

/** What stands from `start` to the end of the line but for a comment, and where the line ends. */
function restOfLine(text: string, start: number): { readonly text: string; readonly end: number } {
  const line = /^[^\r\n]*/.exec(text.slice(start))?.[0] ?? "";
  return { text: line.replace(/(?:^|[ \t])#.*$/, ""), end: start + line.length };
}

/** The line break at `offset`; at the end of the text the one that its first line ends with. */
function lineBreakAt(text: string, offset: number): string {
  const lineBreak = /\r\n|\r|\n/;
  return /^(?:\r\n|\r|\n)/.exec(text.slice(offset, offset + 2))?.[0] ?? lineBreak.exec(text)?.[0] ?? "\n";
}
