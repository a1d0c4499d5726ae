import { intrinsics } from "../intrinsics.js";
import { literal, not } from "../ir/build.js";
import { assertNever, type CompareOperator, type Expr, type Function, type FunctionParameter, type Iteration, type Made } from "../ir/ir.js";
import { countUses, freeLocals } from "../ir/walk.js";
import { array, assign, call, holds, infix, ref, scalar, variable, type Clause, type Literal, type Rule, type Term } from "./ast.js";
import { clauseVariables } from "./variables.js";
import type { LibraryName } from "./library.js";
import { Names, rootName } from "./names.js";
import { fieldParameters, localNames, replaceReads } from "./specialize.js";

/** A predicate is undefined where it is false; a value is always defined. */
export type LiftedAs = "predicate" | "value";

/** What is shared while one module is lowered. */
export interface ModuleContext {
  readonly names: Names;
  readonly rules: Rule[];
  readonly library: Set<LibraryName>;
  /** Whether integers that stand in texts may be beyond what `format_int` writes. */
  readonly showsLarge: boolean;
  /** Rego names of helper functions and constants. */
  readonly globals: ReadonlyMap<string, string>;
  /** What was lifted already, by the expression that it was made from. */
  readonly lifted: Readonly<Record<LiftedAs, Map<Expr, { readonly name: string; readonly args: readonly Expr[] }>>>;
}

/** A body that is being written. */
export interface BodyContext {
  readonly module: ModuleContext;
  readonly body: Literal[];
  readonly names: Names;
  /** Rego names of locals. */
  readonly locals: ReadonlyMap<string, string>;
  /** What the value is called that is being computed: names what must be lifted for it. */
  readonly hint: string;
  /** Inside a list comprehension: a line that holds in two ways would give two elements. */
  readonly oneWay?: boolean;
  /** Arguments of the function whose body it is. */
  readonly args?: ReadonlySet<string>;
}

