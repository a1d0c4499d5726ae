/** Splits a text into YAML documents and reads each as a Kubernetes client does. */
import { CHOMPING_MODE, constructFromEvents, EVENT_ID, parseEvents, SCALAR_STYLE, YAMLException, type Event } from "js-yaml";
import { KUBERNETES_SCHEMA } from "./dialect.js";
import type { Segment } from "./path.js";
import { splitJsonObjects, type Part } from "./json-stream.js";
import { isMapping } from "./mapping.js";
import { plainTree, readPlain } from "./plain.js";
import { findHiddenCharacter, findTrap } from "./traps.js";
import { buildTree, locate, type Node } from "./tree.js";
import { namesKind } from "./unknown-kind.js";

/** Levels of mappings and lists, also through aliases. The deepest CustomResourceDefinitions known have about 60. */
export const MAX_DEPTH = 250;
/** Values of a document that uses aliases, each counted as often as it is used. An object of the API has at most 3 MiB. */
export const MAX_VALUES = 200_000;

export interface YamlDocument {
  /** Plain data; null for an empty document. Aliases are shared objects, so change a copy only. */
  readonly value: unknown;
  /** Offset in the text of the value at `path`, see `locate` in tree.ts. */
  readonly offset: (path: readonly Segment[]) => number;
  /** What the parser makes of the document. */
  readonly source: () => YamlSource;
}

/** The events of one document. */
export interface YamlSource {
  /** A part of the file, to which the offsets of the events belong. */
  readonly text: string;
  /** Where that part starts in the file. */
  readonly start: number;
  readonly events: readonly Event[];
}

export interface YamlError {
  readonly offset: number;
  readonly message: string;
  /** What cannot be read are the tags of another program, in a document that is no object of Kubernetes. */
  readonly isForeign?: true;
}

/** What can be read of a text. */
export interface YamlText {
  readonly documents: YamlDocument[];
  /** One for each document that cannot be read. */
  readonly errors: YamlError[];
}

/** Reads the documents that are plain fast, and what stands between them with `parseAnyYaml`. */
export function parseYaml(text: string): YamlText {
  // A directive may stand behind the end of a document, but belongs to the next.
  if (/^%/m.test(text)) return parseAnyYaml(text, 0);
  const all: YamlText = { documents: [], errors: [] };
  let done = 0;
  const readUntil = (end: number): void => {
    if (done === end) return;
    const { documents, errors } = parseAnyYaml(text.slice(done, end), done);
    for (const document of documents) all.documents.push(document); // a spread of very many overflows the stack
    for (const error of errors) all.errors.push(error);
    done = end;
  };
  for (const { text: document, start } of splitDocuments(text)) {
    const value = readPlain(document);
    if (value === undefined) continue;
    readUntil(start);
    let root: Node | undefined;
    all.documents.push({
      value,
      offset: (path) => ((root ??= plainTree(document)) === undefined ? start : start + locate(root, path)),
      source: () => ({ text: document, start, events: parseEvents(document, { maxDepth: MAX_DEPTH }) }),
    });
    done = start + document.length;
  }
  readUntil(text.length);
  return all;
}

/** @param start where the text stands in its file */
export function parseAnyYaml(text: string, start: number): YamlText {
  const documents: YamlDocument[] = [];
  const errors: YamlError[] = [];
  const whole = readEvents(text);
  // One syntax error ends the parser's work, so a text that has one is read document by document.
  const parts = whole.error === undefined ? [{ text, start, ...whole }] : splitBroken(text).map((part) => ({ text: part.text, start: start + part.start, ...readEvents(part.text) }));
  for (const part of parts) {
    if (part.error !== undefined) errors.push({ offset: part.start + part.error.offset, message: withTemplate(part.error.message, part.text) });
    const values = constructAll(part.text, part.events);
    for (const [index, span] of documentsOf(part.text, part.events).entries()) {
      if (values !== undefined && span.isOrdinary) {
        documents.push({ value: values[index], offset: offsetsIn(part, span), source: () => ({ text: part.text, start: part.start, events: part.events.slice(span.from, span.to) }) });
        continue;
      }
      const known = values === undefined ? undefined : { value: values[index] };
      const document = readDocument(part.text, part.start, part.events.slice(span.from, span.to), known);
      if ("message" in document) errors.push(document);
      else documents.push(document);
    }
  }
  return { documents, errors };
}

