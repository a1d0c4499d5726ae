/** Every case says in every engine exactly what the rule's TypeScript says. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadCases, type RuleCase } from "../cases.js";
import { compiledRules } from "../compiled.js";
import { runCaseInJs } from "../executors/js.js";
import { writeFigures } from "../figures.js";
import { gapOf } from "./capabilities.js";
import { agreementTable } from "./report.js";
import type { Answer, Runner } from "./runner.js";
import { runners } from "./runners.js";

const cases = loadCases();
const titled = (some: readonly RuleCase[]): [string, RuleCase][] => some.map((one) => [`${one.rule}: ${one.name}`, one]);

/** The answers of all runners, or the reason why a rule has none there. */
const answers = new Map<Runner, Map<RuleCase, Answer | Error>>();
const expectedOf = (runner: Runner, one: RuleCase): Answer => runner.expected(one.rule, runCaseInJs(one));

function answerOf(runner: Runner, one: RuleCase): Answer {
  const answer = answers.get(runner)?.get(one);
  if (answer === undefined) throw new Error(`${runner.name} was not asked`);
  if (answer instanceof Error) throw answer;
  return answer;
}

beforeAll(async () => {
  await Promise.all(
    runners.flatMap((runner) => {
      const own = new Map<RuleCase, Answer | Error>();
      answers.set(runner, own);
      return compiledRules.map(async (rule) => {
        const asked = cases.filter((one) => one.rule === rule.meta.id && gapOf(runner.name, one) === undefined);
        if (asked.length === 0) return;
        const given = await runner.run(rule, asked).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
        asked.forEach((one, index) => {
          const answer = given instanceof Error ? given : given[index];
          if (answer !== undefined) own.set(one, answer);
        });
      });
    }),
  );
});

afterAll(() => {
  const rows = runners.map((runner) => {
    const asked = [...(answers.get(runner) ?? [])];
    const agrees = ([one, answer]: [RuleCase, Answer | Error]): boolean =>
      !(answer instanceof Error) && JSON.stringify(answer) === JSON.stringify(expectedOf(runner, one));
    return {
      runner: runner.name,
      compared: asked.length,
      skipped: cases.flatMap((one) => gapOf(runner.name, one) ?? []),
      disagreements: asked.filter((entry) => !agrees(entry)).length,
    };
  });
  console.log(agreementTable(rows));
  writeFigures("engines", rows.map(({ runner, compared, skipped, disagreements }) => ({ engine: runner, cases: compared, leftOut: skipped.length, others: 0, disagreements })));
});

describe.each(runners.map((runner): [string, Runner] => [runner.name, runner]))("%s", (_, runner) => {
  const skipped = cases.filter((one) => gapOf(runner.name, one) !== undefined);

  test.each(titled(cases.filter((one) => !skipped.includes(one))))("%s", (_, one) => {
    expect(answerOf(runner, one)).toEqual(expectedOf(runner, one));
  });

  test.for(titled(skipped))("%s", ([, one], { skip }) => {
    skip(gapOf(runner.name, one)?.reason);
  });

  // gatekeeper-library's K8sPSPHostNetworkingPorts 1.1.5 admits the first two in its CEL half.
  test.each([
    ["hostPorts 9001 and 80 with allowed 80-9000", "deny"],
    ["hostPort 9001 beside a plain containerPort with allowed 80-9000", "deny"],
    ["an empty list of ports with allowed 80-9000", "admit"],
  ])("the first regression: %s: %s", (name, verdict) => {
    const one = cases.find((candidate) => candidate.rule === "host-network-port-range" && candidate.name === name);
    if (one === undefined) throw new Error("there is no such case");
    expect(answerOf(runner, one).length === 0 ? "admit" : "deny").toBe(verdict);
  });
});
