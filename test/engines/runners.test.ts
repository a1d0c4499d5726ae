/** A runner that could not disagree would prove nothing: each of them is given rules that are wrong. */
import { describe, expect, test } from "vitest";
import type { CelProgram, CompiledRule } from "../../generator/compiled.js";
import { loadCases } from "../cases.js";
import { compiledRule } from "../compiled.js";
import { gapOf } from "./capabilities.js";
import type { Runner } from "./runner.js";
import { runners } from "./runners.js";

const id = "host-network-dns-policy";
const clean = "a null hostNetwork is none";
const cases = ["a Pod that leaves dnsPolicy out", "an UPDATE that switches hostNetwork on", clean].flatMap((name) =>
  loadCases().filter((one) => one.rule === id && one.name === name),
);

/** The rule with its code changed. */
function changed(change: (code: string) => string): CompiledRule {
  const rule = compiledRule(id);
  const changedCel = (program: CelProgram): CelProgram => ({
    ...program,
    variables: program.variables.map(({ name, expression }) => ({ name, expression: change(expression) })),
    condition: change(program.condition),
  });
  return {
    ...rule,
    rego: (packagePath, parametersRef) => change(rule.rego(packagePath, parametersRef)),
    cel: (parameters) => changedCel(rule.cel(parameters)),
  };
}

test("the cases are there", () => {
  expect(cases).toHaveLength(3);
});

describe.each(runners.map((runner): [string, Runner] => [runner.name, runner]))("%s", (_, runner) => {
  const asked = cases.filter((one) => gapOf(runner.name, one) === undefined);
  /** Which cases agree; none where the runner gives up on all of them. */
  const agreeing = async (rule: CompiledRule): Promise<string[]> => {
    const answers = await runner.run(rule, asked).catch(() => []);
    return asked.filter((one, index) => JSON.stringify(answers[index]) === JSON.stringify(runner.expected(id, one.violations))).map((one) => one.name);
  };

  test("agrees with the rule as it is", async () => {
    expect(await agreeing(changed((code) => code))).toEqual(asked.map((one) => one.name));
  });

  test("notices one wrong character in a message", async () => {
    expect(await agreeing(changed((code) => code.replaceAll("so names of", "so names.of")))).toEqual([clean]);
  });

  test("takes code that does not compile for no answer, also where nothing should be found", async () => {
    expect(await agreeing(changed((code) => `${code} )(`))).toEqual([]);
  });
});
