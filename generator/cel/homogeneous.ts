/**
 * Kubernetes demands that the elements of a list literal have one type, and takes `dyn` for one that differs from
 * every other: what comes from the object beside what does not is refused when the policy is compiled.
 */
import { call, list, type Cel } from "./ast.js";

type KnownType = "string" | "int" | "bool" | "record";

/** A list literal whose elements have one type for CEL's type checker: their own where it is evident, else `dyn`. */
export function homogeneous(items: readonly Cel[]): Cel {
  const [first, ...others] = items.map(knownType);
  const isEvident = others.length === 0 || (first !== undefined && others.every((type) => type === first));
  return list(...(isEvident ? items : items.map((item) => (isDyn(item) ? item : call("dyn", item)))));
}

const isDyn = (expr: Cel): boolean => expr.kind === "call" && expr.name === "dyn";

const methods: ReadonlyMap<string, KnownType> = new Map([
  ["join", "string"],
  ...["exists", "all", "matches", "startsWith", "endsWith", "contains"].map((name) => [name, "bool"] as const),
] as const);
const functions: ReadonlyMap<string, KnownType> = new Map([
  ["string", "string"],
  ["size", "int"],
  ["int", "int"],
]);

/** The type of an expression as far as its form alone tells; undefined for `dyn` and where more would have to be known. */
function knownType(expr: Cel): KnownType | undefined {
  switch (expr.kind) {
    case "literal":
      return expr.value === null ? undefined : typeof expr.value === "string" ? "string" : typeof expr.value === "number" ? "int" : "bool";
    case "map":
      return "record";
    case "unary":
      return expr.operator === "!" ? "bool" : knownType(expr.operand);
    case "binary":
      if (expr.operator === "+" || expr.operator === "-" || expr.operator === "*") return knownType(expr.left) ?? knownType(expr.right);
      return "bool";
    case "ternary": {
      const then = knownType(expr.then);
      return then === knownType(expr.otherwise) ? then : undefined;
    }
    case "call":
      return functions.get(expr.name);
    case "method":
      return methods.get(expr.name);
    case "index":
      return boundType(expr.operand);
    case "ident":
    case "select":
    case "list":
    case "message":
      return undefined;
  }
}

/** The type of `[value].map(name, body)[0]`, which is how a name is bound. */
function boundType(expr: Cel): KnownType | undefined {
  const body = expr.kind === "method" && expr.name === "map" ? expr.args[1] : undefined;
  return body === undefined ? undefined : knownType(body);
}
