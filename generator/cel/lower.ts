import { bindCel, intrinsics } from "../intrinsics.js";
import { assertNever, type Expr, type Function, type Iteration, type Json, type Step, type Type } from "../ir/ir.js";
import { children, boundNames } from "../ir/walk.js";
import { isNothing } from "../ir/build.js";
import { binary, call, ident, index, isAtomic, list, literal, method, not, optionalSelect, select, ternary, variable, type Cel } from "./ast.js";
import { homogeneous } from "./homogeneous.js";
import { freshName, rootName } from "./names.js";

/** What is known where an expression is lowered. */
export interface Environment {
  readonly functions: ReadonlyMap<string, Function<Expr>>;
  /** Variables that hold the constants. */
  readonly constants: ReadonlyMap<string, string>;
  /** What the locals stand for. */
  readonly locals: ReadonlyMap<string, Cel>;
  /** Names of all enclosing binders: an inlined body may not hide one of them. */
  readonly names: ReadonlySet<string>;
}

export const INDEXES = "indexes";

function bind(env: Environment, local: string, wanted = local): { env: Environment; name: string } {
  const name = freshName(wanted, env.names);
  return { name, env: { ...env, names: new Set(env.names).add(name), locals: new Map(env.locals).set(local, ident(name)) } };
}

/** `value` as something that may be written several times inside `body`: itself where it is cheap or used once. */
function withBound(env: Environment, local: string, value: Cel, uses: number, body: (env: Environment) => Cel, wanted = local): Cel {
  if (isAtomic(value) || uses <= 1) return body({ ...env, locals: new Map(env.locals).set(local, value) });
  const bound = bind(env, local, wanted);
  return bindCel(bound.name, value, body(bound.env));
}

/** How often a local is evaluated: a use inside a loop counts as many. */
function weightedUses(expr: Expr, local: string): number {
  if (expr.kind === "local") return expr.name === local ? 1 : 0;
  const isLoop = boundNames(expr).length > 0 && expr.kind !== "let";
  const [first, ...others] = children(expr);
  const inside = others.reduce((sum, child) => sum + weightedUses(child, local), 0);
  return (first === undefined ? 0 : weightedUses(first, local)) + (isLoop && inside > 0 ? 2 : inside);
}

function stepUses(step: Step, local: string): number {
  switch (step.kind) {
    case "each":
      return weightedUses(step.list, local) + (stepUses(step.body, local) > 0 ? 2 : 0);
    case "let":
      return weightedUses(step.value, local) * 2 + stepUses(step.body, local);
    case "if":
      return weightedUses(step.condition, local) + stepUses(step.then, local) + stepUses(step.otherwise, local);
    case "seq":
      return step.steps.reduce((sum, each) => sum + stepUses(each, local), 0);
    case "yield":
      return weightedUses(step.message, local);
    default:
      return assertNever(step);
  }
}

/** Says of an expression what it was made of. */
export const made = (origin: number | undefined, expr: Cel): Cel => (origin === undefined ? expr : { ...expr, origin });

/** The text of all messages of a step, joined by "; "; empty where there is no finding. */
export function lowerStep(env: Environment, step: Step): Cel {
  switch (step.kind) {
    case "yield":
      return made(step.origin, lowerExpr(env, step.message));
    case "if":
      return ternary(made(step.origin, lowerExpr(env, step.condition)), lowerStep(env, step.then), lowerStep(env, step.otherwise));
    case "let":
      return withBound(env, step.name, made(step.origin, lowerExpr(env, step.value)), stepUses(step.body, step.name), (inner) => lowerStep(inner, step.body));
    case "seq": {
      if (step.steps.length === 0) return literal("");
      return joinTexts(env, homogeneous(step.steps.map((each) => lowerStep(env, each))));
    }
    case "each":
      return lowerEach(env, step);
    default:
      return assertNever(step);
  }
}

function lowerEach(env: Environment, step: Step & { kind: "each" }): Cel {
  const { body } = step;
  // A loop that only tests and yields: a filter, and no empty texts to drop.
  if (body.kind === "if" && (isNothing(body.then) || isNothing(body.otherwise))) {
    const wanted = isNothing(body.then) ? body.otherwise : body.then;
    if (wanted.kind === "yield") {
      return over(env, step, (inner, source, name) => {
        const condition = lowerExpr(inner, body.condition);
        const kept = method(made(step.origin, source), "filter", ident(name), made(body.origin, isNothing(body.then) ? inverted(condition) : condition));
        return method(method(kept, "map", ident(name), lowerStep(inner, wanted)), "join", literal("; "));
      });
    }
  }
  return over(env, step, (inner, source, name) => joinTexts(env, method(made(step.origin, source), "map", ident(name), lowerStep(inner, body))));
}

