/**
 * Spellings that Kubernetes (go-yaml v2, YAML 1.1) reads differently from js-yaml (YAML 1.2), found by comparing
 * the two on a million mutated manifests. A key could hide behind each of them, so each is an error.
 */
import { COLLECTION_STYLE, EVENT_ID, SCALAR_STYLE, type Event } from "js-yaml";

export interface Trap {
  readonly offset: number;
  readonly message: string;
}

/**
 * Line breaks to YAML 1.1, but not to YAML 1.2; and a byte order mark, which Kubernetes skips at the start of any line.
 */
const HIDDEN = /[\u0085\u2028\u2029]|(?!^)\uFEFF/;

/** What an anchor's name may be in YAML 1.1: it ends at any other character, where YAML 1.2 reads on. */
const ANCHOR = /^[0-9A-Za-z_-]+$/;

export function findHiddenCharacter(text: string): Trap | undefined {
  const hidden = HIDDEN.exec(text);
  if (hidden === null) return undefined;
  const code = hidden[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
  return {
    offset: hidden.index,
    message: `the invisible character U+${code} means something else to Kubernetes than to other readers; remove it or write "\\u${code}"`,
  };
}

export function findTrap(text: string, events: readonly Event[]): Trap | undefined {
  for (const [index, event] of events.entries()) {
    if ("anchorStart" in event && event.anchorStart !== -1 && !ANCHOR.test(text.slice(event.anchorStart, event.anchorEnd))) {
      return { offset: event.anchorStart - 1, message: "the name of an anchor may have letters, digits, - and _ only" };
    }
    if (event.type !== EVENT_ID.SCALAR || event.style !== SCALAR_STYLE.PLAIN) continue;
    if (event.tagStart !== -1 && text.slice(event.valueStart, event.valueEnd) === "<<") {
      return { offset: event.tagStart, message: "a tag before << does not stop Kubernetes from merging; remove the tag or put << in quotes" };
    }
    // `{?hostPID: true}` sets hostPID in YAML 1.1. Outside braces and brackets, `?*` is a text for both.
    if (event.valueStart !== -1 && text[event.valueStart] === "?" && isInFlow(events, index)) {
      return { offset: event.valueStart, message: "a text that starts with ? between braces or brackets is a key to Kubernetes; put it in quotes" };
    }
  }
  return undefined;
}

/** Whether the event at `index` lies between braces or brackets. */
function isInFlow(events: readonly Event[], index: number): boolean {
  const open: boolean[] = [];
  for (const event of events.slice(0, index)) {
    if (event.type === EVENT_ID.SEQUENCE || event.type === EVENT_ID.MAPPING) open.push(event.style === COLLECTION_STYLE.FLOW);
    else if (event.type === EVENT_ID.DOCUMENT) open.push(false);
    else if (event.type === EVENT_ID.POP) open.pop();
  }
  return open.includes(true);
}
