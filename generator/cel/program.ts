import { MAX_TEXT_BYTES, tooLongMessage } from "../../policies/kit/frame.js";
import type { CelProgram, RuleMeta, StructuralSchema, TracedVariable } from "../compiled.js";
import type { RecordName } from "../../policies/kit/view.js";
import { countedLists } from "../ir/extents.js";
import { gateOf, withApplies } from "../ir/gate.js";
import type { BoundCheck } from "../ir/ir.js";
import type { Pruned } from "../ir/prune.js";
import { buildParameters, isJson } from "../schema/walk.js";
import { isObject } from "../schema/json.js";
import { binary, call, chain, ident, list, literal, method, not, optionalSelect, select, ternary, variable, type Cel } from "./ast.js";
import { bindingDepth, someCel } from "./walk.js";
import { bindCel } from "../intrinsics.js";
import { gateCel } from "./gate.js";
import { INDEXES, integers, jsonCel, lowerExpr, lowerStep, made, record, type Environment } from "./lower.js";
import { freshName } from "./names.js";
import { printCel, traceCel } from "./print.js";
import { frameVariables, REVIEWED, viewVariables, type Variable } from "./view.js";

type Given = Readonly<Record<string, unknown>>;

/** The rule as one CEL validation; see `CompiledRule.cel`. */
export function celProgram(meta: RuleMeta, pruned: Pruned, schema: StructuralSchema, given?: Given): CelProgram {
  const text = variable("findings");
  const tooLong = tooLongMessage(meta.id);
  return {
    variables: programVariables(pruned, schema, given).map(({ name, expression }) => ({ name, expression: printCel(expression) })),
    condition: printCel(binary("==", text, literal(""))),
    messageExpression: printCel(ternary(binary(">", call("size", call("bytes", text)), literal(MAX_TEXT_BYTES)), literal(tooLong), text)),
    message: tooLong,
  };
}

/** The variables of `celProgram`, and what their parts were made of. */
export function traceProgram(pruned: Pruned, schema: StructuralSchema, given?: Given): TracedVariable[] {
  return programVariables(pruned, schema, given).map(({ name, expression }) => ({ name, ...traceCel(expression) }));
}

/** How deep the rule's comprehensions and bindings lie in each other: engines stop parsing at a depth. */
export function celDepth(pruned: Pruned, schema: StructuralSchema): number {
  return Math.max(...programVariables(pruned, schema).map(({ expression }) => bindingDepth(expression)));
}

/** The variables of the policy in order; the last one, `findings`, is the text of all findings. */
function programVariables(pruned: Pruned, schema: StructuralSchema, given?: Given): Variable[] {
  const gate = gateOf(pruned.program);
  const program = gate === undefined ? pruned.program : withApplies(pruned.program, gate.applies);
  const taken = new Set<string>(frameVariables);
  const constants = new Map<string, string>();
  for (const { name } of program.constants) {
    const unique = freshName(name, taken);
    taken.add(unique);
    constants.set(name, unique);
  }
  const env: Environment = { functions: new Map(program.functions.map((each) => [each.name, each])), constants, locals: new Map(), names: new Set() };
  const inScope = chain(
    "&&",
    [
      ...(gate === undefined ? [] : [made(program.appliesOrigin, gateCel(gate))]),
      variable(REVIEWED),
      ...(program.applies === undefined ? [] : [made(program.appliesOrigin, lowerExpr(env, program.applies))]),
      ...(program.exempt === undefined ? [] : [not(lowerExpr(env, program.exempt))]),
    ],
    literal(true),
  );
  const body = program.bounds.reduceRight<Cel>(
    (otherwise, bound) => ternary(binary(">", lowerExpr(env, bound.count), literal(bound.limit)), literal(bound.message), otherwise),
    lowerStep(env, program.body),
  );
  const findings = ternary(variable("inScope"), body, literal(""));
  const isEarly = ({ record, field }: BoundCheck["reads"]): boolean => (pruned.earlyReads[record as RecordName] ?? []).includes(field); // names of the table
  const lateBounds = program.bounds.filter(({ reads }) => !isEarly(reads));
  const main: Variable[] = [...viewVariables(program.reviews, pruned, lateBounds), { name: "inScope", expression: inScope }, { name: "findings", expression: findings }];
  const usesIndexes = main.some(({ expression }) => someCel(expression, (each) => each.kind === "select" && each.field === INDEXES));
  return [
    ...(pruned.parameters.length === 0 ? [] : [{ name: "parameters", expression: parameters(schema, pruned.parameters, given) }]),
    ...program.constants.map(({ name, value }) => ({ name: constants.get(name) ?? name, expression: jsonCel(value) })),
    ...(usesIndexes ? [{ name: INDEXES, expression: indexes(Math.max(...countedLists(pruned, schema).map(({ length }) => length))) }] : []),
    ...main,
  ];
}

/** The variable `parameters` of a policy that has these written into it. Needs the schema alone: a policy that is there can be given others. */
export function writtenParameters(schema: StructuralSchema, names: readonly string[], given: Given): string {
  return printCel(parameters(schema, names, given));
}

/** The parameters that the rule uses: written out, or read from a Constraint with the schema's defaults. */
function parameters(schema: StructuralSchema, names: readonly string[], given: Given | undefined): Cel {
  return buildParameters<Cel>(schema, names, {
    record: (fields) => record(fields.map(({ name, value }) => ({ key: name, value }))),
    value: (path, fallback, holds) => {
      if (given !== undefined) return jsonCel(valueAt(given, path) ?? fallback);
      const params = variable("params");
      const value = select(params, ...path);
      const present = binary("!=", method(optionalSelect(params, ...path), "orValue", literal(null)), literal(null));
      const typed = { integer: () => call("int", value), integers: () => integers(value, "number"), other: () => value };
      return ternary(present, typed[holds](), jsonCel(fallback));
    },
  });
}

function valueAt(given: Given, path: readonly string[]): Parameters<typeof jsonCel>[0] | undefined {
  let value: unknown = given;
  for (const name of path) value = isObject(value) ? value[name] : undefined;
  return isJson(value) ? value : undefined;
}

/**
 * Lists of the numbers from 0: 4 of them, then four times as many up to `longest`. Kubernetes 1.30 has no
 * `lists.range`; a short list in front keeps the cost of the usual object low.
 */
export function indexes(longest: number): Cel {
  const first = list(literal(0), literal(1), literal(2), literal(3));
  const build = (size: number, tiers: readonly Cel[]): Cel => {
    const last = tiers[tiers.length - 1] ?? first;
    if (size >= longest) return list(...tiers);
    const name = `upTo${String(size * 4)}`;
    const position = ident("i");
    const longer = chain("+", [last, ...[1, 2, 3].map((times) => method(last, "map", position, binary("+", position, literal(size * times))))], last);
    return bindCel(name, longer, build(size * 4, [...tiers, ident(name)]));
  };
  return bindCel("upTo4", first, build(4, [ident("upTo4")]));
}