const inverted = (condition: Cel): Cel => (condition.kind === "unary" && condition.operator === "!" ? condition.operand : not(condition));

function joinTexts(env: Environment, texts: Cel): Cel {
  const name = freshName("text", env.names);
  return method(method(texts, "filter", ident(name), binary("!=", ident(name), literal(""))), "join", literal("; "));
}

/**
 * Lowers a comprehension: over the list itself, or where the position is used over a list of positions,
 * since CEL binds one variable only (the two-variable macros came with Kubernetes 1.33).
 */
function over(env: Environment, iteration: Iteration, build: (inner: Environment, source: Cel, name: string) => Cel): Cel {
  const source = lowerExpr(env, iteration.list);
  const position = iteration.index;
  if (position === undefined) {
    const bound = bind(env, iteration.item);
    return build(bound.env, source, bound.name);
  }
  const key = `list of ${iteration.item}`; // not a name that a rule can give
  const overPositions = (outer: Environment): Cel => {
    const held = outer.locals.get(key) ?? source;
    const bound = bind(outer, position);
    const inner: Environment = { ...bound.env, locals: new Map(bound.env.locals).set(iteration.item, index(held, ident(bound.name))) };
    return build(inner, positions(env, held, bound.name), bound.name);
  };
  return withBound(env, key, source, isAtomic(source) ? 1 : 2, overPositions, `${iteration.item}List`);
}

/** The positions of a list: the shortest of the prepared lists of numbers that is long enough, cut to size. */
function positions(env: Environment, of: Cel, name: string): Cel {
  const tier = freshName("tier", new Set(env.names).add(name));
  const length = call("size", of);
  const fitting = index(method(variable(INDEXES), "filter", ident(tier), binary(">=", call("size", ident(tier)), length)), literal(0));
  return method(fitting, "filter", ident(name), binary("<", ident(name), length));
}

/** The CEL of an expression. */
export function lowerExpr(env: Environment, expr: Expr): Cel {
  const lower = (each: Expr): Cel => lowerExpr(env, each);
  switch (expr.kind) {
    case "boolean":
    case "integer":
    case "text":
      return literal(expr.value);
    case "list":
      return homogeneous(expr.elements.map(lower));
    case "concat":
      return expr.lists.map(lower).reduce((left, right) => binary("+", left, right));
    case "record":
      return record(expr.fields.map((field) => ({ key: field.name, value: lower(field.value) })));
    case "local":
      return env.locals.get(expr.name) ?? unbound(expr.name);
    case "root":
      return variable(rootName(expr.name));
    case "parameter":
      return select(variable("parameters"), expr.name);
    case "constant":
      return variable(env.constants.get(expr.name) ?? unbound(expr.name));
    case "field":
      return typed(env, expr, select(lower(expr.record), expr.name), expr.record.type);
    case "path":
      return literal(""); // places are not reported in CEL
    case "optional":
      return lowerOptional(env, expr);
    case "entry":
      return withAtomic(env, [expr.map, expr.key], ([map = literal(""), key = literal("")]) => {
        const value = index(map, key);
        const isThere = binary("&&", binary("in", key, map), binary("!=", value, literal(null)));
        const isQuantity = expr.map.type.kind === "map" && expr.map.type.quantities;
        return ternary(isThere, isQuantity ? call("string", value) : value, lower(expr.fallback));
      });
    case "element": {
      return withAtomic(env, [expr.list, expr.index], ([source = literal(""), at = literal("")]) => {
        const isBelow = binary("<", at, call("size", source));
        const isNatural = at.kind === "literal" && typeof at.value === "number" && at.value >= 0;
        return ternary(isNatural ? isBelow : binary("&&", binary("<=", literal(0), at), isBelow), index(source, at), lower(expr.fallback));
      });
    }
    case "not":
      return not(lower(expr.operand));
    case "logical":
      return binary(expr.operator, lower(expr.left), lower(expr.right));
    case "compare":
    case "arithmetic":
      return binary(expr.operator, lower(expr.left), lower(expr.right));
    case "conditional":
      return ternary(lower(expr.condition), lower(expr.then), lower(expr.otherwise));
    case "template":
      return expr.parts.map((part) => (part.type.kind === "integer" ? call("string", lower(part)) : lower(part))).reduce((left, right) => binary("+", left, right));
    case "quantifier":
      return over(env, expr, (inner, source, name) => method(source, expr.quantifier === "some" ? "exists" : "all", ident(name), lowerExpr(inner, expr.condition)));
    case "filter":
      return over(env, expr, (inner, source, name) => {
        const kept = method(source, "filter", ident(name), lowerExpr(inner, expr.condition));
        if (expr.index === undefined) return kept;
        return method(kept, "map", ident(name), inner.locals.get(expr.item) ?? unbound(expr.item));
      });
    case "map":
      return over(env, expr, (inner, source, name) => method(source, "map", ident(name), lowerExpr(inner, expr.value)));
    case "contains":
      return binary("in", lower(expr.element), lower(expr.list));
    case "length":
      return call("size", lower(expr.list));
    case "join":
      return method(lower(expr.list), "join", lower(expr.separator));
    case "split":
      return method(lower(expr.text), "split", lower(expr.separator));
    case "textPredicate":
      return method(lower(expr.text), expr.predicate === "includes" ? "contains" : expr.predicate, lower(expr.part));
    case "matches":
      return method(lower(expr.text), "matches", literal(expr.pattern));
    case "intrinsic": {
      const intrinsic = intrinsics[expr.name] ?? unbound(expr.name);
      if (expr.name === "sum") return intrinsic.cel(expr.args.map(lower), (name) => name);
      return withAtomic(env, expr.args, (args, inner) => intrinsic.cel(args, (name) => freshName(name, inner.names)));
    }
    case "call":
      return inline(env, expr);
    case "let":
      return withBound(env, expr.name, lower(expr.value), weightedUses(expr.body, expr.name), (inner) => lowerExpr(inner, expr.body));
    default:
      return assertNever(expr);
  }
}

