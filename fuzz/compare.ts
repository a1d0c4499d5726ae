/** Asks an engine, and tells where it says something else than the rule's TypeScript. */
import type { Answer } from "../test/engines/runner.js";
import type { Ready } from "./compile.js";
import { inJavaScript, type FuzzEngine, type Question, type Sample } from "./engines.js";

export interface Disagreement {
  readonly engine: FuzzEngine;
  readonly rule: Ready;
  readonly sample: Sample;
  readonly expected: Answer;
  readonly got: Answer;
}

export interface Comparison {
  readonly compared: number;
  /** Of these, those in which the TypeScript finds something. */
  readonly violated: number;
  /** Requests that cost more than the engine allows: it says so, and denies. */
  readonly beyondBudget: number;
  readonly disagreements: readonly Disagreement[];
}

const isBeyondBudget = (answer: Answer): boolean => answer.some((text) => /cost (budget|limit)|exceed(s|ed) (the )?(cost|budget)/.test(text));

export async function compare(engine: FuzzEngine, questions: readonly Question[]): Promise<Comparison> {
  const asked = questions
    .map(({ rule, samples }) => ({ rule, samples: samples.filter((sample) => engine.takes(rule.compiled, sample)) }))
    .filter(({ samples }) => samples.length > 0);
  const seen = asked.length === 0 || engine.seen === undefined ? asked : (await engine.seen(asked)).filter(({ samples }) => samples.length > 0);
  const answers = seen.length === 0 ? [] : await engine.ask(seen);
  const all = seen.flatMap(({ rule, samples }, at) =>
    samples.map((sample, index): Disagreement => ({ engine, rule, sample, expected: expectedOf(engine, rule, sample), got: answers[at]?.[index] ?? ["(no answer)"] })),
  );
  const within = all.filter(({ got }) => !isBeyondBudget(got));
  return {
    compared: within.length,
    violated: within.filter(({ expected }) => expected.length > 0).length,
    beyondBudget: all.length - within.length,
    disagreements: within.filter(({ expected, got }) => JSON.stringify(expected) !== JSON.stringify(got)),
  };
}

function expectedOf(engine: FuzzEngine, rule: Ready, sample: Sample): Answer {
  try {
    return engine.expected(rule.compiled.meta.id, inJavaScript(rule, sample));
  } catch (error) {
    // A rule that type-checks never throws: no engine can agree with that.
    return [`(the TypeScript throws) ${String(error)}`];
  }
}