const inverse: Readonly<Record<CompareOperator, CompareOperator>> = { "==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">" };

export function newBody(module: ModuleContext, hint: string): BodyContext {
  return { module, body: [], names: new Names(module.names), locals: new Map(), hint };
}

/** `context` with a local bound to a fresh name. */
export function bindLocal(context: BodyContext, local: string): { context: BodyContext; name: string } {
  const name = context.names.take(local);
  return { name, context: { ...context, locals: new Map(context.locals).set(local, name) } };
}

/** Writes the lines that hold exactly when `expr` is true (or, `negated`, when it is false). */
export function lowerCondition(context: BodyContext, expr: Expr, negated = false): void {
  const { body } = context;
  switch (expr.kind) {
    case "boolean":
      if (expr.value === negated) body.push(holds(scalar(false)));
      return;
    case "not":
      return lowerCondition(context, expr.operand, !negated);
    case "logical":
      if ((expr.operator === "&&") !== negated) {
        lowerCondition(context, expr.left, negated);
        return lowerCondition(context, expr.right, negated);
      }
      body.push(holds(callLifted(context, expr, "predicate"), negated));
      return;
    case "conditional":
      body.push(holds(callLifted(context, expr, "predicate"), negated));
      return;
    case "compare":
      body.push(holds(infix(negated ? inverse[expr.operator] : expr.operator, lowerValue(context, expr.left), lowerValue(context, expr.right))));
      return;
    case "contains":
      body.push(holds(infix("in", lowerValue(context, expr.element), lowerValue(context, expr.list)), negated));
      return;
    case "quantifier":
      return lowerQuantifier(context, expr, negated);
    case "call":
      body.push(holds(lowerCall(context, expr.name, expr.args), negated));
      return;
    case "let": {
      const value = lowerValue({ ...context, hint: expr.name }, expr.value);
      const bound = bindLocal(context, expr.name);
      body.push(assign(bound.name, value));
      return lowerCondition(bound.context, expr.body, negated);
    }
    default:
      body.push(holds(lowerValue(context, expr), negated));
  }
}

function lowerQuantifier(context: BodyContext, expr: Expr & { kind: "quantifier" }, negated: boolean): void {
  if (context.oneWay === true && (expr.quantifier === "some") !== negated) {
    context.body.push(holds(callLifted(context, negated ? not(expr) : expr, "predicate")));
    return;
  }
  const list = lowerValue(context, expr.list);
  const { inner, binding } = bindIteration(context, expr);
  if ((expr.quantifier === "some") !== negated) {
    context.body.push({ kind: "some", ...binding, list });
    return lowerCondition({ ...inner, body: context.body }, expr.condition, negated);
  }
  // not some x: every x not …; every x: as it is.
  const body: Literal[] = [];
  lowerCondition({ ...inner, body, oneWay: false }, expr.condition, negated);
  // opa refuses names of `every` that are not used.
  const used = new Set(clauseVariables({ body }));
  const index = binding.index !== undefined && used.has(binding.index) ? { index: binding.index } : {};
  context.body.push({ kind: "every", ...index, item: used.has(binding.item) ? binding.item : "_", list, body });
}

export function bindIteration(context: BodyContext, { item, index }: Iteration): { inner: BodyContext; binding: { item: string; index?: string } } {
  const withIndex = index === undefined ? { context, name: undefined } : bindLocal(context, index);
  const withItem = bindLocal(withIndex.context, item);
  return { inner: withItem.context, binding: { item: withItem.name, ...(withIndex.name === undefined ? {} : { index: withIndex.name }) } };
}

/** The term for the value of `expr`; lines that it needs go into the body. */
export function lowerValue(context: BodyContext, expr: Expr): Term {
  const value = (each: Expr): Term => lowerValue(context, each);
  switch (expr.kind) {
    case "boolean":
    case "integer":
    case "text":
      return scalar(expr.value);
    case "list":
      return array(expr.elements.map(value));
    case "concat":
      return expr.lists.map(value).reduce((left, right) => call("array.concat", left, right));
    case "record":
      return { kind: "object", entries: expr.fields.map((field) => ({ key: field.name, value: value(field.value) })) };
    case "local":
      return variable(context.locals.get(expr.name) ?? unbound(expr.name));
    case "root":
      return variable(rootName(expr.name));
    case "parameter":
      return ref(variable("parameters"), expr.name);
    case "constant":
      return variable(context.module.globals.get(expr.name) ?? unbound(expr.name));
    case "field":
      return ref(value(expr.record), expr.name);
    case "path":
      return ref(value(expr.record), "path");
    case "optional":
      return libraryCall(context, "get", value(expr.record), array([scalar(expr.name)]), value(expr.fallback));
    case "entry":
      return lowerEntry(context, expr);
    case "element":
      return libraryCall(context, "element", value(expr.list), value(expr.index), value(expr.fallback));
    case "arithmetic":
      return infix(expr.operator, value(expr.left), value(expr.right));
    case "not":
    case "logical":
    case "compare":
    case "quantifier":
    case "contains":
    case "textPredicate":
    case "matches":
      return lowerTruth(context, expr);
    case "conditional":
      return callLifted(context, expr, "value");
    case "template":
      return call("concat", scalar(""), array(expr.parts.map((part) => (part.type.kind === "integer" ? digits(context, value(part)) : value(part)))));
    case "filter":
      return lowerComprehension(context, expr, expr.condition, { kind: "local", name: expr.item, type: expr.type });
    case "map":
      return lowerComprehension(context, expr, literal(true), expr.value);
    case "length":
      return call("count", value(expr.list));
    case "join":
      return call("concat", value(expr.separator), value(expr.list));
    case "split":
      return call("split", value(expr.text), value(expr.separator));
    case "intrinsic": {
      const intrinsic = intrinsics[expr.name] ?? unbound(expr.name);
      for (const name of intrinsic.library) context.module.library.add(name);
      return intrinsic.rego(expr.args.map(value));
    }
    case "call":
      return expr.type.kind === "boolean" ? callLifted(context, expr, "value") : lowerCall(context, expr.name, expr.args);
    case "let": {
      const bound = bindLocal(context, expr.name);
      context.body.push(assign(bound.name, lowerValue({ ...context, hint: expr.name }, expr.value)));
      return lowerValue(bound.context, expr.body);
    }
    default:
      return assertNever(expr);
  }
}

/** A boolean where a value is wanted: builtins have one, everything else holds or does not. */
function lowerTruth(context: BodyContext, expr: Expr): Term {
  if (expr.kind === "textPredicate") {
    const names = { startsWith: "startswith", endsWith: "endswith", includes: "contains" };
    return call(names[expr.predicate], lowerValue(context, expr.text), lowerValue(context, expr.part));
  }
  if (expr.kind === "matches") return call("regex.match", scalar(expr.pattern), lowerValue(context, expr.text));
  return callLifted(context, expr, "value");
}

/** `filter` and `map`; a filter of a filter and a map of a filter become one comprehension. */
function lowerComprehension(context: BodyContext, iteration: Iteration, condition: Expr, head: Expr): Term {
  const filters: { item: string; condition: Expr }[] = [];
  let source = iteration.list;
  while (source.kind === "filter" && source.index === undefined && iteration.index === undefined) {
    filters.unshift({ item: source.item, condition: source.condition });
    source = source.list;
  }
  const list = lowerValue(context, source);
  const { inner, binding } = bindIteration(context, iteration);
  const body: Literal[] = [{ kind: "some", ...binding, list }];
  const locals = new Map([...inner.locals, ...filters.map(({ item }) => [item, binding.item] as const)]);
  const within = { ...inner, body, locals, oneWay: true };
  for (const each of [...filters.map((filter) => filter.condition), condition]) lowerCondition(within, each);
  return { kind: "comprehension", head: withTypes(within, lowerValue(within, head)), body };
}

/** An element with the arguments in it under names of their own: of an argument itself OPA knows no type, and refuses what looks through the list. */
function withTypes(context: BodyContext, element: Term): Term {
  if (element.kind === "array") return { ...element, items: element.items.map((each) => withTypes(context, each)) };
  if (element.kind === "object") return { ...element, entries: element.entries.map((entry) => ({ ...entry, value: withTypes(context, entry.value) })) };
  if (element.kind !== "var" || context.args?.has(element.name) !== true) return element;
  const name = context.names.take(element.name);
  context.body.push(assign(name, element));
  return variable(name);
}

function lowerEntry(context: BodyContext, expr: Expr & { kind: "entry" }): Term {
  const { map, key, fallback } = expr;
  const found = libraryCall(context, "get", lowerValue(context, map), array([lowerValue(context, key)]), lowerValue(context, fallback));
  if (map.type.kind !== "map" || !map.type.quantities) return found;
  context.module.library.add("digits_of");
  return libraryCall(context, "quantity_of", found);
}

function digits(context: BodyContext, number: Term): Term {
  return context.module.showsLarge ? libraryCall(context, "digits_of", number) : call("format_int", number, scalar(10));
}

function lowerCall(context: BodyContext, name: string, args: readonly Expr[]): Term {
  const global = context.module.globals.get(name) ?? unbound(name);
  const values = args.map((argument) => lowerValue(context, argument));
  return values.length === 0 ? variable(global) : call(global, ...values);
}

function libraryCall(context: BodyContext, name: LibraryName, ...args: readonly Term[]): Term {
  context.module.library.add(name);
  return call(name, ...args);
}

/** Moves `expr` into a rule of its own, because Rego has no `||` and no conditional expression, and calls it. */
function callLifted(context: BodyContext, expr: Expr, as: LiftedAs): Term {
  const { module } = context;
  const lifted = module.lifted[as].get(expr) ?? lift(context, expr, as);
  module.lifted[as].set(expr, lifted);
  const args = lifted.args.map((argument) => lowerValue(context, argument));
  return args.length === 0 ? variable(lifted.name) : call(lifted.name, ...args);
}

function lift(context: BodyContext, expr: Expr, as: LiftedAs): { name: string; args: readonly Expr[] } {
  let body = expr;
  const parameters: FunctionParameter[] = [];
  const args: Expr[] = [];
  const taken = localNames(expr);
  for (const local of freeLocals(expr)) {
    const fields = fieldParameters(body, local, taken);
    if (fields === undefined) {
      parameters.push(local);
      args.push(local);
      continue;
    }
    body = replaceReads(body, local.name, fields);
    parameters.push(...fields.map((field) => field.parameter));
    args.push(...fields.map((field) => field.read(local)));
  }
  const name = context.module.names.take(as === "value" ? `choose_${context.hint}` : `${context.hint}_when`);
  lowerFunction(context.module, { name, parameters, result: expr.type, body }, name, as);
  return { name, args };
}

/** Adds the rules of a function: one an alternative for a predicate, an `else` chain for a value. */
export function lowerFunction(module: ModuleContext, helper: Function<Expr>, name: string, as: LiftedAs): void {
  let context = newBody(module, name.replace(/^choose_|_when$/g, ""));
  const args = helper.parameters.map((parameter) => {
    const bound = bindLocal(context, parameter.name);
    context = bound.context;
    return bound.name;
  });
  context = { ...context, args: new Set(args) };
  const add = (clause: Clause, otherwise: readonly Clause[]): void => {
    // `opa check --strict` refuses an argument that is not used.
    const used = new Set([clause, ...otherwise].flatMap(clauseVariables));
    module.rules.push({ name, ...(args.length === 0 ? {} : { args: args.map((each) => (used.has(each) ? each : "_")) }), clause, otherwise });
  };
  if (as === "predicate") {
    for (const clause of alternatives(context, helper.body, [])) add(clause, []);
    return;
  }
  const [clause, ...otherwise] = choices(context, helper.body, []);
  if (clause !== undefined) add(clause, otherwise);
}

/** What stands before a finding or a result on the way down the tree. */
export type Prefix = Made & (
  | ({ readonly kind: "each" } & Iteration)
  | { readonly kind: "let"; readonly name: string; readonly value: Expr }
  | { readonly kind: "guard"; readonly condition: Expr; readonly negated: boolean }
);

/** Writes the lines of `prefix`, without bindings that neither a later line nor `results` use: `opa check --strict` refuses them. */
export function lowerPrefix(context: BodyContext, prefix: readonly Prefix[], results: readonly Expr[]): BodyContext {
  let inner = context;
  for (const each of withoutUnused(prefix, results)) {
    const start = inner.body.length;
    if (each.kind === "guard") lowerCondition(inner, each.condition, each.negated);
    if (each.kind === "let") {
      const value = lowerValue({ ...inner, hint: each.name }, each.value);
      const bound = bindLocal(inner, each.name);
      inner.body.push(assign(bound.name, value));
      inner = bound.context;
    }
    if (each.kind === "each") {
      const list = lowerValue(inner, each.list);
      const bound = bindIteration(inner, each);
      inner.body.push({ kind: "some", ...bound.binding, list });
      inner = bound.inner;
    }
    markLines(inner.body, start, each.origin);
  }
  return inner;
}

/** Says of the lines from `start` what they were made of. */
export function markLines(body: Literal[], start: number, origin: number | undefined): void {
  if (origin !== undefined) body.push(...body.splice(start).map((line) => ({ ...line, origin })));
}

function withoutUnused(prefix: readonly Prefix[], results: readonly Expr[]): Prefix[] {
  const kept: Prefix[] = [];
  const used = [...results];
  for (const each of [...prefix].reverse()) {
    if (each.kind === "let" && !used.some((expr) => countUses(expr, each.name) > 0)) continue;
    kept.unshift(each);
    used.push(each.kind === "each" ? each.list : each.kind === "let" ? each.value : each.condition);
  }
  return kept;
}

function writeBody(context: BodyContext, prefix: readonly Prefix[], results: readonly Expr[]): BodyContext {
  return lowerPrefix({ ...context, body: [], names: new Names(context.names) }, prefix, results);
}

/** The bodies of which one holds exactly when `prefix` and `expr` do. */
function alternatives(context: BodyContext, expr: Expr, prefix: readonly Prefix[]): Clause[] {
  const guard = (condition: Expr, negated: boolean): readonly Prefix[] => [...prefix, { kind: "guard", condition, negated }];
  if (expr.kind === "let") return alternatives(context, expr.body, [...prefix, { kind: "let", name: expr.name, value: expr.value }]);
  if (expr.kind === "logical") {
    if (expr.operator === "&&") return alternatives(context, expr.right, guard(expr.left, false));
    return [...alternatives(context, expr.left, prefix), ...alternatives(context, expr.right, prefix)];
  }
  if (expr.kind === "conditional") {
    return [...alternatives(context, expr.then, guard(expr.condition, false)), ...alternatives(context, expr.otherwise, guard(expr.condition, true))];
  }
  return [{ body: writeBody(context, guard(expr, false), []).body }];
}

/** The `else` chain that computes `expr`. */
function choices(context: BodyContext, expr: Expr, prefix: readonly Prefix[]): Clause[] {
  if (expr.kind === "let") return choices(context, expr.body, [...prefix, { kind: "let", name: expr.name, value: expr.value }]);
  const isPlainTruth = expr.kind === "boolean" || expr.kind === "field" || expr.kind === "local" || expr.kind === "conditional";
  if (expr.type.kind === "boolean" && !isPlainTruth) {
    return choices(context, { kind: "conditional", condition: expr, then: literal(true), otherwise: literal(false), type: expr.type }, prefix);
  }
  if (expr.kind !== "conditional") {
    const inner = writeBody(context, prefix, [expr]);
    return [{ value: lowerValue(inner, expr), body: inner.body }];
  }
  const guarded: readonly Prefix[] = [...prefix, { kind: "guard", condition: expr.condition, negated: false }];
  const inner = writeBody(context, guarded, [expr.then]);
  const value = lowerValue({ ...inner, hint: `${context.hint}_then` }, expr.then);
  return [{ value, body: inner.body }, ...choices(context, expr.otherwise, prefix)];
}

function unbound(name: string): never {
  throw new TypeError(`\`${name}\` is not bound: a pass before the lowering is wrong`);
}
