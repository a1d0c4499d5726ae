/** The capability table says neither too little nor too much. */
import { describe, expect, test } from "vitest";
import { loadCases } from "../cases.js";
import { compiledRules } from "../compiled.js";
import { gapOf, gaps, needs, type Gap } from "./capabilities.js";
import { runners } from "./runners.js";
import { runnerNames } from "./runner.js";

const cases = loadCases();
const casesIn = (gap: Gap) => cases.filter((one) => gapOf(gap.runner, one) === gap);
const titled = gaps.map((gap): [string, Gap] => [`${gap.runner}: ${gap.need}`, gap]);

test("every runner is there once", () => {
  expect(runners.map((runner) => runner.name)).toEqual(runnerNames);
});

test("a runner without gaps skips nothing, and such runners are most of them", () => {
  const whole = runnerNames.filter((name) => gaps.every((gap) => gap.runner !== name));
  expect(whole).toEqual(["opa", "gator with Rego", "gator with CEL"]);
  for (const name of whole) expect(cases.filter((one) => gapOf(name, one) !== undefined)).toEqual([]);
});

test("every need is a gap somewhere", () => {
  expect(new Set(gaps.map((gap) => gap.need))).toEqual(new Set(Object.keys(needs)));
});

test.each(titled)("%s: some case is skipped for it", (_, gap) => {
  expect(casesIn(gap)).not.toEqual([]);
});

// Whoever closes a gap, be it a new version of the engine, should hear of it: the entry has to go then.
describe("what is skipped would disagree", () => {
  test.each(titled)("%s", async (_, gap) => {
    const runner = runners.find(({ name }) => name === gap.runner);
    if (runner === undefined) throw new Error(`no runner ${gap.runner}`);
    const outcomes = await Promise.all(
      compiledRules.map(async (rule) => {
        const skipped = casesIn(gap).filter((one) => one.rule === rule.meta.id);
        const answers = skipped.length === 0 ? [] : await runner.run(rule, skipped);
        return skipped.map((one, index) => JSON.stringify(answers[index]) === JSON.stringify(runner.expected(one.rule, one.violations)));
      }),
    );
    expect(outcomes.flat()).toContain(false);
  });
});
