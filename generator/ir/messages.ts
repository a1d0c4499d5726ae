/** What is known of the text of a message before it is made. */
import type { Expr, Function, Stmt } from "./ir.js";

/** What the constants of the enclosing statements are bound to. */
export type Bindings = ReadonlyMap<string, Expr>;
export type Functions = ReadonlyMap<string, Function<readonly Stmt[]>>;

/** Whether the text has at least one character, whatever the object: CEL takes an empty text for no finding. */
export function isNeverEmpty(expr: Expr, bindings: Bindings, functions: Functions, seen = new Map<Expr, boolean>()): boolean {
  const again = (each: Expr): boolean => isNeverEmpty(each, bindings, functions, seen);
  switch (expr.kind) {
    case "text":
      return expr.value !== "";
    case "template":
      return expr.parts.some((part) => part.type.kind === "integer" || again(part));
    case "conditional":
      return again(expr.then) && again(expr.otherwise);
    case "intrinsic":
      return expr.name === "show" && expr.args.every(again);
    case "local": {
      const value = bindings.get(expr.name);
      if (value === undefined) return false;
      const known = seen.get(value) ?? again(value);
      seen.set(value, known);
      return known;
    }
    case "call":
      return resultsOf(functions.get(expr.name)).every(({ value, bindings: inner }) => isNeverEmpty(value, inner, functions, seen));
    default:
      return false;
  }
}

/**
 * The author's own literals that may stand in the text.
 * @param seen constants that were looked at already: each is needed once, however often it is used
 */
export function literalsOf(expr: Expr, bindings: Bindings, functions: Functions, seen = new Set<Expr>()): string[] {
  const again = (each: Expr): string[] => literalsOf(each, bindings, functions, seen);
  if (expr.type.kind !== "text" && expr.type.kind !== "list") return [];
  switch (expr.kind) {
    case "text":
      return [expr.value];
    case "template":
      return expr.parts.flatMap(again);
    case "conditional":
      return [...again(expr.then), ...again(expr.otherwise)];
    case "local": {
      const value = bindings.get(expr.name);
      if (value === undefined || seen.has(value)) return [];
      seen.add(value);
      return again(value);
    }
    case "call":
      return [...expr.args.flatMap(again), ...resultsOf(functions.get(expr.name)).flatMap(({ value, bindings: inner }) => literalsOf(value, inner, functions, seen))];
    case "join":
      return [...again(expr.list), ...again(expr.separator)];
    case "list":
      return expr.elements.flatMap(again);
    case "concat":
      return expr.lists.flatMap(again);
    case "map":
      return again(expr.value);
    case "filter":
      return again(expr.list);
    case "element":
      return [...again(expr.list), ...again(expr.fallback)];
    case "optional":
    case "entry":
      return again(expr.fallback);
    case "intrinsic":
      // `show` makes any text fit.
      return expr.name === "show" ? [] : expr.args.flatMap(again);
    default:
      return [];
  }
}

/** What a helper function may return, each with the constants that are bound there. */
function resultsOf(helper: Function<readonly Stmt[]> | undefined): { value: Expr; bindings: Bindings }[] {
  const results: { value: Expr; bindings: Bindings }[] = [];
  const visit = (statements: readonly Stmt[], outer: Bindings): void => {
    let bindings = outer;
    for (const each of statements) {
      if (each.kind === "const") bindings = new Map(bindings).set(each.name, each.value);
      if (each.kind === "return" && each.value !== undefined) results.push({ value: each.value, bindings });
      if (each.kind === "if") {
        visit(each.then, bindings);
        visit(each.otherwise, bindings);
      }
    }
  };
  visit(helper?.body ?? [], new Map());
  return results;
}
