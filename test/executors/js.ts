/** Runs a case with the rule's own TypeScript: the definition that every other executor is compared with. */
import { runRule, type Parameters, type ReviewRequest } from "../../manifest/run.js";
import { rules } from "../../policies/index.js";
import type { RuleDefinition, Violation } from "../../policies/kit/index.js";
import type { RuleCase } from "../cases.js";
import { compiledRule, completeParameters } from "../compiled.js";

const byId = new Map<string, RuleDefinition<object>>(rules.map((rule) => [rule.id, rule]));

/** The violations of a case. */
export function runCaseInJs({ rule, request, parameters }: Pick<RuleCase, "rule" | "request" | "parameters">): Violation[] {
  return runInJs(rule, request, parameters);
}

/**
 * The violations of any request.
 * @param parameters as a user would write them
 */
export function runInJs(id: string, request: ReviewRequest, parameters: Parameters): Violation[] {
  const rule = byId.get(id);
  if (rule === undefined) throw new Error(`there is no rule ${id}`);
  return runRule(rule, request, completeParameters(id, parameters), compiledRule(id).reads);
}
