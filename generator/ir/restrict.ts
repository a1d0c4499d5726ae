import { rootsOf, type Need } from "../../policies/kit/view.js";
import { nothing, seq, stepIf } from "./build.js";
import { assertNever, type Expr, type NormalProgram, type Step } from "./ir.js";
import { stepExprs, visitExpr } from "./walk.js";

export const everyNeed: ReadonlySet<Need> = new Set(["oldObject", "namespace", "inventory"]);

/** What an expression by itself needs to be known beside the object. */
function needsOf(expr: Expr, program: NormalProgram): ReadonlySet<Need> {
  const found = new Set<Need>();
  visitExpr(expr, (each) => {
    if (each.kind !== "root") return;
    const root = Object.entries(rootsOf[program.reviews]).find(([name]) => name === each.name)?.[1];
    if (root !== undefined && root.from !== "object") found.add(root.from);
  });
  return found;
}

/** What an engine must know beside the object for the rule to find everything; sorted. */
export function programNeeds(program: NormalProgram): Need[] {
  const exprs = [program.applies, program.exempt].filter((each) => each !== undefined).concat(stepExprs(program.body));
  return [...new Set(exprs.flatMap((each) => [...needsOf(each, program)]))].sort();
}

/**
 * The rule without the findings that depend on something that an engine does not know: to it they would look clean.
 * @returns undefined where nothing is left
 */
export function restrict(program: NormalProgram, known: ReadonlySet<Need>): NormalProgram | undefined {
  const unknown = (expr: Expr | undefined, locals: ReadonlySet<string>): boolean => {
    if (expr === undefined) return false;
    let found = [...needsOf(expr, program)].some((need) => !known.has(need));
    visitExpr(expr, (each) => (found ||= each.kind === "local" && locals.has(each.name)));
    return found;
  };
  const without = (step: Step, locals: ReadonlySet<string>): Step => {
    switch (step.kind) {
      case "each":
      case "let": {
        const isUnknown = unknown(step.kind === "each" ? step.list : step.value, locals);
        // How often a loop over it runs is not known either.
        if (isUnknown && step.kind === "each") return nothing;
        const names = step.kind === "let" && isUnknown ? new Set(locals).add(step.name) : locals;
        const body = without(step.body, names);
        return isEmpty(body) ? nothing : { ...step, body };
      }
      case "if":
        return unknown(step.condition, locals) ? nothing : stepIf(step.condition, without(step.then, locals), without(step.otherwise, locals), step.origin);
      case "seq":
        return seq(step.steps.map((each) => without(each, locals)));
      case "yield":
        return unknown(step.message, locals) || unknown(step.location, locals) ? nothing : step;
      default:
        return assertNever(step);
    }
  };
  if (unknown(program.applies, new Set())) return undefined;
  const body = without(program.body, new Set());
  return isEmpty(body) ? undefined : { ...program, body };
}

const isEmpty = (step: Step): boolean => step.kind === "seq" && step.steps.every(isEmpty);
