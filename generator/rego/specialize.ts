/**
 * Passing a large record to a Rego function is slow (a Pod as an argument: seven times slower), so
 * functions get what they use: the review's own records become global, and a record of which only a few
 * fields are read is passed as those fields.
 */
import type { Expr, Function, FunctionParameter, NormalProgram, Step } from "../ir/ir.js";
import { textType } from "../ir/ir.js";
import { boundNames, mapChildren, stepExprs, visitExpr } from "../ir/walk.js";

/** A record is passed as its fields where the function reads no more of them than this. */
const MAX_FIELDS = 4;

export function specialize(program: NormalProgram): NormalProgram {
  return program.functions.reduce(passFields, [...program.functions].reverse().reduce(useGlobals, program));
}

/** Replaces parameters that are the same record of the review in every call by that record. Callers come first. */
function useGlobals(program: NormalProgram, { name }: Function<Expr>): NormalProgram {
  const helper = program.functions.find((each) => each.name === name);
  if (helper === undefined) return program;
  const calls = callsOf(program, name);
  const globals = helper.parameters.map((_, position) => {
    const [first, ...others] = calls.map((args) => args[position]);
    if (first?.kind !== "root") return undefined;
    return others.every((other) => other?.kind === "root" && other.name === first.name) ? first : undefined;
  });
  if (globals.every((each) => each === undefined)) return program;
  const replacement = new Map(helper.parameters.flatMap(({ name: parameter }, position) => (globals[position] === undefined ? [] : [[parameter, globals[position]] as const])));
  const body = substitute(helper.body, (local) => replacement.get(local.name));
  return rewriteCalls(program, name, { ...helper, parameters: helper.parameters.filter((_, position) => globals[position] === undefined), body }, (args) => args.filter((_, position) => globals[position] === undefined));
}

/** Replaces parameters of which only fields are read by those fields. Callees come first. */
function passFields(program: NormalProgram, { name }: Function<Expr>): NormalProgram {
  const helper = program.functions.find((each) => each.name === name);
  if (helper === undefined) return program;
  const taken = new Set([...localNames(helper.body), ...helper.parameters.map((parameter) => parameter.name)]);
  const split = helper.parameters.map((parameter) => fieldParameters(helper.body, parameter, taken));
  if (split.every((each) => each === undefined)) return program;
  const body = split.reduce((expr, fields, position) => {
    const parameter = helper.parameters[position];
    return fields === undefined || parameter === undefined ? expr : replaceReads(expr, parameter.name, fields);
  }, helper.body);
  const parameters = helper.parameters.flatMap((parameter, position) => split[position]?.map((field) => field.parameter) ?? [parameter]);
  return rewriteCalls(program, name, { ...helper, parameters, body }, (args) =>
    args.flatMap((argument, position) => split[position]?.map((field) => field.read(argument)) ?? [argument]),
  );
}

/** One field of a record, passed by itself. */
export interface FieldParameter {
  readonly parameter: FunctionParameter;
  /** The read in `body` that the parameter stands for. */
  readonly matches: (expr: Expr) => boolean;
  /** Reads the field of the record that a caller passes. */
  readonly read: (record: Expr) => Expr;
}

/**
 * The fields of `record` that `body` reads; undefined where it uses the record in another way, or too many of them.
 * @param taken names that the parameters must not have, and gets theirs
 */
