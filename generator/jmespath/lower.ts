/**
 * A condition on a pod in JMESPath, which has no comprehensions with names and takes what is empty for absent. What it
 * cannot say makes the whole condition inexpressible: then there is no such policy.
 */
import type { Field } from "../../policies/kit/fields.js";
import { viewTable, type RecordName } from "../../policies/kit/view.js";
import type { Expr, Json } from "../ir/ir.js";
import { binary, call, literal, not, orElse, path, type Jmes } from "./ast.js";
import { isWritable } from "./print.js";

class Inexpressible extends Error {}

/** Where an object's pod template lies: `["request", "object", "spec", "template"]`. */
export type Base = readonly string[];

/** The parts that must all be true; undefined where JMESPath cannot say the condition. */
export function jmesConditions(expr: Expr, pod: Base): readonly Jmes[] | undefined {
  return expressible(() => conjuncts(expr).map((each) => lower(each, pod)));
}

/** Whether two pods differ in one of the fields; undefined where JMESPath cannot say it. */
export function jmesDiffers(reads: readonly string[], pod: Base, oldPod: Base): Jmes | undefined {
  return expressible(() => {
    const values = reads.map((name) => binary("!=", wholeField(name, pod), wholeField(name, oldPod)));
    return values.reduce((left, right) => binary("||", left, right));
  });
}

function expressible<Result>(build: () => Result): Result | undefined {
  try {
    return build();
  } catch (error) {
    if (error instanceof Inexpressible) return undefined;
    throw error;
  }
}

function conjuncts(expr: Expr): Expr[] {
  return expr.kind === "logical" && expr.operator === "&&" ? [...conjuncts(expr.left), ...conjuncts(expr.right)] : [expr];
}

function lower(expr: Expr, pod: Base): Jmes {
  switch (expr.kind) {
    case "boolean":
    case "text":
      return checked(expr.value);
    case "list":
      return literal(expr.elements.map((element) => plainText(element)));
    case "field":
      if (expr.record.kind !== "root" || expr.record.name !== "pod") throw new Inexpressible();
      return fieldOf(columnOf("Pod", expr.name), pod);
    case "entry": {
      const { map, key, fallback } = expr;
      // An empty entry counts as absent here: that is the same only where the fallback is empty too.
      if (map.kind !== "field" || map.record.kind !== "root" || map.record.name !== "pod" || key.kind !== "text" || fallback.kind !== "text" || fallback.value !== "") throw new Inexpressible();
      const column = columnOf("Pod", map.name);
      if (column.type !== "map") throw new Inexpressible();
      return orElse(path(...pod, ...column.path, key.value), "");
    }
    case "not":
      return not(lower(expr.operand, pod));
    case "logical":
      return binary(expr.operator, lower(expr.left, pod), lower(expr.right, pod));
    case "conditional": {
      if (expr.type.kind !== "boolean") throw new Inexpressible();
      const condition = lower(expr.condition, pod);
      return binary("||", binary("&&", condition, lower(expr.then, pod)), binary("&&", not(condition), lower(expr.otherwise, pod)));
    }
    case "compare":
      if (expr.operator !== "==" && expr.operator !== "!=") throw new Inexpressible();
      return binary(expr.operator, lower(expr.left, pod), lower(expr.right, pod));
    case "contains":
      return call("contains", lower(expr.list, pod), lower(expr.element, pod));
    case "textPredicate": {
      const names = { startsWith: "starts_with", endsWith: "ends_with", includes: "contains" } as const;
      return call(names[expr.predicate], lower(expr.text, pod), lower(expr.part, pod));
    }
    default:
      throw new Inexpressible();
  }
}

function fieldOf(column: Field<unknown>, pod: Base): Jmes {
  if (column.type !== "boolean" && column.type !== "text") throw new Inexpressible();
  // `false || true` would be true: a truth value is true by default nowhere.
  return orElse(path(...pod, ...column.path), column.default);
}

function wholeField(name: string, pod: Base): Jmes {
  const column = columnOf("Pod", name);
  return column.type === "map" ? orElse(path(...pod, ...column.path), {}) : fieldOf(column, pod);
}

function columnOf(record: RecordName, name: string): Field<unknown> {
  const column = viewTable[record][name];
  if (column === undefined) throw new TypeError(`the view has no ${record}.${name}`);
  return column;
}

function checked(value: Json): Jmes {
  if (typeof value === "string" && !isWritable(value)) throw new Inexpressible();
  return literal(value);
}

function plainText(expr: Expr): string {
  if (expr.kind !== "text" || !isWritable(expr.value)) throw new Inexpressible();
  return expr.value;
}
