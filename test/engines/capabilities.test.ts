/** The capability table says neither too little nor too much. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { constraintTemplate } from "../../generator/targets/gatekeeper-template.js";
import { isExpressible, knownTo } from "../../generator/targets/known.js";
import { clusterPolicy } from "../../generator/targets/kyverno.js";
import { loadCases } from "../cases.js";
import { compiledRule, compiledRules } from "../compiled.js";
import { forms, gapOf, gaps, needs, type Gap } from "./capabilities.js";
import { runners } from "./runners.js";
import { runnerNames } from "./runner.js";

const cases = loadCases();
const casesIn = (gap: Gap) => cases.filter((one) => gapOf(gap.runner, one) === gap);
const titled = gaps.map((gap): [string, Gap] => [`${gap.runner}: ${gap.rule ?? gap.need}`, gap]);
/** Gaps of single cases. */
const asked = titled.filter(([, { rule }]) => rule === undefined);

test("every runner is there once", () => {
  expect(runners.map((runner) => runner.name)).toEqual(runnerNames);
});

test("a runner without gaps skips nothing", () => {
  const whole = runnerNames.filter((name) => gaps.every((gap) => gap.runner !== name));
  expect(whole).toEqual(["opa", "gator with Rego"]);
  for (const name of whole) expect(cases.filter((one) => gapOf(name, one) !== undefined)).toEqual([]);
});

test("gator with CEL skips no case of a rule that comes as CEL", () => {
  const skipped = cases.filter((one) => gapOf("gator with CEL", one) !== undefined);
  expect(skipped.filter(({ rule }) => isExpressible(compiledRule(rule), "gatekeeper-cel"))).toEqual([]);
});

test("every need is a gap somewhere", () => {
  expect(new Set(gaps.map((gap) => gap.need))).toEqual(new Set(Object.keys(needs)));
});

test.each(titled)("%s: some case is skipped for it", (_, gap) => {
  expect(casesIn(gap)).not.toEqual([]);
});

describe("rules without a form", () => {
  test.each(runnerNames)("%s: the table names each of them", (name) => {
    const missing = compiledRules.filter((rule) => !isExpressible(rule, forms[name])).map((rule) => rule.meta.id);
    expect(gaps.flatMap(({ runner, rule }) => (runner === name && rule !== undefined ? [rule] : []))).toEqual(missing);
  });

  const absent = gaps.flatMap(({ runner, rule, need }) => (rule === undefined ? [] : [{ runner, rule, need, form: forms[runner] }]));

  test.each(absent)("$runner: $rule needs $need, which it does not know", ({ rule, need, form }) => {
    const missing = compiledRule(rule).needs.filter((each) => !knownTo[form].has(each));
    expect(missing).toEqual([need === "the Namespace" ? "namespace" : "inventory"]);
  });

  test.each(absent.filter(({ form }) => form === "gatekeeper-cel"))("the template of $rule holds no CEL", ({ rule }) => {
    const template = JSON.stringify(constraintTemplate(compiledRule(rule)));
    expect(template).toContain('"engine":"Rego"');
    expect(template).not.toContain("K8sNativeValidation");
  });

  test.each(absent.filter(({ form }) => form === "cluster-policy"))("there is no ClusterPolicy of $rule", ({ rule }) => {
    expect(() => clusterPolicy(compiledRule(rule))).toThrow(/nothing of .* can be said/);
    expect(existsSync(fileURLToPath(new URL(`../../library/kyverno/${rule}/cluster-policy`, import.meta.url)))).toBe(false);
  });
});

// Whoever closes a gap, be it a new version of the engine, should hear of it: the entry has to go then.
describe("what is skipped would disagree", () => {
  test.each(asked)("%s", async (_, gap) => {
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