export function fieldParameters(body: Expr, record: FunctionParameter, taken: Set<string>): readonly FieldParameter[] | undefined {
  if (record.type.kind !== "record") return undefined;
  const reads = new Map<string, Expr & { kind: "field" | "path" }>();
  let count = 0;
  let uses = 0;
  visitExpr(body, (each) => {
    if (each.kind === "local" && each.name === record.name) uses += 1;
    if ((each.kind !== "field" && each.kind !== "path") || each.record.kind !== "local" || each.record.name !== record.name) return;
    count += 1;
    reads.set(each.kind === "field" ? `field ${each.name}` : "path", each);
  });
  if (uses === 0 || count !== uses || reads.size > MAX_FIELDS) return undefined;
  return [...reads.values()].map((read) => {
    const field = read.kind === "field" ? read.name : "path";
    const type = read.kind === "field" ? read.type : textType;
    return {
      parameter: { name: claim(taken, `${record.name}_${field}`), type },
      matches: (expr) => (expr.kind === "field" ? read.kind === "field" && expr.name === field : expr.kind === read.kind),
      read: (argument) => (read.kind === "path" ? { kind: "path", record: argument, type } : { kind: "field", record: argument, name: field, type }),
    };
  });
}

function claim(taken: Set<string>, wanted: string): string {
  let name = wanted;
  while (taken.has(name)) name = `${name}_`;
  taken.add(name);
  return name;
}

/** The names of locals that `expr` uses or binds. */
export function localNames(expr: Expr): Set<string> {
  const found = new Set<string>();
  visitExpr(expr, (each) => {
    for (const name of boundNames(each)) found.add(name);
    if (each.kind === "local") found.add(each.name);
  });
  return found;
}

/** `expr` with the reads of `record`'s fields replaced by the parameters that carry them. */
export function replaceReads(expr: Expr, record: string, fields: readonly FieldParameter[]): Expr {
  if ((expr.kind === "field" || expr.kind === "path") && expr.record.kind === "local" && expr.record.name === record) {
    const field = fields.find((each) => each.matches(expr));
    if (field !== undefined) return { kind: "local", name: field.parameter.name, type: expr.type };
  }
  return mapChildren(expr, (child) => replaceReads(child, record, fields));
}

function substitute(expr: Expr, replacement: (local: Expr & { kind: "local" }) => Expr | undefined): Expr {
  if (expr.kind === "local") return replacement(expr) ?? expr;
  return mapChildren(expr, (child) => substitute(child, replacement));
}

function callsOf(program: NormalProgram, name: string): (readonly Expr[])[] {
  const found: (readonly Expr[])[] = [];
  for (const expr of mainExprs(program).concat(program.functions.map((each) => each.body))) {
    visitExpr(expr, (each) => {
      if (each.kind === "call" && each.name === name) found.push(each.args);
    });
  }
  return found;
}

function mainExprs(program: NormalProgram): Expr[] {
  return [program.applies, program.exempt, ...program.bounds.map((bound) => bound.count), ...stepExprs(program.body)].filter((each) => each !== undefined);
}

function rewriteCalls(program: NormalProgram, name: string, helper: Function<Expr>, rewrite: (args: readonly Expr[]) => readonly Expr[]): NormalProgram {
  const visit = (expr: Expr): Expr => {
    const inner = mapChildren(expr, visit);
    return inner.kind === "call" && inner.name === name ? { ...inner, args: rewrite(inner.args) } : inner;
  };
  return {
    ...program,
    functions: program.functions.map((each) => (each.name === name ? helper : { ...each, body: visit(each.body) })),
    ...(program.applies === undefined ? {} : { applies: visit(program.applies) }),
    ...(program.exempt === undefined ? {} : { exempt: visit(program.exempt) }),
    bounds: program.bounds.map((bound) => ({ ...bound, count: visit(bound.count) })),
    body: mapStep(program.body, visit),
  };
}

function mapStep(step: Step, visit: (expr: Expr) => Expr): Step {
  switch (step.kind) {
    case "each":
      return { ...step, list: visit(step.list), body: mapStep(step.body, visit) };
    case "let":
      return { ...step, value: visit(step.value), body: mapStep(step.body, visit) };
    case "if":
      return { ...step, condition: visit(step.condition), then: mapStep(step.then, visit), otherwise: mapStep(step.otherwise, visit) };
    case "seq":
      return { ...step, steps: step.steps.map((each) => mapStep(each, visit)) };
    case "yield":
      return { ...step, location: visit(step.location), message: visit(step.message) };
  }
}
