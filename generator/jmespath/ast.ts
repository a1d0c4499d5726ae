/** The part of JMESPath that conditions of Kyverno's ClusterPolicies are written in. */
import type { Json } from "../ir/ir.js";

export type Jmes =
  /** `request.object.spec`. */
  | { readonly kind: "path"; readonly steps: readonly string[] }
  | { readonly kind: "literal"; readonly value: Json }
  | { readonly kind: "not"; readonly operand: Jmes }
  | { readonly kind: "binary"; readonly operator: Operator; readonly left: Jmes; readonly right: Jmes }
  | { readonly kind: "call"; readonly name: "contains" | "ends_with" | "length" | "starts_with"; readonly args: readonly Jmes[] }
  /** `list[?condition]`. */
  | { readonly kind: "filter"; readonly list: Jmes; readonly condition: Jmes };

export type Operator = "||" | "&&" | "==" | "!=";

export const path = (...steps: readonly string[]): Jmes => ({ kind: "path", steps });
export const literal = (value: Json): Jmes => ({ kind: "literal", value });
export const not = (operand: Jmes): Jmes => ({ kind: "not", operand });
export const binary = (operator: Operator, left: Jmes, right: Jmes): Jmes => ({ kind: "binary", operator, left, right });
export const call = (name: (Jmes & { kind: "call" })["name"], ...args: readonly Jmes[]): Jmes => ({ kind: "call", name, args });

/** The value at a path; JMESPath takes `fallback` for what is absent, null or empty. */
export const orElse = (value: Jmes, fallback: Json): Jmes => binary("||", value, literal(fallback));
