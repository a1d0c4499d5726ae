/** The part of CEL's syntax that the compiler emits. */

import type { Made } from "../ir/ir.js";

export type BinaryOperator = "||" | "&&" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "+" | "-" | "*";

export type Cel = Made & (
  | { readonly kind: "ident"; readonly name: string }
  | { readonly kind: "literal"; readonly value: string | number | boolean | null }
  /** `optional`: `operand.?field`. */
  | { readonly kind: "select"; readonly operand: Cel; readonly field: string; readonly optional: boolean }
  | { readonly kind: "index"; readonly operand: Cel; readonly index: Cel; readonly optional: boolean }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Cel[] }
  | { readonly kind: "method"; readonly target: Cel; readonly name: string; readonly args: readonly Cel[] }
  | { readonly kind: "unary"; readonly operator: "!" | "-"; readonly operand: Cel }
  | { readonly kind: "binary"; readonly operator: BinaryOperator; readonly left: Cel; readonly right: Cel }
  | { readonly kind: "ternary"; readonly condition: Cel; readonly then: Cel; readonly otherwise: Cel }
  | { readonly kind: "list"; readonly items: readonly Cel[] }
  | { readonly kind: "map"; readonly entries: readonly { readonly key: string; readonly value: Cel }[] }
  /** A value of a named type: `JSONPatch{op: "add"}`. */
  | { readonly kind: "message"; readonly name: string; readonly fields: readonly { readonly name: string; readonly value: Cel }[] }
);

export const ident = (name: string): Cel => ({ kind: "ident", name });
export const literal = (value: string | number | boolean | null): Cel => ({ kind: "literal", value });
export const select = (operand: Cel, ...fields: readonly string[]): Cel =>
  fields.reduce((base, field): Cel => ({ kind: "select", operand: base, field, optional: false }), operand);
export const optionalSelect = (operand: Cel, ...fields: readonly string[]): Cel =>
  fields.reduce((base, field): Cel => ({ kind: "select", operand: base, field, optional: true }), operand);
export const index = (operand: Cel, at: Cel): Cel => ({ kind: "index", operand, index: at, optional: false });
export const call = (name: string, ...args: readonly Cel[]): Cel => ({ kind: "call", name, args });
export const method = (target: Cel, name: string, ...args: readonly Cel[]): Cel => ({ kind: "method", target, name, args });
export const list = (...items: readonly Cel[]): Cel => ({ kind: "list", items });
export const binary = (operator: BinaryOperator, left: Cel, right: Cel): Cel => ({ kind: "binary", operator, left, right });
export const not = (operand: Cel): Cel => ({ kind: "unary", operator: "!", operand });
export const ternary = (condition: Cel, then: Cel, otherwise: Cel): Cel => ({ kind: "ternary", condition, then, otherwise });
export const variable = (name: string): Cel => select(ident("variables"), name);

/** Joins operands with one operator, leftmost first; `none` stands for no operands. */
export function chain(operator: BinaryOperator, operands: readonly Cel[], none: Cel): Cel {
  const [first, ...others] = operands;
  return first === undefined ? none : others.reduce((left, right) => binary(operator, left, right), first);
}

/** Whether an expression may be written several times instead of being bound: it costs next to nothing. */
export function isAtomic(expr: Cel): boolean {
  switch (expr.kind) {
    case "ident":
    case "literal":
      return true;
    case "select":
      return !expr.optional && isAtomic(expr.operand);
    case "index":
      return !expr.optional && isAtomic(expr.operand) && (expr.index.kind === "ident" || expr.index.kind === "literal");
    default:
      return false;
  }
}
