/** The part of Rego v1's syntax that the compiler emits. */

import type { Made } from "../ir/ir.js";

export type InfixOperator = "==" | "!=" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "in";

export type Term =
  | { readonly kind: "var"; readonly name: string }
  | { readonly kind: "scalar"; readonly value: string | number | boolean | null }
  /** A text segment is printed as `.name` where it can be. */
  | { readonly kind: "ref"; readonly base: Term; readonly path: readonly (string | Term)[] }
  | { readonly kind: "array"; readonly items: readonly Term[] }
  | { readonly kind: "object"; readonly entries: readonly { readonly key: string; readonly value: Term }[] }
  | { readonly kind: "set"; readonly items: readonly Term[] }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Term[] }
  | { readonly kind: "infix"; readonly operator: InfixOperator; readonly left: Term; readonly right: Term }
  | { readonly kind: "comprehension"; readonly head: Term; readonly body: readonly Literal[] };

/** One line of a body. */
export type Literal = Made & (
  | { readonly kind: "term"; readonly term: Term; readonly negated: boolean }
  | { readonly kind: "assign"; readonly name: string; readonly value: Term }
  | { readonly kind: "some"; readonly index?: string; readonly item: string; readonly list: Term }
  | { readonly kind: "every"; readonly index?: string; readonly item: string; readonly list: Term; readonly body: readonly Literal[] }
);

export interface Clause {
  /** Absent: true. */
  readonly value?: Term;
  readonly body: readonly Literal[];
}

export interface Rule extends Made {
  readonly comment?: string;
  readonly name: string;
  /** Present: a function. */
  readonly args?: readonly string[];
  /** Present: a rule of a set, with this element. */
  readonly contains?: Term;
  readonly clause: Clause;
  readonly otherwise: readonly Clause[];
}

export interface Module {
  readonly comments: readonly string[];
  readonly packagePath: readonly string[];
  readonly rules: readonly Rule[];
  /** Texts of library rules, each formatted already. */
  readonly library: readonly string[];
}

export const variable = (name: string): Term => ({ kind: "var", name });
export const scalar = (value: string | number | boolean | null): Term => ({ kind: "scalar", value });
export const call = (name: string, ...args: readonly Term[]): Term => ({ kind: "call", name, args });
export const array = (items: readonly Term[]): Term => ({ kind: "array", items });
export const infix = (operator: InfixOperator, left: Term, right: Term): Term => ({ kind: "infix", operator, left, right });
export const holds = (term: Term, negated = false): Literal => ({ kind: "term", term, negated });
export const assign = (name: string, value: Term): Literal => ({ kind: "assign", name, value });

/** `base.a.b`; a reference to a reference becomes one. */
export function ref(base: Term, ...path: readonly (string | Term)[]): Term {
  if (path.length === 0) return base;
  return base.kind === "ref" ? { kind: "ref", base: base.base, path: [...base.path, ...path] } : { kind: "ref", base, path };
}
