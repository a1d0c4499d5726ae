/**
 * Just beyond each bound on an object's lists: every engine gives the one finding that says so. None passes the object, none
 * ends in an error of its own. At the bound none of them gives that finding.
 */
import { describe, expect, test } from "vitest";
import { rules } from "../../policies/index.js";
import type { RuleCase } from "../cases.js";
import { compiledRule, completeParameters } from "../compiled.js";
import { celEvaluator } from "../executors/cel.js";
import { runCaseInJs } from "../executors/js.js";
import { runInWasm } from "../executors/wasm.js";
import { boundsOf, objectWith } from "../large-objects.js";
import { gapOf } from "./capabilities.js";
import { runners } from "./runners.js";

/** What the object is told to be besides: a rule that looks at nothing of it finds nothing. */
const namespaceObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: "monitoring", labels: {} } };

const held = rules.flatMap((definition) => {
  const rule = compiledRule(definition.id);
  const bounds = boundsOf(rule.reads, definition.limits);
  const asked = (name: string, object: object): RuleCase => {
    const one = { rule: definition.id, name, parameters: {}, request: { object: { ...object }, ...(rule.needs.includes("namespace") ? { namespaceObject } : {}) }, violations: [] };
    return { ...one, violations: runCaseInJs(one) };
  };
  const beyond = bounds.map((each) => ({ ...each, one: asked(`beyond: ${each.bound.elements}`, objectWith(each, each.limit + 1)) }));
  const at = bounds.map((each) => ({ ...each, one: asked(`at: ${each.bound.elements}`, objectWith(each, each.limit)) }));
  return bounds.length === 0 ? [] : [{ id: definition.id, rule, beyond, at }];
});

test("most rules have bounds", () => {
  expect(held.length).toBeGreaterThan(8);
});

describe.each(held)("$id", ({ id, rule, beyond, at }) => {
  const cases = [...beyond, ...at].map(({ one }) => one);

  test("says so beyond each bound, and not at it", () => {
    for (const { one, message } of beyond) expect(one.violations.map((violation) => violation.message), one.name).toEqual([message]);
    for (const { one, message } of at) expect(one.violations.map((violation) => violation.message), one.name).not.toContain(message);
  });

  test("in wasm and in CEL in Node", () => {
    const cel = celEvaluator(rule.cel());
    for (const { one, message } of beyond) {
      expect(runInWasm(id, one.request, {}).map((violation) => violation.message)).toEqual([message]);
      expect(cel(one.request)).toBe(message);
      expect(celEvaluator(rule.cel(completeParameters(id, {})))(one.request)).toBe(message);
    }
  });

  test.each(runners)("in $name", async (runner) => {
    const asked = cases.filter((one) => gapOf(runner.name, one) === undefined);
    if (asked.length === 0) return;
    const answers = await runner.run(rule, asked);
    expect(answers).toEqual(asked.map((one) => runner.expected(id, one.violations)));
  });
});
