/** Generic traversals over expressions and steps, so that a pass names only the nodes it cares for. */
import { assertNever, type Expr, type Step } from "./ir.js";

/** A copy of `expr` with each direct child replaced by `visit(child)`. */
export function mapChildren(expr: Expr, visit: (child: Expr) => Expr): Expr {
  switch (expr.kind) {
    case "boolean":
    case "integer":
    case "text":
    case "local":
    case "root":
    case "parameter":
    case "constant":
      return expr;
    case "list":
      return { ...expr, elements: expr.elements.map(visit) };
    case "concat":
      return { ...expr, lists: expr.lists.map(visit) };
    case "record":
      return { ...expr, fields: expr.fields.map(({ name, value }) => ({ name, value: visit(value) })) };
    case "field":
    case "path":
      return { ...expr, record: visit(expr.record) };
    case "optional":
      return { ...expr, record: visit(expr.record), fallback: visit(expr.fallback) };
    case "element":
      return { ...expr, list: visit(expr.list), index: visit(expr.index), fallback: visit(expr.fallback) };
    case "entry":
      return { ...expr, map: visit(expr.map), key: visit(expr.key), fallback: visit(expr.fallback) };
    case "not":
      return { ...expr, operand: visit(expr.operand) };
    case "logical":
    case "compare":
    case "arithmetic":
      return { ...expr, left: visit(expr.left), right: visit(expr.right) };
    case "conditional":
      return { ...expr, condition: visit(expr.condition), then: visit(expr.then), otherwise: visit(expr.otherwise) };
    case "template":
      return { ...expr, parts: expr.parts.map(visit) };
    case "quantifier":
    case "filter":
      return { ...expr, list: visit(expr.list), condition: visit(expr.condition) };
    case "map":
      return { ...expr, list: visit(expr.list), value: visit(expr.value) };
    case "contains":
      return { ...expr, list: visit(expr.list), element: visit(expr.element) };
    case "length":
      return { ...expr, list: visit(expr.list) };
    case "join":
      return { ...expr, list: visit(expr.list), separator: visit(expr.separator) };
    case "split":
      return { ...expr, text: visit(expr.text), separator: visit(expr.separator) };
    case "textPredicate":
      return { ...expr, text: visit(expr.text), part: visit(expr.part) };
    case "matches":
      return { ...expr, text: visit(expr.text) };
    case "intrinsic":
    case "call":
      return { ...expr, args: expr.args.map(visit) };
    case "let":
      return { ...expr, value: visit(expr.value), body: visit(expr.body) };
    default:
      return assertNever(expr);
  }
}

/** The direct children of `expr`, in the order of evaluation. */
export function children(expr: Expr): readonly Expr[] {
  const found: Expr[] = [];
  mapChildren(expr, (child) => {
    found.push(child);
    return child;
  });
  return found;
}

/** Calls `visit` on `expr` and on everything below it. */
export function visitExpr(expr: Expr, visit: (expr: Expr) => void): void {
  visit(expr);
  for (const child of children(expr)) visitExpr(child, visit);
}

/** Calls `visit` on every expression of `step`, the outermost of each. */
export function stepExprs(step: Step): readonly Expr[] {
  switch (step.kind) {
    case "each":
      return [step.list, ...stepExprs(step.body)];
    case "let":
      return [step.value, ...stepExprs(step.body)];
    case "if":
      return [step.condition, ...stepExprs(step.then), ...stepExprs(step.otherwise)];
    case "seq":
      return step.steps.flatMap(stepExprs);
    case "yield":
      return [step.location, step.message];
    default:
      return assertNever(step);
  }
}

/** The names that `expr` itself binds in (some of) its children. */
export function boundNames(expr: Expr): readonly string[] {
  switch (expr.kind) {
    case "quantifier":
    case "filter":
    case "map":
      return expr.index === undefined ? [expr.item] : [expr.index, expr.item];
    case "let":
      return [expr.name];
    default:
      return [];
  }
}

/** Free locals of `expr`, in the order of their first use. Names are unique, so bound ones are told by their name. */
export function freeLocals(expr: Expr): readonly (Expr & { kind: "local" })[] {
  const bound = new Set<string>();
  const free = new Map<string, Expr & { kind: "local" }>();
  visitExpr(expr, (each) => {
    for (const name of boundNames(each)) bound.add(name);
    if (each.kind === "local" && !free.has(each.name)) free.set(each.name, each);
  });
  return [...free.values()].filter((local) => !bound.has(local.name));
}

/** How often `expr` uses the local `name`. */
export function countUses(expr: Expr, name: string): number {
  let uses = 0;
  visitExpr(expr, (each) => {
    if (each.kind === "local" && each.name === name) uses += 1;
  });
  return uses;
}
