/** One YAML document as it is written: aliases and merge keys stand where they stand, and every node knows its extent. */
import { COLLECTION_STYLE, EVENT_ID, SCALAR_STYLE, type Event, type ScalarEvent } from "js-yaml";
import type { Segment } from "./path.js";
import { keyOf } from "./tree.js";
import type { YamlSource } from "./yaml.js";

interface Written {
  readonly start: number;
  /** An anchor names it, and an alias uses it: it stands in several places. */
  isShared: boolean;
  /** An anchor or a tag stands before it. */
  readonly isMarked: boolean;
}
export interface Scalar extends Written {
  readonly kind: "scalar";
  /** With its quotes; `start` and `end` are -1 for a value that is not written. */
  readonly end: number;
  readonly style: "plain" | "single" | "double" | "block";
  readonly event: ScalarEvent;
}
export interface Alias extends Written {
  readonly kind: "alias";
  readonly end: number;
  readonly target: Syntax;
}
export interface List extends Written {
  readonly kind: "list";
  readonly items: Syntax[];
}
export interface Mapping extends Written {
  readonly kind: "mapping";
  readonly isFlow: boolean;
  readonly entries: Entry[];
}
export interface Entry {
  readonly name: string;
  readonly isMerge: boolean;
  readonly key: Scalar;
  readonly value: Syntax;
}
export type Syntax = Scalar | Alias | List | Mapping;

/** @param source of a document that has been read: its events are complete, its aliases known */
export function syntaxOf({ text, events }: YamlSource): Syntax | undefined {
  const anchors = new Map<string, Syntax>();
  const open: { readonly node: List | Mapping; key: Syntax | undefined }[] = [];
  let root: Syntax | undefined;
  const add = (node: Syntax): void => {
    const holder = open.at(-1);
    if (holder === undefined) root = node;
    else if (holder.node.kind === "list") holder.node.items.push(node);
    else if (holder.key === undefined) holder.key = node;
    else {
      // A key that is an alias is no place to write at; it gets no name that a path could have.
      if (holder.key.kind === "scalar") holder.node.entries.push({ ...keyOf(text, events[0], holder.key.event), key: holder.key, value: node });
      holder.key = undefined;
    }
  };
  const named = (event: Event, node: Syntax): Syntax => {
    if ("anchorStart" in event && event.anchorStart !== -1) anchors.set(text.slice(event.anchorStart, event.anchorEnd), node);
    return node;
  };
  for (const event of events) {
    switch (event.type) {
      case EVENT_ID.SCALAR:
        add(named(event, scalarOf(event)));
        break;
      case EVENT_ID.ALIAS: {
        const target = anchors.get(text.slice(event.anchorStart, event.anchorEnd));
        if (target === undefined) return undefined;
        target.isShared = true;
        add({ kind: "alias", start: event.anchorStart - 1, end: event.anchorEnd, isShared: false, isMarked: false, target });
        break;
      }
      case EVENT_ID.SEQUENCE:
      case EVENT_ID.MAPPING: {
        const written = { start: event.start, isShared: false, isMarked: isMarked(event) };
        const node: List | Mapping =
          event.type === EVENT_ID.SEQUENCE ? { kind: "list", ...written, items: [] } : { kind: "mapping", ...written, isFlow: event.style === COLLECTION_STYLE.FLOW, entries: [] };
        named(event, node);
        open.push({ node, key: undefined });
        break;
      }
      case EVENT_ID.POP: {
        const closed = open.pop();
        if (closed !== undefined) add(closed.node);
        break;
      }
      case EVENT_ID.DOCUMENT:
        break;
    }
  }
  return root;
}

const isMarked = (event: { readonly anchorStart: number; readonly tagStart: number }): boolean => event.anchorStart !== -1 || event.tagStart !== -1;

function scalarOf(event: ScalarEvent): Scalar {
  const { valueStart, valueEnd } = event;
  const common = { kind: "scalar", event, isShared: false, isMarked: isMarked(event) } as const;
  switch (event.style) {
    case SCALAR_STYLE.PLAIN:
      return { ...common, style: "plain", start: valueStart, end: valueEnd };
    case SCALAR_STYLE.SINGLE_QUOTED:
      return { ...common, style: "single", start: valueStart - 1, end: valueEnd + 1 };
    case SCALAR_STYLE.DOUBLE_QUOTED:
      return { ...common, style: "double", start: valueStart - 1, end: valueEnd + 1 };
    case SCALAR_STYLE.LITERAL_BLOCK:
    case SCALAR_STYLE.FOLDED_BLOCK:
      return { ...common, style: "block", start: valueStart, end: valueEnd };
  }
}

/** A node that only one place of the document uses, or why there is none. */
export type Found<Node> = { readonly node: Node } | { readonly why: string };

const SHARED = "an anchor shares it with other places of the file";
const ALIAS = "an alias brings it in, so that other places share it";
const MERGED = "a merge key brings it in, so that other places share it";

/** The mapping at `path`, where changing it changes nothing else. */
export function ownMapping(root: Syntax, path: readonly Segment[]): Found<Mapping> {
  let node = root;
  for (const segment of path) {
    const why = sharedBecause(node);
    if (why !== undefined) return { why };
    const entry = node.kind === "mapping" ? entryOf(node, String(segment)) : undefined;
    const below = node.kind === "list" ? node.items[Number(segment)] : entry?.value;
    if (below === undefined) return { why: node.kind === "mapping" && mergesIn(node, String(segment)) ? MERGED : `there is no \`${String(segment)}\` to write it into` };
    node = below;
  }
  const why = sharedBecause(node);
  if (why !== undefined) return { why };
  return node.kind === "mapping" ? { node } : { why: "there is no mapping to write it into" };
}

/** Why a node is not the only place of what it holds. */
export function sharedBecause(node: Syntax): string | undefined {
  if (node.kind === "alias") return ALIAS;
  return node.isShared ? SHARED : undefined;
}

/** Why a field that a mapping does not write itself cannot be added to it. */
export function mergedBecause(mapping: Mapping, name: string): string | undefined {
  return mergesIn(mapping, name) ? MERGED : undefined;
}

export function entryOf(mapping: Mapping, name: string): Entry | undefined {
  return mapping.entries.find((entry) => !entry.isMerge && entry.name === name);
}

/** Whether a merge key of the mapping brings in the name. */
function mergesIn(mapping: Mapping, name: string): boolean {
  return mapping.entries.filter((entry) => entry.isMerge).some(({ value }) => {
    const merged = resolved(value);
    const sources = merged.kind === "list" ? merged.items.map(resolved) : [merged];
    return sources.some((source) => source.kind === "mapping" && (entryOf(source, name) !== undefined || mergesIn(source, name)));
  });
}

function resolved(node: Syntax): Exclude<Syntax, Alias> {
  let target = node;
  while (target.kind === "alias") target = target.target;
  return target;
}
