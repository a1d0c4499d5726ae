/**
 * The intrinsics: what each means in Rego and in CEL. Their meaning in JavaScript is the function of the
 * same name in policies/kit/intrinsics.ts; a property test holds the three equal (test/properties).
 */
import { SHOWN_CHARACTERS, toInteger } from "../policies/kit/intrinsics.js";
import { binary, call as celCall, ident, list, literal, method, ternary, type Cel } from "./cel/ast.js";
import { call, type Term } from "./rego/ast.js";
import type { LibraryName } from "./rego/library.js";

export interface Intrinsic {
  /** Library rules that the Rego needs. */
  readonly library: readonly LibraryName[];
  readonly rego: (args: readonly Term[]) => Term;
  /**
   * @param args atomic: they may be written several times
   * @param fresh makes a name that nothing else has
   */
  readonly cel: (args: readonly Cel[], fresh: (name: string) => string) => Cel;
}

/** `[value].map(name, body)[0]`: CEL has no other way to bind a name. */
export function bindCel(name: string, value: Cel, body: Cel): Cel {
  return { kind: "index", operand: method(list(value), "map", ident(name), body), index: literal(0), optional: false };
}

const argument = <T>(args: readonly T[], position: number): T => {
  const value = args[position];
  if (value === undefined) throw new TypeError(`the intrinsic lacks its argument ${String(position)}`);
  return value;
};

/** A library rule of the same signature. */
const fromLibrary = (name: LibraryName): Pick<Intrinsic, "library" | "rego"> => ({ library: [name], rego: (args) => call(name, ...args) });
const builtin = (name: string): Pick<Intrinsic, "library" | "rego"> => ({ library: [], rego: (args) => call(name, ...args) });

const CONTROL_CHARACTERS = "[\\x00-\\x1f\\x7f]";

function showCel(text: Cel, fresh: (name: string) => string): Cel {
  const shown = fresh("shown");
  const character = fresh("character");
  const short = ternary(
    binary(">", celCall("size", text), literal(SHOWN_CHARACTERS)),
    binary("+", method(text, "substring", literal(0), literal(SHOWN_CHARACTERS)), literal("...")),
    text,
  );
  const isControl = method(ident(character), "matches", literal(CONTROL_CHARACTERS));
  const spaced = method(method(method(ident(shown), "split", literal("")), "map", ident(character), ternary(isControl, literal(" "), ident(character))), "join", literal(""));
  return bindCel(shown, short, ternary(method(ident(shown), "matches", literal(CONTROL_CHARACTERS)), spaced, ident(shown)));
}

export const intrinsics: Readonly<Record<string, Intrinsic>> = {
  show: {
    ...fromLibrary("show"),
    cel: (args, fresh) => showCel(argument(args, 0), fresh),
  },
  toInteger: {
    ...fromLibrary("to_integer"),
    cel: (args) => {
      const [text, fallback] = [argument(args, 0), argument(args, 1)];
      // Kubernetes converts a literal when the policy is compiled, whatever stands before it.
      if (text.kind === "literal" && typeof text.value === "string") return toInteger(text.value, -1) === -1 ? fallback : literal(toInteger(text.value, -1));
      return ternary(method(text, "matches", literal("^[0-9]{1,9}$")), celCall("int", text), fallback);
    },
  },
  beforeLast: {
    ...fromLibrary("before_last"),
    cel: ([text = literal(""), separator = literal("")]) =>
      ternary(method(text, "contains", separator), method(text, "substring", literal(0), method(text, "lastIndexOf", separator)), text),
  },
  afterLast: {
    ...fromLibrary("after_last"),
    cel: ([text = literal(""), separator = literal("")]) =>
      ternary(
        method(text, "contains", separator),
        method(text, "substring", binary("+", method(text, "lastIndexOf", separator), celCall("size", separator))),
        text,
      ),
  },
  trimPrefix: {
    ...builtin("trim_prefix"),
    cel: ([text = literal(""), prefix = literal("")]) =>
      ternary(method(text, "startsWith", prefix), method(text, "substring", celCall("size", prefix)), text),
  },
  trimSuffix: {
    ...builtin("trim_suffix"),
    cel: ([text = literal(""), suffix = literal("")]) =>
      ternary(
        method(text, "endsWith", suffix),
        method(text, "substring", literal(0), binary("-", celCall("size", text), celCall("size", suffix))),
        text,
      ),
  },
  entriesOf: {
    ...fromLibrary("entries_of"),
    cel: ([map = literal("")], fresh) => {
      const key = ident(fresh("key"));
      const value: Cel = { kind: "index", operand: map, index: key, optional: false };
      const dyn = (each: Cel): Cel => celCall("dyn", each);
      const entry: Cel = { kind: "map", entries: [{ key: "key", value: dyn(key) }, { key: "value", value: dyn(value) }] };
      return method(method(map, "filter", key, binary("!=", value, literal(null))), "map", key, entry);
    },
  },
  sum: {
    ...builtin("sum"),
    cel: (args) => method(argument(args, 0), "sum"),
  },
};

/** The names of the intrinsics, as rules call them. */
export const intrinsicNames: ReadonlySet<string> = new Set(Object.keys(intrinsics));
