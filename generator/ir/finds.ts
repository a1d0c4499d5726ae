/** Whether a rule finds something at one field: what a fix of that field depends on. */
import { and, conditional, literal, localLet, not, or, simplify } from "./build.js";
import { assertNever, booleanType, integerType, type Expr, type NormalProgram, type Step } from "./ir.js";

/** A field of a record of the view, as a place names it. */
export interface Field {
  readonly record: string;
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

/** True where the rule, run on an object that it reviews, finds something at the field. */
export function findsAt(program: NormalProgram, field: Field): Expr {
  const isWithin = program.bounds.map((bound): Expr => ({ kind: "compare", operator: "<=", left: bound.count, right: { kind: "integer", value: bound.limit, type: integerType }, type: booleanType }));
  const guards = [...(program.applies === undefined ? [] : [program.applies]), ...(program.exempt === undefined ? [] : [not(program.exempt)]), ...isWithin];
  return simplify([...guards, stepFindsAt(program.body, field)].reduceRight((rest, guard) => and(guard, rest)));
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
      return { kind: "quantifier", quantifier: "some", ...iteration, condition: stepFindsAt(body, field), type: booleanType };
    }
    default:
      return assertNever(step);
  }
}
