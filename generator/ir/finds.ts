/** Whether a rule finds something at one field: what a fix of that field depends on. */
import type { Fix } from "../../policies/kit/fix.js";
import { and, conditional, literal, localLet, not, or } from "./build.js";
import { assertNever, booleanType, integerType, type Expr, type Json, type NormalProgram, type Step } from "./ir.js";
import { evaluate, literalOf } from "./partial.js";

/** A field of a record of the view, as a place names it. */
export interface Field {
  readonly record: string;
  readonly name: string;
  /** What the place says behind the record: `spec.dnsPolicy` of a pod, `.readOnly` of a mount. */
  readonly suffix: string;
}

/** Whether a place is the field; undefined for one that is not written out, but named or computed. */
export function standsAt(location: Expr, field: Field): Expr | undefined {
  switch (location.kind) {
    case "path":
    case "text":
      return literal(false);
    case "template": {
      const [path, suffix, ...more] = location.parts;
      const isRecord = path?.kind === "path" && path.record.type.kind === "record" && path.record.type.name === field.record;
      return literal(isRecord && suffix?.kind === "text" && suffix.value === field.suffix && more.length === 0);
    }
    case "conditional": {
      const then = standsAt(location.then, field);
      const otherwise = standsAt(location.otherwise, field);
      return then === undefined || otherwise === undefined ? undefined : conditional(location.condition, then, otherwise);
    }
    default:
      return undefined;
  }
}

/**
 * True where a fix of the pod's own field is to be made: the rule, with these parameters, finds something at the field,
 * the field holds the value that is replaced, and with the new one the rule would find nothing there.
 */
export function mends(program: NormalProgram, fix: Fix, field: Field, parameters: Readonly<Record<string, Json>>): Expr {
  const { functions } = program;
  const found = conditionOf(program, field);
  const pod: Expr = { kind: "root", name: "pod", type: { kind: "record", name: "Pod", isView: true } };
  const [from, to] = [literalOf(fix.from), literalOf(fix.to)];
  const isFrom: Expr = { kind: "compare", operator: "==", left: { kind: "field", record: pod, name: field.name, type: from.type }, right: from, type: booleanType };
  const stillFound = evaluate(found, { functions, parameters, field: { root: "pod", name: field.name, value: to } });
  return and(evaluate(found, { functions, parameters }), and(isFrom, not(stillFound)));
}

/** True where the rule, run on an object that it reviews, finds something at the field. */
function conditionOf(program: NormalProgram, field: Field): Expr {
  const isWithin = program.bounds.map((bound): Expr => ({ kind: "compare", operator: "<=", left: bound.count, right: { kind: "integer", value: bound.limit, type: integerType }, type: booleanType }));
  const guards = [...(program.applies === undefined ? [] : [program.applies]), ...(program.exempt === undefined ? [] : [not(program.exempt)]), ...isWithin];
  return [...guards, stepFindsAt(program.body, field)].reduceRight((rest, guard) => and(guard, rest));
}

function stepFindsAt(step: Step, field: Field): Expr {
  switch (step.kind) {
    case "yield":
      // The front end has refused places that are not written out.
      return standsAt(step.location, field) ?? literal(false);
    case "if":
      return conditional(step.condition, stepFindsAt(step.then, field), stepFindsAt(step.otherwise, field));
    case "let": {
      const body = stepFindsAt(step.body, field);
      return body.kind === "boolean" ? body : localLet(step.name, step.value, body);
    }
    case "seq":
      return step.steps.map((each) => stepFindsAt(each, field)).reduceRight((rest, each) => or(each, rest), literal(false));
    case "each": {
      const { body, kind: _, ...iteration } = step;
      const condition = stepFindsAt(body, field);
      return condition.kind === "boolean" && !condition.value ? condition : { kind: "quantifier", quantifier: "some", ...iteration, condition, type: booleanType };
    }
    default:
      return assertNever(step);
  }
}
