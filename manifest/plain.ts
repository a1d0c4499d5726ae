/**
 * A fast reader for the YAML that most manifests are written in: block mappings and lists, plain texts on one line, quotes
 * without escapes, comments. It gives up on everything else, and on whatever is wrong; the real reader then has the word.
 * plain.test.ts holds what it does read equal to that one.
 */
import { plainValue } from "./dialect.js";
import type { ListNode, MappingNode, Node } from "./tree.js";

/** What the reader makes of a document. */
interface Builder<Made, List extends Made, Mapping extends Made> {
  readonly list: (offset: number) => List;
  readonly push: (list: List, item: Made) => void;
  readonly mapping: (offset: number) => Mapping;
  readonly has: (mapping: Mapping, key: string) => boolean;
  readonly put: (mapping: Mapping, key: string, offset: number, value: Made) => void;
  /** `{}` and `[]`. */
  readonly empty: (written: "{}" | "[]", offset: number) => Made;
  /** @param offset -1 for a value that is not written */
  readonly scalar: (value: unknown, offset: number) => Made;
}

/** Levels of mappings and lists; deeper documents are for the real reader, which has the limit. */
const MAX_LEVELS = 100;

const NOT_PLAIN = /[^\n\x20-\x7e]/;
const MARKER = /^---(?: +#.*| *)(?:\n|$)/;
/** Labels and annotations have the longest keys, of 317 characters at most; YAML ends at 1024. */
const KEY = /([A-Za-z_][A-Za-z0-9_./-]{0,400}):(?: +|$)/my;
const QUOTED = /^(?:"[^"\\]*"|'[^']*')$/;
const PLAIN_START = /^(?:[A-Za-z0-9_./$(+]|<(?!<)|-[^ ])/;

/** Thrown where the reader gives up: one for all, since a stack for each would take longer than the reading. */
const UNSURE = new Error("not plain YAML");

type Fields = Record<string, unknown>;

const values: Builder<unknown, unknown[], Fields> = {
  list: () => [],
  push: (list, item) => list.push(item),
  mapping: () => ({}),
  has: (mapping, key) => Object.hasOwn(mapping, key),
  put: (mapping, key, _, value) => {
    mapping[key] = value;
  },
  empty: (written) => (written === "{}" ? {} : []),
  scalar: (value) => value,
};

const nodes: Builder<Node, ListNode, MappingNode> = {
  list: (offset) => ({ kind: "list", offset, isBlock: true, items: [] }),
  push: (list, item) => list.items.push(item),
  mapping: (offset) => ({ kind: "mapping", offset, isBlock: true, entries: new Map() }),
  has: (mapping, key) => mapping.entries.has(key),
  put: (mapping, key, keyOffset, value) => void mapping.entries.set(key, { keyOffset, value }),
  empty: (written, offset) => (written === "{}" ? { kind: "mapping", offset, isBlock: false, entries: new Map() } : { kind: "list", offset, isBlock: false, items: [] }),
  scalar: (_, offset) => ({ kind: "scalar", offset, key: () => ({ name: "", isMerge: false }) }), // none of them is a key
};

/** @returns the mapping that a document holds; undefined if the text is not that plain */
export function readPlain(document: string): Readonly<Fields> | undefined {
  return read(document, values);
}

/** @returns where the values of such a document stand, see tree.ts; undefined if it is none */
export function plainTree(document: string): Node | undefined {
  return read(document, nodes);
}

function read<Made, List extends Made, Mapping extends Made>(document: string, make: Builder<Made, List, Mapping>): Mapping | undefined {
  if (NOT_PLAIN.test(document)) return undefined;
  try {
    return new PlainReader(document, make).document();
  } catch {
    return undefined; // also where a value is an error: the real reader says which
  }
}

class PlainReader<Made, List extends Made, Mapping extends Made> {
  /** Column of the first character of the current line that counts; -1 at the end of the text. */
  private indent = -1;
  /** Where that character stands, where its line ends without trailing spaces, and where the next one starts. */
  private start = 0;
  private stop = 0;
  private next: number;
  private levels = 0;

  constructor(
    private readonly text: string,
    private readonly make: Builder<Made, List, Mapping>,
  ) {
    this.next = MARKER.exec(text)?.[0].length ?? 0;
  }

  document(): Mapping {
    if (this.advance() !== 0) throw UNSURE;
    const mapping = this.mapping(0);
    if (this.start !== this.text.length) throw UNSURE;
    return mapping;
  }

  /** Goes to the next line with more than a comment on it; gives its indentation. */
  private advance(): number {
    const { text } = this;
    while (this.next < text.length) {
      const line = this.next;
      const end = text.indexOf("\n", line);
      this.stop = end === -1 ? text.length : end;
      this.next = this.stop + 1;
      let start = line;
      while (start < this.stop && text.charCodeAt(start) === SPACE) start++;
      if (start === this.stop || text.charCodeAt(start) === HASH) continue;
      while (text.charCodeAt(this.stop - 1) === SPACE) this.stop--;
      this.start = start;
      return (this.indent = start - line);
    }
    this.start = this.stop = text.length;
    return (this.indent = -1);
  }

  private mapping(indent: number): Mapping {
    if (++this.levels > MAX_LEVELS) throw UNSURE;
    const { text, make } = this;
    const mapping = make.mapping(this.start);
    do {
      const offset = this.start;
      KEY.lastIndex = offset;
      const key = KEY.exec(text)?.[1];
      if (key === undefined || key === "__proto__" || make.has(mapping, key) || plainValue(key) !== key) throw UNSURE;
      const value = KEY.lastIndex;
      const isWritten = value < this.stop && text.charCodeAt(value) !== HASH;
      make.put(mapping, key, offset, isWritten ? this.scalar(value) : this.below(indent));
    } while (this.continues(indent));
    this.levels--;
    return mapping;
  }

  private list(indent: number): List {
    if (++this.levels > MAX_LEVELS) throw UNSURE;
    const list = this.make.list(this.start);
    do {
      if (!this.isItem()) break; // the key after a list that stands no deeper than its own key
      let start = this.start + 1;
      while (this.text.charCodeAt(start) === SPACE) start++;
      // What follows the dash stands in its own column, as if the dash were a space.
      const column = indent + start - this.start;
      this.start = KEY.lastIndex = start;
      this.make.push(list, KEY.test(this.text) ? this.mapping(column) : this.scalar(start));
    } while (this.continues(indent));
    this.levels--;
    return list;
  }

  /** The value of a key with nothing beside it. */
  private below(indent: number): Made {
    const column = this.advance();
    if (column > indent) return this.isItem() ? this.list(column) : this.mapping(column);
    return column === indent && this.isItem() ? this.list(column) : this.make.scalar(null, -1);
  }

  /** Whether the current line is the next one at `indent`. One that is deeper goes on with a text, or is wrong. */
  private continues(indent: number): boolean {
    if (this.indent > indent) throw UNSURE;
    return this.indent === indent;
  }

  private isItem(): boolean {
    const { text, start } = this;
    return text.charCodeAt(start) === DASH && text.charCodeAt(start + 1) === SPACE && start + 1 < this.stop;
  }

  /** The value that the current line ends with; goes to the next. */
  private scalar(offset: number): Made {
    const written = this.text.slice(offset, this.stop);
    this.advance();
    if (written === "{}" || written === "[]") return this.make.empty(written, offset);
    if (QUOTED.test(written)) return this.make.scalar(written.slice(1, -1), offset);
    const comment = written.indexOf(" #");
    const plain = comment === -1 ? written : written.slice(0, comment).trimEnd();
    if (!PLAIN_START.test(plain) || plain.includes(": ") || plain.endsWith(":")) throw UNSURE;
    return this.make.scalar(plainValue(plain), offset);
  }
}

const [SPACE, HASH, DASH] = [0x20, 0x23, 0x2d];
