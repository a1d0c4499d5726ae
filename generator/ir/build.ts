/** Constructors that simplify, so that neither lowering has to. */
import { booleanType, integerType, closedTextType, textType, type Expr, type Step } from "./ir.js";
import { mapChildren } from "./walk.js";

export const literal = (value: boolean): Expr => ({ kind: "boolean", value, type: booleanType });
export const integer = (value: number): Expr => ({ kind: "integer", value, type: integerType });
export const text = (value: string): Expr => ({ kind: "text", value, type: closedTextType });

const isLiteral = (expr: Expr, value: boolean): boolean => expr.kind === "boolean" && expr.value === value;

export function not(operand: Expr): Expr {
  if (operand.kind === "boolean") return literal(!operand.value);
  if (operand.kind === "not") return operand.operand;
  return { kind: "not", operand, type: booleanType };
}

export function and(left: Expr, right: Expr): Expr {
  if (isLiteral(left, true)) return right;
  if (isLiteral(right, true)) return left;
  if (isLiteral(left, false) || isLiteral(right, false)) return literal(false);
  return { kind: "logical", operator: "&&", left, right, type: booleanType };
}

export function or(left: Expr, right: Expr): Expr {
  if (isLiteral(left, false)) return right;
  if (isLiteral(right, false)) return left;
  if (isLiteral(left, true) || isLiteral(right, true)) return literal(true);
  return { kind: "logical", operator: "||", left, right, type: booleanType };
}

/** `condition ? then : otherwise`; where one arm is a truth value, a plain `&&` or `||`. */
export function conditional(condition: Expr, then: Expr, otherwise: Expr): Expr {
  if (condition.kind === "boolean") return condition.value ? then : otherwise;
  if (isLiteral(then, true)) return or(condition, otherwise);
  if (isLiteral(then, false)) return and(not(condition), otherwise);
  if (isLiteral(otherwise, false)) return and(condition, then);
  if (isLiteral(otherwise, true)) return or(not(condition), then);
  return { kind: "conditional", condition, then, otherwise, type: then.type };
}

/** Joins texts and integers; neighbouring literals become one. */
export function template(parts: readonly Expr[]): Expr {
  const joined: Expr[] = [];
  for (const part of parts.flatMap((each) => (each.kind === "template" ? each.parts : [each]))) {
    const last = joined[joined.length - 1];
    if (part.kind === "text" && part.value === "") continue;
    if (part.kind === "text" && last?.kind === "text") joined[joined.length - 1] = text(last.value + part.value);
    else joined.push(part);
  }
  const [only] = joined;
  if (only === undefined) return text("");
  if (joined.length === 1 && only.type.kind !== "integer") return only;
  return { kind: "template", parts: joined, type: textType };
}

/** `some` and `every` of a condition that is decided already: what remains is whether the list is empty. */
function quantifier(expr: Expr & { kind: "quantifier" }): Expr {
  const { condition, list } = expr;
  if (condition.kind !== "boolean") return expr;
  if (condition.value === (expr.quantifier === "every")) return literal(condition.value);
  const length: Expr = { kind: "length", list, type: integerType };
  return { kind: "compare", operator: condition.value ? ">" : "==", left: length, right: integer(0), type: booleanType };
}

/** Decides what can be decided now: a constant inside a quantifier leaves conditions that engines refuse or repeat for nothing. */
export function simplify(expr: Expr): Expr {
  const inner = mapChildren(expr, simplify);
  switch (inner.kind) {
    case "not":
      return not(inner.operand);
    case "logical":
      return inner.operator === "&&" ? and(inner.left, inner.right) : or(inner.left, inner.right);
    case "conditional":
      return conditional(inner.condition, inner.then, inner.otherwise);
    case "quantifier":
      return quantifier(inner);
    default:
      return inner;
  }
}

export function localLet(name: string, value: Expr, body: Expr): Expr {
  return { kind: "let", name, value, body, type: body.type };
}

export const nothing: Step = { kind: "seq", steps: [] };

export const isNothing = (step: Step): boolean => step.kind === "seq" && step.steps.length === 0;

export function seq(steps: readonly Step[]): Step {
  const flat = steps.flatMap((step) => (step.kind === "seq" ? step.steps : [step]));
  const [only] = flat;
  return flat.length === 1 && only !== undefined ? only : { kind: "seq", steps: flat };
}

export function stepIf(condition: Expr, then: Step, otherwise: Step, origin?: number): Step {
  if (condition.kind === "boolean") return condition.value ? then : otherwise;
  if (isNothing(then) && isNothing(otherwise)) return nothing;
  return { kind: "if", condition, then, otherwise, origin };
}
