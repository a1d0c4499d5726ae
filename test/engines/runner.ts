/** What the engines have in common: questions to a program that runs policies, and its answers in a form to compare. */
import type { CompiledRule } from "../../generator/compiled.js";
import { messageText } from "../../manifest/run.js";
import type { Violation } from "../../policies/kit/index.js";
import type { RuleCase } from "../cases.js";

/** A program with one of the languages that it runs. */
export const runnerNames = [
  "opa",
  "gator with Rego",
  "gator with CEL",
  "kyverno with ValidatingPolicy",
  "kyverno with ClusterPolicy",
] as const;
export type RunnerName = (typeof runnerNames)[number];

/** Everything that is said of one case: findings in order, or the one text of a CEL policy; empty for a clean object. */
export type Answer = readonly string[];

export interface Runner {
  readonly name: RunnerName;
  /** The answer that agrees with the rule's TypeScript. */
  expected(rule: string, violations: readonly Violation[]): Answer;
  /**
   * Asks about cases of one rule, in as few processes as it can. A case that it cannot express is asked as well as may be.
   * @returns one answer a case, in their order
   * @throws Error where the program does not run, or leaves a case out
   */
  run(rule: CompiledRule, cases: readonly RuleCase[]): Promise<Answer[]>;
}

/** Rego reports a set of findings. */
export function findingsAnswer(violations: readonly Violation[]): Answer {
  return violations.map(({ path, message }) => `${path}: ${message}`).sort();
}

/** A CEL policy reports one text. */
export function textAnswer(rule: string, violations: readonly Violation[]): Answer {
  return violations.length === 0 ? [] : [messageText(rule, violations)];
}

/** Cases that can be asked together, because they have the same parameters and whatever else `key` says. */
export function grouped(cases: readonly RuleCase[], key: (one: RuleCase) => string = () => ""): RuleCase[][] {
  const groups = new Map<string, RuleCase[]>();
  for (const one of cases) {
    const id = `${JSON.stringify(one.parameters)} ${key(one)}`;
    groups.set(id, [...(groups.get(id) ?? []), one]);
  }
  return [...groups.values()];
}

/**
 * The answers in the order of the cases.
 * @throws Error where a case has none
 */
export function inOrder(cases: readonly RuleCase[], answers: ReadonlyMap<RuleCase, Answer>): Answer[] {
  return cases.map((one) => {
    const answer = answers.get(one);
    if (answer === undefined) throw new Error(`no answer to "${one.name}"`);
    return answer;
  });
}
