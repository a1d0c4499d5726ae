/** Records that are read field by field, when a rule asks for one: most rules ask for few fields of most objects. */
import { locate, type Locator } from "../policies/kit/rule.js";

/** Reads a field of a record from what the record is read from, where that lies, and the name of the list that it is in. */
export type Reader = (raw: unknown, path: string, source: string) => unknown;

/** Makes a record; see `Reader`. */
export type MakeRecord = (raw: unknown, path: string, source: string) => object;

/** A class, because getters of a prototype cost nothing until they are asked. */
class LazyRecord {
  readonly #raw: unknown;
  readonly #path: string;
  readonly #source: string;
  readonly #known: unknown[] = [];

  constructor(raw: unknown, path: string, source: string) {
    this.#raw = raw;
    this.#path = path;
    this.#source = source;
  }

  static with(fields: readonly (readonly [name: string, read: Reader])[], placeOf: (name: string | undefined, path: string) => string): typeof LazyRecord {
    const made = class extends LazyRecord {};
    for (const [index, [name, read]] of fields.entries()) {
      Object.defineProperty(made.prototype, name, {
        enumerable: true,
        get(this: LazyRecord) {
          return (this.#known[index] ??= read(this.#raw, this.#path, this.#source));
        },
      });
    }
    Object.defineProperty(made.prototype, locate, {
      get(this: LazyRecord): Locator {
        return (name) => placeOf(name, this.#path);
      },
    });
    return made;
  }
}

/**
 * @param fields none of which is ever undefined or null
 * @param placeOf the path of a field of the record that lies at `path`; without a name, of the record
 */
export function recordMaker(fields: readonly (readonly [name: string, read: Reader])[], placeOf: (name: string | undefined, path: string) => string): MakeRecord {
  const made = LazyRecord.with(fields, placeOf);
  return (raw, path, source) => new made(raw, path, source);
}
