import { extentsOf } from "../ir/extents.js";
import { gateOf, withApplies, type Gate } from "../ir/gate.js";
import { usedFunctions, type Pruned } from "../ir/prune.js";
import { assertNever, type Json, type NormalProgram, type Step } from "../ir/ir.js";
import type { Traced } from "../origins.js";
import type { RuleMeta, StructuralSchema } from "../compiled.js";
import { array, assign, holds, infix, scalar, variable, type Literal, type Rule, type Term } from "./ast.js";
import { CONCERNED, gateRules, POD_TEMPLATE } from "./gate.js";
import { library, libraryTexts, type LibraryName } from "./library.js";
import { lowerCondition, lowerFunction, lowerPrefix, lowerValue, markLines, newBody, type BodyContext, type ModuleContext, type Prefix } from "./lower.js";
import { Names } from "./names.js";
import { parameterTerm } from "./parameters.js";
import { traceModule } from "./print.js";
import { specialize } from "./specialize.js";
import { viewNames, viewRules } from "./view.js";

/** Names of the rules that stand around every compiled rule, whether it uses them or not: they read the same everywhere. */
const frameNames = [
  ...["violation", "in_scope", "within_bounds", "parameters", "control_characters", "msg", "path", CONCERNED, POD_TEMPLATE],
  ...viewNames,
  ...Object.keys(library),
];

/** The rule as a module of Rego v1. */
export function regoModule(meta: RuleMeta, pruned: Pruned, schema: StructuralSchema, packagePath: readonly string[], parametersRef: readonly string[]): Traced {
  const gate = gateOf(pruned.program);
  const program = usedFunctions(specialize(gate === undefined ? pruned.program : withApplies(pruned.program, gate.applies)));
  const names = new Names();
  for (const name of frameNames) names.take(name);
  const globals = new Map<string, string>();
  for (const { name } of [...program.constants, ...program.functions]) globals.set(name, names.take(name));
  const view = viewRules(program.reviews, pruned);
  const used = new Set<LibraryName>(view.library);
  const module: ModuleContext = { names, rules: [], library: used, showsLarge: extentsOf(pruned, schema).showsLarge, globals, lifted: { predicate: new Map(), value: new Map() } };
  const frame = frameRules(module, program, gate);
  const findings = findingRules(module, program);
  const helpers = program.functions.flatMap((helper) => {
    const before = module.rules.length;
    lowerFunction(module, helper, globals.get(helper.name) ?? helper.name, helper.result.kind === "boolean" ? "predicate" : "value");
    return module.rules.splice(before);
  });
  const lifted = module.rules.splice(0);
  const parameters: Rule[] = pruned.parameters.length === 0 ? [] : [{ name: "parameters", clause: { value: parameterTerm(schema, pruned.parameters, parametersRef), body: [] }, otherwise: [] }];
  return traceModule({
    comments: [`${meta.title}.`, `Generated from ${meta.file}; do not edit.`],
    packagePath,
    rules: [...findings, ...frame, ...parameters, ...constantRules(program, globals), ...lifted, ...helpers, ...view.rules],
    library: libraryTexts(used),
  });
}

/** `in_scope`, `within_bounds` and the findings for lists that are too long. */
function frameRules(module: ModuleContext, program: NormalProgram, gate: Gate | undefined): Rule[] {
  const scope = newBody(module, "in_scope");
  if (gate !== undefined) scope.body.push(holds(variable(CONCERNED)));
  scope.body.push(holds(variable("reviewed")));
  const start = scope.body.length;
  if (program.applies !== undefined) lowerCondition(scope, program.applies);
  markLines(scope.body, start, program.appliesOrigin);
  if (program.exempt !== undefined) lowerCondition(scope, program.exempt, true);
  const inScope: Rule = { name: "in_scope", clause: { body: scope.body }, otherwise: [] };
  const concerned = gate === undefined ? [] : gateRules(gate, module.names).map((rule) => (rule.name === CONCERNED ? { ...rule, origin: program.appliesOrigin } : rule));
  if (program.bounds.length === 0) return [inScope, ...concerned];
  const within = newBody(module, "within_bounds");
  within.body.push(holds(variable("in_scope")));
  const excess = program.bounds.map((bound, position): Rule => {
    const context = newBody(module, "excess");
    context.body.push(holds(variable("in_scope")));
    for (const earlier of program.bounds.slice(0, position)) context.body.push(holds(infix("<=", lowerValue(context, earlier.count), scalar(earlier.limit))));
    context.body.push(holds(infix(">", lowerValue(context, bound.count), scalar(bound.limit))));
    within.body.push(holds(infix("<=", lowerValue(within, bound.count), scalar(bound.limit))));
    return violation(context, lowerValue(context, bound.location), scalar(bound.message));
  });
  return [...excess, inScope, { name: "within_bounds", clause: { body: within.body }, otherwise: [] }, ...concerned];
}

function findingRules(module: ModuleContext, program: NormalProgram): Rule[] {
  const guard = program.bounds.length === 0 ? "in_scope" : "within_bounds";
  const rules: Rule[] = [];
  const visit = (step: Step, prefix: readonly Prefix[]): void => {
    switch (step.kind) {
      case "each":
        return visit(step.body, [...prefix, { ...step, kind: "each" }]);
      case "let":
        return visit(step.body, [...prefix, { kind: "let", name: step.name, value: step.value, origin: step.origin }]);
      case "if":
        visit(step.then, [...prefix, { kind: "guard", condition: step.condition, negated: false, origin: step.origin }]);
        return visit(step.otherwise, [...prefix, { kind: "guard", condition: step.condition, negated: true, origin: step.origin }]);
      case "seq":
        return step.steps.forEach((each) => visit(each, prefix));
      case "yield":
        rules.push(findingRule(module, guard, prefix, step));
        return;
      default:
        assertNever(step);
    }
  };
  visit(program.body, []);
  return rules;
}

function findingRule(module: ModuleContext, guard: string, prefix: readonly Prefix[], finding: Step & { kind: "yield" }): Rule {
  const start = newBody(module, "finding");
  start.body.push(holds(variable(guard)));
  const context = lowerPrefix(start, prefix, [finding.location, finding.message]);
  const message = lowerValue({ ...context, hint: "message" }, finding.message);
  const location = lowerValue({ ...context, hint: "location" }, finding.location);
  return { ...violation(context, location, message), origin: finding.origin };
}

/** One member of the set that Gatekeeper reads. */
function violation(context: BodyContext, location: Term, message: Term): Rule {
  const body: Literal[] = [...context.body, assign("msg", message), assign("path", location)];
  const details: Term = { kind: "object", entries: [{ key: "path", value: variable("path") }] };
  return {
    name: "violation",
    contains: { kind: "object", entries: [{ key: "msg", value: variable("msg") }, { key: "details", value: details }] },
    clause: { body },
    otherwise: [],
  };
}

function constantRules(program: NormalProgram, globals: ReadonlyMap<string, string>): Rule[] {
  return program.constants.map(({ name, value }) => ({ name: globals.get(name) ?? name, clause: { value: jsonTerm(value), body: [] }, otherwise: [] }));
}

/** Plain data as a term. */
export function jsonTerm(value: Json): Term {
  if (Array.isArray(value)) return array(value.map((each: Json) => jsonTerm(each)));
  if (typeof value === "object") return { kind: "object", entries: Object.entries(value).map(([key, each]: [string, Json]) => ({ key, value: jsonTerm(each) })) };
  return scalar(value);
}