function readEvents(text: string): { readonly events: Event[]; readonly error?: YamlError } {
  const hidden = findHiddenCharacter(text);
  if (hidden !== undefined) return { events: [], error: hidden };
  try {
    return { events: trimLastBlock(text, parseEvents(text, { maxDepth: MAX_DEPTH })) };
  } catch (error) {
    return { events: [], error: toYamlError(error, 0) };
  }
}

/** A block scalar that ends with the text, without a line break, has none: js-yaml would add one. */
function trimLastBlock(text: string, events: Event[]): Event[] {
  const end = text.trimEnd().length;
  if (/[\r\n]/.test(text.slice(end))) return events;
  return events.map((event) =>
    event.type === EVENT_ID.SCALAR && event.valueEnd >= end && event.style >= SCALAR_STYLE.LITERAL_BLOCK
      ? { ...event, chomping: CHOMPING_MODE.STRIP }
      : event,
  );
}

/** A line that starts with `---` ends a document wherever it stands, also inside a block scalar or quotes. */
function splitDocuments(text: string): Part[] {
  const parts: Part[] = [];
  let start = 0;
  for (const match of text.matchAll(/^---(?=[ \t\r\n]|$)/gm)) {
    const before = text.slice(start, match.index);
    if (hasOnlyDirectives(before)) continue; // they belong to the document that follows
    parts.push({ text: before, start });
    start = match.index;
  }
  return [...parts, { text: text.slice(start), start }];
}

function splitBroken(text: string): Part[] {
  return splitDocuments(text).flatMap((document) => splitJsonObjects(document.text).map((part) => ({ text: part.text, start: document.start + part.start })));
}

