/** Where the nodes of one YAML document stand in the text. Built only for documents that somebody asks about. */
import { COLLECTION_STYLE, constructFromEvents, EVENT_ID, getScalarValue, SCALAR_STYLE, type Event, type ScalarEvent } from "js-yaml";
import { KUBERNETES_SCHEMA, plainValue } from "./dialect.js";
import type { Segment } from "./path.js";

interface Entry {
  readonly keyOffset: number;
  readonly value: Node;
}
interface ScalarNode {
  readonly kind: "scalar";
  /** -1 for a value that is not written, as in `hostNetwork:`. */
  readonly offset: number;
  /** As the key of a mapping: the name it gives, and whether it is a merge key. */
  readonly key: () => { readonly name: string; readonly isMerge: boolean };
}
interface AliasNode {
  readonly kind: "alias";
  readonly offset: number;
  readonly target: Node;
}
export interface ListNode {
  readonly kind: "list";
  readonly offset: number;
  readonly isBlock: boolean;
  readonly items: Node[];
}
export interface MappingNode {
  readonly kind: "mapping";
  readonly offset: number;
  readonly isBlock: boolean;
  /** By name, with what merge keys bring in. */
  readonly entries: Map<string, Entry>;
}
export type Node = ScalarNode | AliasNode | ListNode | MappingNode;

/** A merge key that overrides a name written before it. */
export interface OverridingMerge {
  readonly offset: number;
  readonly name: string;
}

interface Frame {
  readonly node: ListNode | MappingNode;
  key: Node | undefined;
}

/**
 * @param events of one document, which is valid: constructFromEvents has accepted it
 * @returns the root, and the first merge key that overrides a name written before it. Readers disagree about
 * such a key: go-yaml v2 (kubectl) lets the merge key win, go-yaml v3 (kustomize) and js-yaml the name.
 */
export function buildTree(text: string, events: readonly Event[]): { readonly root: Node; readonly overriding: OverridingMerge | undefined } {
  let overriding: OverridingMerge | undefined;
  const anchors = new Map<string, Node>();
  const frames: Frame[] = [];
  let root: Node = { kind: "mapping", offset: 0, isBlock: true, entries: new Map() };
  const add = (node: Node): void => {
    const frame = frames.at(-1);
    if (frame === undefined) root = node;
    else if (frame.node.kind === "list") frame.node.items.push(node);
    else if (frame.key === undefined) frame.key = node;
    else {
      const target = resolveAlias(frame.key);
      const { name, isMerge } = target.kind === "scalar" ? target.key() : { name: "", isMerge: false };
      const entry = { keyOffset: frame.key.offset, value: node };
      const overridden = isMerge ? merge(frame.node.entries, node) : undefined;
      if (!isMerge) frame.node.entries.set(name, entry);
      else if (overridden !== undefined) overriding ??= { offset: entry.keyOffset, name: overridden };
      frame.key = undefined;
    }
  };
  const remember = (event: { anchorStart: number; anchorEnd: number }, node: Node): void => {
    if (event.anchorStart !== -1) anchors.set(text.slice(event.anchorStart, event.anchorEnd), node);
  };
  for (const event of events) {
    switch (event.type) {
      case EVENT_ID.SCALAR: {
        const node: Node = { kind: "scalar", offset: scalarOffset(text, event), key: () => keyOf(text, events[0], event) };
        remember(event, node);
        add(node);
        break;
      }
      case EVENT_ID.ALIAS: {
        const target = anchors.get(text.slice(event.anchorStart, event.anchorEnd));
        if (target !== undefined) add({ kind: "alias", offset: event.anchorStart - 1, target });
        break;
      }
      case EVENT_ID.SEQUENCE:
      case EVENT_ID.MAPPING: {
        const place = { offset: event.start, isBlock: event.style === COLLECTION_STYLE.BLOCK };
        const node: ListNode | MappingNode =
          event.type === EVENT_ID.SEQUENCE ? { kind: "list", ...place, items: [] } : { kind: "mapping", ...place, entries: new Map() };
        remember(event, node);
        frames.push({ node, key: undefined });
        break;
      }
      case EVENT_ID.POP: {
        const frame = frames.pop();
        if (frame !== undefined) add(frame.node);
        break;
      }
      case EVENT_ID.DOCUMENT:
        break;
    }
  }
  return { root, overriding };
}

/**
 * Offset of the value at `path`, or of its nearest ancestor where there is none.
 *
 * A value on one line (scalar, alias, `[…]`, `{…}`) stands where it starts; a block of several lines, and
 * a value left empty, stand at their key, or as element of a list at their first line. What an alias or a merge key
 * brings in stands where it is written, beside the anchor: that is the line to change.
 */
export function locate(root: Node, path: readonly Segment[]): number {
  let node = root;
  let keyOffset = root.offset;
  for (const segment of path) {
    const container = resolveAlias(node);
    if (container.kind === "list" && typeof segment === "number") {
      const item = container.items[segment];
      if (item === undefined) return keyOffset;
      node = item;
      keyOffset = item.offset === -1 ? keyOffset : item.offset;
      continue;
    }
    const entry = container.kind === "mapping" ? container.entries.get(String(segment)) : undefined;
    if (entry === undefined) return keyOffset;
    node = entry.value;
    keyOffset = entry.keyOffset;
  }
  const isBlock = (node.kind === "list" || node.kind === "mapping") && node.isBlock;
  return isBlock || node.offset === -1 ? keyOffset : node.offset;
}

/** Adds what `value` of a merge key brings in. Of several mappings the first wins. Returns a name that was there before. */
function merge(entries: Map<string, Entry>, value: Node): string | undefined {
  const written = new Set(entries.keys());
  let overridden: string | undefined;
  const target = resolveAlias(value);
  for (const item of target.kind === "list" ? target.items : [target]) {
    const source = resolveAlias(item);
    for (const [name, entry] of source.kind === "mapping" ? source.entries : []) {
      if (written.has(name)) overridden ??= name;
      else if (!entries.has(name)) entries.set(name, entry);
    }
  }
  return overridden;
}

function resolveAlias(node: Node): Exclude<Node, AliasNode> {
  let target = node;
  while (target.kind === "alias") target = target.target;
  return target;
}

function scalarOffset(text: string, event: ScalarEvent): number {
  switch (event.style) {
    case SCALAR_STYLE.PLAIN:
      return event.valueStart;
    case SCALAR_STYLE.SINGLE_QUOTED:
    case SCALAR_STYLE.DOUBLE_QUOTED:
      return event.valueStart - 1;
    case SCALAR_STYLE.LITERAL_BLOCK:
    case SCALAR_STYLE.FOLDED_BLOCK:
      // The event starts on the line after `|`; a person looks for the first text.
      return event.valueStart + Math.max(0, text.slice(event.valueStart, event.valueEnd).search(/\S/));
  }
}

/** A key is read like any scalar and then written as a text: `on:` is the name `true`, `0644:` is `420`. */
export function keyOf(text: string, documentEvent: Event | undefined, event: ScalarEvent): { name: string; isMerge: boolean } {
  const raw = getScalarValue(text, event);
  if (event.tagStart === -1) {
    if (event.style !== SCALAR_STYLE.PLAIN) return { name: raw, isMerge: false };
    return raw === "<<" ? { name: raw, isMerge: true } : { name: String(plainValue(raw)), isMerge: false };
  }
  if (documentEvent === undefined) return { name: raw, isMerge: false };
  const [value] = constructFromEvents([documentEvent, event, { type: EVENT_ID.POP }], { source: text, schema: KUBERNETES_SCHEMA });
  return { name: String(value), isMerge: false };
}
