import type { Reviews } from "../../policies/kit/view.js";
import { rootsOf } from "../../policies/kit/view.js";
import type { Expr } from "./ir.js";
import { visitExpr } from "./walk.js";

/** Whether what a local is bound to, or an element of it, is a record of another object than the one under review. */
export type Foreign = ReadonlyMap<string, boolean>;

/** Whether `expr` is, or holds, a record of another object: an old one, a Namespace, one of the cluster. */
export function isForeign(expr: Expr, locals: Foreign, reviews: Reviews): boolean {
  const again = (each: Expr): boolean => isForeign(each, locals, reviews);
  switch (expr.kind) {
    case "root": {
      const root = Object.entries(rootsOf[reviews]).find(([name]) => name === expr.name)?.[1];
      return root?.from !== "object";
    }
    case "local":
      return locals.get(expr.name) ?? false;
    case "field":
    case "optional":
      return again(expr.record);
    case "element":
      return again(expr.list) || again(expr.fallback);
    case "filter":
      return again(expr.list);
    case "map":
      return isForeign(expr.value, new Map(locals).set(expr.item, again(expr.list)), reviews);
    case "let":
      return isForeign(expr.body, new Map(locals).set(expr.name, again(expr.value)), reviews);
    case "conditional":
      return again(expr.then) || again(expr.otherwise);
    case "list":
      return expr.elements.some(again);
    case "concat":
      return expr.lists.some(again);
    // A helper may return what it is given.
    case "call":
      return expr.args.some(again);
    default:
      return false;
  }
}

/** Whether a place would lie in another object: findings are about the one under review. */
export function namesForeignPlace(location: Expr, locals: Foreign, reviews: Reviews): boolean {
  let found = false;
  const isRecord = ({ type }: Expr): boolean => type.kind === "record" && type.isView;
  visitExpr(location, (each) => {
    if (each.kind === "path") found ||= isForeign(each.record, locals, reviews);
    // The place is made inside the helper.
    if (each.kind === "call" && each.type.kind === "location") found ||= each.args.some((argument) => isRecord(argument) && isForeign(argument, locals, reviews));
  });
  return found;
}