function hasOnlyDirectives(text: string): boolean {
  return text.startsWith("%") && text.split(/\r\n|\r|\n/).every((line) => /^\s*(?:[%#]|$)/.test(line));
}

/** The events of one document. */
interface Span {
  readonly from: number;
  to: number;
  /** It has nothing that needs a second look: no anchor, alias, tag, merge key, nor a text that starts like a key. */
  isOrdinary: boolean;
}

function documentsOf(text: string, events: readonly Event[]): Span[] {
  const spans: Span[] = [];
  let span: Span | undefined;
  // By index: an iterator makes a pair for each of a hundred thousand events.
  for (let index = 0; index < events.length; index++) {
    const event = events[index];
    if (event?.type === EVENT_ID.DOCUMENT) {
      if (span !== undefined) span.to = index;
      span = { from: index, to: events.length, isOrdinary: true };
      spans.push(span);
    } else if (span !== undefined && event !== undefined && !isOrdinary(text, event)) span.isOrdinary = false;
  }
  return spans;
}

/** Whether an event is of no interest to `readDocument`, beyond the value that it is a part of. */
function isOrdinary(text: string, event: Event): boolean {
  switch (event.type) {
    case EVENT_ID.POP:
      return true;
    case EVENT_ID.SEQUENCE:
    case EVENT_ID.MAPPING:
      return event.anchorStart === -1 && event.tagStart === -1;
    case EVENT_ID.SCALAR: {
      if (event.anchorStart !== -1 || event.tagStart !== -1) return false;
      if (event.style !== SCALAR_STYLE.PLAIN || event.valueStart === -1) return true;
      const first = text.charCodeAt(event.valueStart);
      return first !== QUESTION_MARK && first !== LESS_THAN;
    }
    case EVENT_ID.DOCUMENT:
    case EVENT_ID.ALIAS:
      return false;
  }
}

const QUESTION_MARK = "?".charCodeAt(0);
const LESS_THAN = "<".charCodeAt(0);

/** The tree is built when the first position is asked for. */
function offsetsIn({ text, start, events }: { text: string; start: number; events: readonly Event[] }, { from, to }: Span): YamlDocument["offset"] {
  let root: Node | undefined;
  return (path) => start + Math.max(0, locate((root ??= buildTree(text, events.slice(from, to)).root), path));
}

/** The values of all documents; undefined if one of them has none. One call for all is far cheaper than a call for each. */
function constructAll(text: string, events: Event[]): readonly unknown[] | undefined {
  try {
    return constructFromEvents(events, { source: text, schema: KUBERNETES_SCHEMA });
  } catch {
    return undefined; // readDocument finds out which one, and why
  }
}

/** @param known the value, where it has been constructed already */
function readDocument(text: string, start: number, events: Event[], known: { readonly value: unknown } | undefined): YamlDocument | YamlError {
  const root = offsetOf(events[1]);
  let tree: ReturnType<typeof buildTree> | undefined;
  const getTree = (): ReturnType<typeof buildTree> => (tree ??= buildTree(text, events));
  try {
    const trap = findTrap(text, events);
    if (trap !== undefined) return { ...trap, offset: start + trap.offset };
    const value = known === undefined ? constructFromEvents(events, { source: text, schema: KUBERNETES_SCHEMA })[0] : known.value;
    const alias = events.find((event) => event.type === EVENT_ID.ALIAS);
    const problem = alias === undefined ? undefined : measure(value);
    if (problem !== undefined) return { offset: start + offsetOf(alias), message: problem };
    const merge = hasMergeKeys(text, events) ? getTree().overriding : undefined;
    if (merge !== undefined) {
      return { offset: start + merge.offset, message: `this merge key overrides \`${merge.name}\` for kubectl, but not for kustomize; write << first` };
    }
    return { value, offset: (path) => start + Math.max(0, locate(getTree().root, path)), source: () => ({ text, start, events }) };
  } catch (error) {
    const problem = toYamlError(error, root);
    if (problem.message.startsWith("unknown ") && isForeign(text, start, events)) return { offset: start + problem.offset, message: problem.message, isForeign: true };
    // js-yaml has no place for this one.
    if (problem.message === COMPLEX_KEY) return { ...problem, offset: start + Math.max(root, text.indexOf("{{", root)) };
    return { ...problem, offset: start + problem.offset };
  }
}

/** Whether a document is no object of Kubernetes once its tags are taken away, such as CloudFormation's `!Ref`. */
function isForeign(text: string, start: number, events: readonly Event[]): boolean {
  const untagged = events.map((event) => ("tagStart" in event ? { ...event, tagStart: -1, tagEnd: -1 } : event));
  const document = readDocument(text, start, untagged, undefined);
  return "value" in document && isMapping(document.value) && !namesKind(document.value) && !Object.hasOwn(document.value, "items");
}

const hasMergeKeys = (text: string, events: readonly Event[]): boolean =>
  events.some((event) => event.type === EVENT_ID.SCALAR && event.style === SCALAR_STYLE.PLAIN && text.startsWith("<<", event.valueStart));

/** What is wrong with the size of a value that uses aliases: a few lines of them can stand for billions of values. */
function measure(root: unknown): string | undefined {
  const sizes = new Map<object, { values: number; depth: number }>();
  const open = new Set<object>();
  const tooDeep = `aliases nest deeper than ${String(MAX_DEPTH)} levels`;
  const size = (value: unknown, level: number): { values: number; depth: number } | string => {
    if (level > MAX_DEPTH) return tooDeep;
    if (value === null || typeof value !== "object") return { values: 1, depth: 0 };
    const known = sizes.get(value);
    if (known !== undefined) return known;
    if (open.has(value)) return "an anchor contains an alias of itself";
    open.add(value);
    const total = { values: 1, depth: 1 };
    for (const child of Object.values(value)) {
      const measured = size(child, level + 1);
      if (typeof measured === "string") return measured;
      total.values += measured.values;
      total.depth = Math.max(total.depth, measured.depth + 1);
    }
    open.delete(value);
    sizes.set(value, total);
    if (total.depth > MAX_DEPTH) return tooDeep;
    if (total.values > MAX_VALUES) return `aliases expand to more than ${String(MAX_VALUES)} values`;
    return total;
  };
  const total = size(root, 0);
  return typeof total === "string" ? total : undefined;
}

const RENDER = "render templates such as {{ … }} first";
const COMPLEX_KEY = `a key is a mapping or a list; ${RENDER}`;

/** What a parser says of a template helps nobody. */
const withTemplate = (message: string, text: string): string => (text.includes("{{") && !message.endsWith(RENDER) ? `${message}; ${RENDER}` : message);
const PLAIN_WORDS: readonly (readonly [RegExp, string])[] = [
  [/^duplicated mapping key$/, "this key is written twice in one mapping"],
  [/^object-based map does not support complex keys$/, COMPLEX_KEY],
  [/^nesting exceeded maxDepth.*/, `the document nests deeper than ${String(MAX_DEPTH)} levels`],
];

function toYamlError(error: unknown, fallbackOffset: number): YamlError {
  if (!(error instanceof YAMLException)) return { offset: fallbackOffset, message: `cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  const reason = PLAIN_WORDS.find(([pattern]) => pattern.test(error.reason))?.[1] ?? error.reason;
  return { offset: error.mark?.position ?? fallbackOffset, message: reason };
}

function offsetOf(event: Event | undefined): number {
  if (event === undefined) return 0;
  if ("valueStart" in event) return Math.max(0, event.valueStart);
  if ("start" in event) return event.start;
  return "anchorStart" in event ? event.anchorStart - 1 : 0;
}
