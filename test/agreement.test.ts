/**
 * The same findings from the rule's TypeScript, from the wasm that ships and from the emitted CEL, once with the
 * parameters of a Constraint and once with parameters written into the policy: on every case, and on generated requests.
 */
import fc from "fast-check";
import { afterAll, describe, test } from "vitest";
import { messageText, type Parameters, type ReviewRequest } from "../manifest/run.js";
import { rules } from "../policies/index.js";
import type { Violation } from "../policies/kit/index.js";
import { loadCases } from "./cases.js";
import { compiledRule, completeParameters } from "./compiled.js";
import { celEvaluator } from "./executors/cel.js";
import { runInJs } from "./executors/js.js";
import { runInWasm } from "./executors/wasm.js";
import { requestsFor } from "./context-generators.js";
import { newCounting } from "./counting.js";
import { writeFigures } from "./figures.js";
import { parametersArbitrary } from "./generators.js";

const RUNS = 400;

const counting = newCounting();

afterAll(() => {
  for (const { engine, cases, others } of counting.figures()) console.log(`${engine}: ${String(cases + others)} comparisons with the rule's TypeScript`);
  writeFigures("agreement-in-node", counting.figures());
});

/** As the wasm gives them: a set has no order. */
const sorted = (violations: readonly Violation[]): Violation[] =>
  [...violations].sort((one, other) => compare(one.path, other.path) || compare(one.message, other.message));
const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

describe.each(rules.map((rule) => rule.id))("%s", (id) => {
  const rule = compiledRule(id);
  const withConstraint = celEvaluator(rule.cel());

  /** Compares each engine with `expected`. */
  const expectAgreement = (request: ReviewRequest, parameters: Parameters, expected: readonly Violation[], counted: "cases" | "others"): void => {
    const text = messageText(id, expected);
    counting.expectEqual("wasm in Node", counted, () => runInWasm(id, request, parameters), sorted(expected));
    // A Constraint without `spec.parameters` arrives as null.
    counting.expectEqual("CEL in Node, parameters of a Constraint", counted, () => withConstraint(request, Object.keys(parameters).length === 0 ? null : parameters), text);
    counting.expectEqual("CEL in Node, parameters in the policy", counted, () => celEvaluator(rule.cel(completeParameters(id, parameters)))(request), text);
  };

  test.each(loadCases().filter((each) => each.rule === id).map((each) => ({ ...each, title: each.name })))("$title", ({ request, parameters, violations }) => {
    expectAgreement(request, parameters, violations, "cases");
  });

  test("agrees on generated requests and parameters", () => {
    fc.assert(
      fc.property(requestsFor(rule), parametersArbitrary(id), (request, parameters) => {
        expectAgreement(request, parameters, runInJs(id, request, parameters), "others");
      }),
      { numRuns: RUNS },
    );
  });
});