/** Integers that do not come from the view may be floats (Kyverno's command line decodes numbers so). */
function typed(env: Environment, expr: Expr, value: Cel, recordType: Type): Cel {
  if (recordType.kind === "record" && recordType.isView) return value;
  if (expr.type.kind === "integer") return call("int", value);
  return expr.type.kind === "list" && expr.type.element.kind === "integer" ? integers(value, freshName("number", env.names)) : value;
}

/** A list of integers, which may be floats too. */
export function integers(value: Cel, name: string): Cel {
  return method(value, "map", ident(name), call("int", ident(name)));
}

function lowerOptional(env: Environment, expr: Expr & { kind: "optional" }): Cel {
  return withAtomic(env, [expr.record], ([holder = literal("")], inner) => {
    const present = method(optionalSelect(holder, expr.name), "orValue", literal(null));
    const value = typed(inner, expr, select(holder, expr.name), expr.record.type);
    return ternary(binary("!=", present, literal(null)), value, lowerExpr(inner, expr.fallback));
  });
}

/** Lowers `exprs` and binds those that are more than a name to one. */
function withAtomic(env: Environment, exprs: readonly Expr[], body: (values: readonly Cel[], env: Environment) => Cel): Cel {
  const step = (position: number, values: readonly Cel[], inner: Environment): Cel => {
    const expr = exprs[position];
    if (expr === undefined) return body(values, inner);
    const value = lowerExpr(env, expr);
    if (isAtomic(value)) return step(position + 1, [...values, value], inner);
    const name = freshName("value", inner.names);
    return bindCel(name, value, step(position + 1, [...values, ident(name)], { ...inner, names: new Set(inner.names).add(name) }));
  };
  return step(0, [], env);
}

/** A helper function's body in place of its call. */
function inline(env: Environment, expr: Expr & { kind: "call" }): Cel {
  const helper = env.functions.get(expr.name) ?? unbound(expr.name);
  const values = expr.args.map((argument) => lowerExpr(env, argument));
  const step = (position: number, inner: Environment): Cel => {
    const parameter = helper.parameters[position];
    const value = values[position];
    if (parameter === undefined || value === undefined) return lowerExpr(inner, helper.body);
    return withBound(inner, parameter.name, value, weightedUses(helper.body, parameter.name), (next) => step(position + 1, next));
  };
  return step(0, { ...env, locals: new Map() });
}

/** A record literal; CEL wants values of one type, or `dyn`. */
export function record(entries: readonly { readonly key: string; readonly value: Cel }[]): Cel {
  return { kind: "map", entries: entries.map(({ key, value }) => ({ key, value: call("dyn", value) })) };
}

/** Plain data. */
export function jsonCel(value: Json): Cel {
  if (Array.isArray(value)) return list(...value.map((each: Json) => jsonCel(each)));
  if (typeof value === "object") return record(Object.entries(value).map(([key, each]: [string, Json]) => ({ key, value: jsonCel(each) })));
  return literal(value);
}

function unbound(name: string): never {
  throw new TypeError(`\`${name}\` is not bound: a pass before the lowering is wrong`);
}
