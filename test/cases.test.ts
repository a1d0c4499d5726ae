import { describe, expect, test } from "vitest";
import { messageText } from "../manifest/run.js";
import { workloadKindOf } from "../manifest/view.js";
import { workloadKinds } from "../policies/kit/workload-kinds.js";
import { rules } from "../policies/index.js";
import { loadCases, parseCases } from "./cases.js";
import { runCaseInJs, runInJs } from "./executors/js.js";
import { rewrap } from "./rewrap.js";

const cases = loadCases();

describe.each(rules.map((rule) => rule.id))("%s", (id) => {
  const own = cases.filter((ruleCase) => ruleCase.rule === id);

  test("has at least 12 cases, clean ones and violating ones, whatever an API server admits", () => {
    const admissible = own.filter((ruleCase) => ruleCase.offline === undefined);
    expect(admissible.length).toBeGreaterThanOrEqual(12);
    expect(admissible.some((ruleCase) => ruleCase.violations.length === 0)).toBe(true);
    expect(admissible.some((ruleCase) => ruleCase.violations.length > 0)).toBe(true);
  });

  test("has a case of every workload kind", () => {
    const kinds = new Set(own.map((ruleCase) => workloadKindOf(ruleCase.request.object)?.kind));
    expect([...kinds]).toEqual(expect.arrayContaining(workloadKinds.map((row) => row.kind)));
  });

  test.each(own.map((ruleCase) => ({ ...ruleCase, title: ruleCase.name })))("$title", (ruleCase) => {
    expect(runCaseInJs(ruleCase)).toEqual(ruleCase.violations);
  });

  // A rule that is right about a Deployment must not be blind to the same Pod in a CronJob.
  // Parameters that pick workloads by kind do tell kinds apart.
  const violating = own.filter(
    ({ request, violations, parameters }) =>
      violations.length > 0 && request.operation === undefined && !JSON.stringify(parameters).includes('"kind"'),
  );
  test.each(violating.map((ruleCase) => ({ ...ruleCase, title: ruleCase.name })))(
    "sees the same in every workload kind: $title",
    ({ request, parameters, violations }) => {
      for (const row of workloadKinds) {
        const wrapped = rewrap(request.object, row);
        const expected = violations.map(({ path, message }) => ({ path: wrapped.path(path), message: wrapped.message(message) }));
        expect(runInJs(id, { object: wrapped.object }, parameters), row.kind).toEqual(expected);
      }
    },
  );
});

test("the texts of some findings together pass what a CEL engine can show", () => {
  const long = cases.filter(({ rule, violations }) => messageText(rule, violations).startsWith(`${rule}: more findings`));
  expect(long).not.toEqual([]);
});

describe("a malformed case file is an error", () => {
  const valid = "{ name: a, object: { kind: Pod }, violations: [] }";
  const file = (...entries: string[]) => `cases: [${entries.join(", ")}]`;

  test("a well-formed one is not", () => {
    expect(parseCases("x", file(valid))).toEqual([
      { rule: "x", name: "a", parameters: {}, request: { object: { kind: "Pod" } }, violations: [] },
    ]);
  });

  test.each([
    ["two cases of one name", file(valid, valid), /two cases are named "a"/],
    ["no violations", file("{ name: a, object: {} }"), /required property 'violations'/],
    ["an unknown key of a case", file("{ name: a, object: {}, violations: [], expect: 1 }"), /"expect"/],
    ["an unknown key of the file", `${file(valid)}\nextra: 1`, /"extra"/],
    ["an unknown key of a violation", file("{ name: a, object: {}, violations: [{ path: p, message: m, msg: m }] }"), /"msg"/],
    ["the same violation twice", file("{ name: a, object: {}, violations: [{ path: p, message: m }, { path: p, message: m }] }"), /duplicate/],
    ["an UPDATE without oldObject", file("{ name: a, operation: UPDATE, object: {}, violations: [] }"), /needs both/],
    ["an oldObject without UPDATE", file("{ name: a, oldObject: {}, object: {}, violations: [] }"), /needs both/],
    ["a reason to be offline without text", file('{ name: a, offline: "", object: {}, violations: [] }'), /offline/],
    ["a $repeat with neighbours", file("{ name: a, object: { l: [{ $repeat: { times: 1, element: 1 }, more: 1 }] }, violations: [] }"), /stands alone/],
  ])("%s", (_, yaml, message) => {
    expect(() => parseCases("x", yaml)).toThrow(message);
  });
});

test("$repeat writes a list out", () => {
  const object = '{ l: [first, { $repeat: { times: 2, element: { name: "c-$n", port: "$n+9000", n: $n, text: "port $n+10, $n" } } }] }';
  expect(parseCases("x", `cases: [{ name: a, object: ${object}, violations: [] }]`)[0]?.request.object).toEqual({
    l: ["first", { name: "c-0", port: 9000, n: 0, text: "port 10, 0" }, { name: "c-1", port: 9001, n: 1, text: "port 11, 1" }],
  });
});
