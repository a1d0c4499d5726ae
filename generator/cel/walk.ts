import type { Cel } from "./ast.js";

/** The direct parts of an expression. */
function parts(expr: Cel): readonly Cel[] {
  switch (expr.kind) {
    case "ident":
    case "literal":
      return [];
    case "select":
      return [expr.operand];
    case "index":
      return [expr.operand, expr.index];
    case "call":
      return expr.args;
    case "method":
      return [expr.target, ...expr.args];
    case "unary":
      return [expr.operand];
    case "binary":
      return [expr.left, expr.right];
    case "ternary":
      return [expr.condition, expr.then, expr.otherwise];
    case "list":
      return expr.items;
    case "map":
      return expr.entries.map((entry) => entry.value);
    case "message":
      return expr.fields.map((field) => field.value);
  }
}

/** Whether `expr` or something in it is as `test` says. */
export function someCel(expr: Cel, test: (expr: Cel) => boolean): boolean {
  return test(expr) || parts(expr).some((part) => someCel(part, test));
}

const macros: ReadonlySet<string> = new Set(["map", "filter", "exists", "all"]);

/** The greatest number of comprehensions, which bindings are too, that lie in each other's bodies. */
export function bindingDepth(expr: Cel): number {
  if (expr.kind !== "method" || !macros.has(expr.name)) return Math.max(0, ...parts(expr).map(bindingDepth));
  return Math.max(bindingDepth(expr.target), 1 + Math.max(0, ...expr.args.map(bindingDepth)));
}
