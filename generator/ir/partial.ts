/**
 * Partial evaluation: a condition with its parameters written in, calls replaced by what they give, and all decided that
 * can be. A field of a root may be given a value as well, which answers what the condition would be with that value.
 */
import { conditional, literal, not, and, or, simplify, text, integer } from "./build.js";
import { booleanType, integerType, isList, textType, type Expr, type Function, type Json, type Type } from "./ir.js";
import { boundNames, countUses, mapChildren } from "./walk.js";

export interface Known {
  readonly functions: readonly Function<Expr>[];
  /** Complete parameters. */
  readonly parameters: Readonly<Record<string, Json>>;
  /** The value of one field of a root. */
  readonly field?: { readonly root: string; readonly name: string; readonly value: Expr };
}

interface Environment extends Known {
  readonly locals: ReadonlyMap<string, Expr>;
  /** Names that are taken: what is put in place of a call must not be caught by them. */
  readonly taken: Set<string>;
}

export function evaluate(expr: Expr, known: Known): Expr {
  return simplify(visit(expr, { ...known, locals: new Map(), taken: new Set() }));
}

/** A literal of plain data. */
export function literalOf(value: Json, type: Type = typeOfJson(value)): Expr {
  if (typeof value === "boolean") return literal(value);
  if (typeof value === "number") return integer(value);
  if (typeof value === "string") return text(value);
  if (isList(value)) return { kind: "list", elements: value.map((each) => literalOf(each, type.kind === "list" ? type.element : undefined)), type };
  return { kind: "record", fields: Object.entries(value).map(([name, each]) => ({ name, value: literalOf(each) })), type };
}

function typeOfJson(value: Json): Type {
  if (typeof value === "boolean") return booleanType;
  if (typeof value === "number") return integerType;
  if (typeof value === "string") return textType;
  if (isList(value)) return { kind: "list", element: value[0] === undefined ? textType : typeOfJson(value[0]) };
  return { kind: "record", name: "", isView: false };
}

function visit(expr: Expr, env: Environment): Expr {
  switch (expr.kind) {
    case "local":
      return env.locals.get(expr.name) ?? expr;
    case "parameter": {
      const value = env.parameters[expr.name];
      if (value === undefined) throw new TypeError(`parameter ${expr.name} has no value`);
      return literalOf(value, expr.type);
    }
    case "call":
      return call(expr, env);
    case "let": {
      const value = visit(expr.value, env);
      return bindAll([{ name: expr.name, value }], expr.body, env);
    }
    case "quantifier":
    case "filter":
    case "map": {
      const names = boundNames(expr);
      const renamed = new Map(names.map((name) => [name, fresh(name, env.taken)]));
      const inner = withLocals(env, [...renamed].map(([name, to]) => [name, { kind: "local", name: to, type: name === expr.index ? integerType : elementType(expr.list) }]));
      const [list, body] = [visit(expr.list, env), visit(expr.kind === "map" ? expr.value : expr.condition, inner)];
      const iteration = { ...expr, list, item: renamed.get(expr.item) ?? expr.item, ...(expr.index === undefined ? {} : { index: renamed.get(expr.index) ?? expr.index }) };
      if (iteration.kind === "map") return { ...iteration, value: body };
      return decide({ ...iteration, condition: body });
    }
    default:
      return decide(mapChildren(expr, (child) => visit(child, env)), env);
  }
}

const elementType = (list: Expr): Type => (list.type.kind === "list" ? list.type.element : textType);

/** A helper's body in place of its call. */
function call(expr: Expr & { kind: "call" }, env: Environment): Expr {
  const helper = env.functions.find((each) => each.name === expr.name);
  if (helper === undefined) throw new TypeError(`there is no function ${expr.name}`);
  const given = helper.parameters.map(({ name }, position) => ({ name, value: visit(expr.args[position] ?? text(""), env) }));
  return bindAll(given, helper.body, { ...env, locals: new Map() });
}

/** `body` with values in place of names; a value that is not at hand and used more than once keeps a name. */
function bindAll(values: readonly { readonly name: string; readonly value: Expr }[], body: Expr, env: Environment): Expr {
  const [first, ...others] = values;
  if (first === undefined) return visit(body, env);
  const { name, value } = first;
  if (isAtHand(value) || countUses(body, name) <= 1) return bindAll(others, body, withLocals(env, [[name, value]]));
  const kept = fresh(name, env.taken);
  const inner = bindAll(others, body, withLocals(env, [[name, { kind: "local", name: kept, type: value.type }]]));
  return countUses(inner, kept) === 0 ? inner : { kind: "let", name: kept, value, body: inner, type: inner.type };
}

function isAtHand(expr: Expr): boolean {
  if (expr.kind === "field") return isAtHand(expr.record);
  if (expr.kind === "list") return expr.elements.every(isAtHand);
  return ["boolean", "integer", "text", "local", "root", "record"].includes(expr.kind);
}

function withLocals(env: Environment, locals: Iterable<readonly [string, Expr]>): Environment {
  return { ...env, locals: new Map([...env.locals, ...locals]) };
}

function fresh(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let count = 2; taken.has(name); count += 1) name = `${wanted}${String(count)}`;
  taken.add(name);
  return name;
}

/** What an expression is whose parts are known; the expression itself where they are not. */
function decide(expr: Expr, env?: Environment): Expr {
  switch (expr.kind) {
    case "field": {
      const { record, name } = expr;
      if (record.kind === "root" && record.name === env?.field?.root && name === env.field.name) return env.field.value;
      return record.kind === "record" ? (record.fields.find((each) => each.name === name)?.value ?? expr) : expr;
    }
    case "optional":
      return expr.record.kind === "record" ? (expr.record.fields.find((each) => each.name === expr.name)?.value ?? expr.fallback) : expr;
    case "not":
      return not(expr.operand);
    case "logical":
      return expr.operator === "&&" ? and(expr.left, expr.right) : or(expr.left, expr.right);
    case "conditional":
      return conditional(expr.condition, expr.then, expr.otherwise);
    case "quantifier":
      return isEmpty(expr.list) ? literal(expr.quantifier === "every") : expr;
    case "filter":
      return isEmpty(expr.list) ? expr.list : expr;
    case "contains": {
      if (expr.list.kind !== "list") return expr;
      const value = plain(expr.element);
      const values = expr.list.elements.map(plain);
      if (values.length === 0) return literal(false);
      return value === undefined || values.includes(undefined) ? expr : literal(values.includes(value));
    }
    case "compare": {
      const [left, right] = [plain(expr.left), plain(expr.right)];
      if (left === undefined || right === undefined || (expr.operator !== "==" && expr.operator !== "!=")) return expr;
      return literal((left === right) === (expr.operator === "=="));
    }
    default:
      return expr;
  }
}

const isEmpty = (list: Expr): boolean => list.kind === "list" && list.elements.length === 0;

function plain(expr: Expr): boolean | number | string | undefined {
  return expr.kind === "boolean" || expr.kind === "integer" || expr.kind === "text" ? expr.value : undefined;
}
