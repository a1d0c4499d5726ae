import { describe, expect, test } from "vitest";
import { messageText, type ReviewRequest } from "../manifest/run.js";
import { isReviewable, kindKeyOf, workloadKindOf } from "../manifest/view.js";
import { viewTable } from "../policies/kit/view.js";
import { apiVersionOf, namespaceKind, workloadKinds, type ObjectKind } from "../policies/kit/workload-kinds.js";
import { rules } from "../policies/index.js";
import { loadCases } from "./cases.js";
import { compiledRule } from "./compiled.js";
import { runCaseInJs, runInJs } from "./executors/js.js";
import { rewrap } from "./rewrap.js";

const cases = loadCases();

describe.each(rules.map((rule) => rule.id))("%s", (id) => {
  const { reviews } = compiledRule(id).meta;
  const reviewedKinds: readonly ObjectKind[] = reviews === "namespaces" ? [namespaceKind] : workloadKinds;
  const own = cases.filter((ruleCase) => ruleCase.rule === id);

  test("has at least 12 cases, clean ones and violating ones, whatever an API server admits", () => {
    const admissible = own.filter((ruleCase) => ruleCase.offline === undefined);
    expect(admissible.length).toBeGreaterThanOrEqual(12);
    expect(admissible.some((ruleCase) => ruleCase.violations.length === 0)).toBe(true);
    expect(admissible.some((ruleCase) => ruleCase.violations.length > 0)).toBe(true);
  });

  test("has a case of every kind that it reviews", () => {
    const kinds = new Set(own.filter(({ request }) => isReviewable(request.object, reviews)).map(({ request }) => request.object["kind"]));
    expect([...kinds]).toEqual(expect.arrayContaining(reviewedKinds.map((row) => row.kind)));
  });

  test.each(own.map((ruleCase) => ({ ...ruleCase, title: ruleCase.name })))("$title", (ruleCase) => {
    expect(runCaseInJs(ruleCase)).toEqual(ruleCase.violations);
  });

  // Parameters that pick workloads by kind do tell kinds apart, and a Pod that is expanded from a workload comes with one of another kind.
  const violating = own.filter(
    ({ request, violations, parameters }) =>
      violations.length > 0 &&
      (request.operation !== "UPDATE" || kindKeyOf(request.object) === kindKeyOf(request.oldObject)) &&
      !JSON.stringify(parameters).includes('"kind"'),
  );
  test("says nothing of objects of another API that look the same", () => {
    for (const { name, request, parameters } of violating) {
      expect(runInJs(id, changed(request, (object) => ({ ...asObject(object), apiVersion: "example.com/v1" })), parameters), name).toEqual([]);
    }
  });

  if (reviews === "namespaces") {
    test.each(violating.map((ruleCase) => ({ ...ruleCase, title: ruleCase.name })))("says nothing of a workload with such metadata: $title", ({ request, parameters }) => {
      for (const row of workloadKinds) {
        const as = (object: unknown): object => ({ ...asObject(object), apiVersion: apiVersionOf(row), kind: row.kind });
        expect(runInJs(id, changed(request, as), parameters), row.kind).toEqual([]);
      }
    });
    return;
  }
  if (readsBesideTemplate(id)) {
    // Such a rule speaks of the kinds that have these fields, and its cases show which: to it the fields of other kinds are nothing.
    const kinds = new Set(violating.map(({ request }) => workloadKindOf(request.object)?.kind));
    test.each(violating.map((ruleCase) => ({ ...ruleCase, title: ruleCase.name })))("says nothing of the other workload kinds: $title", ({ request, parameters }) => {
      const others = workloadKinds.filter((row) => !kinds.has(row.kind));
      expect(others).not.toEqual([]);
      for (const row of others) expect(runInJs(id, changed(request, (object) => rewrap(object, row).object), parameters), row.kind).toEqual([]);
    });
    return;
  }
  // A rule that is right about a Deployment must not be blind to the same Pod in a CronJob.
  test.each(violating.map((ruleCase) => ({ ...ruleCase, title: ruleCase.name })))(
    "sees the same in every workload kind: $title",
    ({ request, parameters, violations }) => {
      for (const row of workloadKinds) {
        const wrapped = rewrap(request.object, row);
        const expected = violations.map(({ path, message }) => ({ path: wrapped.path(path), message: wrapped.message(message) }));
        expect(runInJs(id, changed(request, (object) => rewrap(object, row).object), parameters), row.kind).toEqual(expected);
      }
    },
  );
});

/** The request with another object, and where there is an old one, another old one; what stands around them stays. */
function changed(request: ReviewRequest, change: (object: unknown) => object): ReviewRequest {
  return { ...request, object: change(request.object), ...(request.oldObject === undefined ? {} : { oldObject: change(request.oldObject) }) };
}

const asObject = (value: unknown): object => (value !== null && typeof value === "object" ? value : {});

/** Whether the rule reads what stands beside the pod template, such as a strategy: fields that one kind has and another has not. */
function readsBesideTemplate(id: string): boolean {
  return (compiledRule(id).reads.Workload ?? []).some((name) => {
    const field = viewTable.Workload[name];
    return field !== undefined && "path" in field && field.path[0] === "spec";
  });
}

test("the texts of some findings together pass what a CEL engine can show", () => {
  const long = cases.filter(({ rule, violations }) => messageText(rule, violations).startsWith(`${rule}: more findings`));
  expect(long).not.toEqual([]);
});
