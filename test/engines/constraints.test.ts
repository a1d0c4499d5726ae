/** What `policy-test --config` finds with Constraints is what `gator test` finds with them: for every case, and for random objects and Constraints. */
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { isObject, type JsonObject } from "../../generator/schema/json.js";
import { clusterOf } from "../../generator/targets/cases.js";
import { kindOf } from "../../manifest/constraint-kind.js";
import { isReviewable } from "../../manifest/view.js";
import { loadCases, type RuleCase } from "../cases.js";
import { compiledRules } from "../compiled.js";
import { writeFigures } from "../figures.js";
import { parametersArbitrary, workloadArbitrary } from "../generators.js";
import { ask, isInCel, joinedAs, UNDECIDED, type Agreement, type Language, type Said } from "./constraint-agreement.js";
import { grouped } from "./runner.js";

const languages = ["Rego", "CEL"] as const satisfies readonly Language[];
const ids = compiledRules.map(({ meta }) => meta.id);

/** gator test takes objects, no requests. */
const cases = loadCases().filter(({ request }) => request.operation === undefined);
const leftOut = loadCases().length - cases.length;
const counts = new Map(languages.map((language) => [language, { cases: 0, leftOut, others: 0, disagreements: 0 }]));

afterAll(() => {
  writeFigures("constraints", [...counts].map(([language, count]) => ({ engine: `gator test with Constraints, ${language}`, ...count })));
});

const constraint = (rule: string, name: string, spec: object): object => ({ apiVersion: "constraints.gatekeeper.sh/v1beta1", kind: kindOf(rule), metadata: { name }, spec });

/**
 * Holds the two answers equal, but for objects that no API server would take.
 * @param asked how many of the objects, from the first, are asked about; the others are their surroundings
 */
function expectAgreement(language: Language, { gator, policyTest, invalid, denies }: Agreement, counted: "cases" | "others", objects: readonly JsonObject[], asked = objects.length): void {
  const count = counts.get(language);
  if (count === undefined) throw new TypeError(`gator has no ${language}`);
  const left = invalid.filter((number) => number < asked).length;
  count[counted] += asked - left;
  count.leftOut += counted === "cases" ? left : 0;
  count.disagreements += 1; // until shown otherwise
  const expected = gator.filter((said) => !isIdle(said, objects));
  const answers = policyTest.map((own) => {
    const [kind = ""] = own.constraint.split("/");
    const rule = ids.find((id) => kindOf(id) === kind) ?? "";
    return isInCel(rule, language) ? joinedAs(own, expected.find(({ constraint: name, object }) => name === own.constraint && object === own.object)) : own;
  });
  expect(answers).toEqual(expected);
  if (denies.policyTest !== undefined) expect(denies.policyTest).toBe(denies.gator);
  count.disagreements -= 1;
}

/** gator rejects what it cannot match before it asks the rule, which might have nothing to say of such a kind; policy-test is silent then. */
function isIdle({ constraint: name, object, texts }: Said, objects: readonly JsonObject[]): boolean {
  const rule = compiledRules.find(({ meta }) => name.startsWith(`${kindOf(meta.id)}/`));
  return texts.includes(UNDECIDED) && rule !== undefined && !isReviewable(objects[object], rule.meta.reviews);
}

const hasCluster = ({ request }: RuleCase): boolean => clusterOf(request).length > 0;

describe.each(languages)("gator with %s", (language) => {
  describe("the cases", () => {
    test.each(ids)("%s", async (id) => {
      const own = cases.filter(({ rule }) => rule === id);
      expect(own.length).toBeGreaterThan(0);
      for (const group of [own.filter((one) => !hasCluster(one)), ...own.filter(hasCluster).map((one) => [one])].filter((some) => some.length > 0)) {
        const constraints = grouped(group).map(([first], index) => constraint(id, `c${String(index)}`, { parameters: first?.parameters ?? {} }));
        const objects = [...group.map(({ request }) => request.object), ...group.flatMap(({ request }) => clusterOf(request))].filter(isObject);
        expectAgreement(language, await ask(language, [id], constraints, objects), "cases", objects, group.length);
      }
    });
  });

  describe("random objects and Constraints", () => {
    test.each(Array.from({ length: BATCHES }, (_, index) => index))("%s", async (index) => {
      const batch = batches[index];
      if (batch === undefined) throw new TypeError("there is no such batch");
      const objects = [...batch.objects, ...namespaces];
      expectAgreement(language, await ask(language, batch.rules, batch.constraints, objects), "others", objects, batch.objects.length);
    });

    test("are 500 at least, those left out that no API server would take", () => {
      expect(counts.get(language)?.others).toBeGreaterThanOrEqual(500);
    });
  });
});

const BATCHES = 32;
const OBJECTS = 25;
const CONSTRAINTS = 10;

const namespaces: readonly JsonObject[] = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: "monitoring", labels: { team: "a", tier: "node" } } },
  { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop", labels: { team: "b", empty: null } } },
  { apiVersion: "v1", kind: "Namespace", metadata: { name: "kube-system" } },
];

const labels = fc.dictionary(fc.constantFrom("app", "team", "example.org/tier"), fc.constantFrom("a", "b", ""), { maxKeys: 2 });
const namespaceName = fc.constantFrom("default", "monitoring", "shop", "kube-system", "nowhere");
const glob = fc.constantFrom("default", "monitoring", "shop", "kube-*", "*-system", "*o*", "*", "nowhere", "mon*");
const maybe = <T>(value: fc.Arbitrary<T>, weight = 1): fc.Arbitrary<T | undefined> => fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight, arbitrary: value });
const key = fc.constantFrom("app", "team", "example.org/tier");
const values = fc.subarray(["a", "b", ""], { minLength: 1 });
const selector = fc.record(
  {
    matchLabels: fc.dictionary(key, fc.constantFrom("a", "b", ""), { maxKeys: 1 }),
    matchExpressions: fc.array(
      fc.oneof(
        fc.record({ key, operator: fc.constantFrom("In", "NotIn"), values }),
        fc.record({ key, operator: fc.constantFrom("Exists", "DoesNotExist") }),
      ),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: [] },
);
const kindsEntry = fc.record(
  {
    apiGroups: fc.constantFrom<string[]>([], [""], ["apps"], ["*"], ["", "apps", "batch"]),
    kinds: fc.constantFrom<string[]>([], ["Pod"], ["*"], ["DaemonSet", "Deployment", "Pod", "CronJob", "Namespace"]),
  },
  { requiredKeys: [] },
);
const match = fc.record({
  kinds: maybe(fc.array(kindsEntry, { maxLength: 2 }), 2),
  namespaces: maybe(fc.array(glob, { maxLength: 3 })),
  excludedNamespaces: maybe(fc.array(glob, { maxLength: 2 })),
  labelSelector: maybe(selector),
  namespaceSelector: maybe(selector, 2),
  name: maybe(fc.constantFrom("agent*", "*0", "*a*", "", "*")),
  scope: maybe(fc.constantFrom("*", "Cluster", "Namespaced")),
  source: maybe(fc.constantFrom("All", "Original", "Original", "Generated")),
});
const points = fc.subarray(["gator.gatekeeper.sh", "validation.gatekeeper.sh", "audit.gatekeeper.sh", "*"], { minLength: 1, maxLength: 2 });
const action = fc.constantFrom("deny", "warn", "dryrun");
const enforcement = fc.oneof(
  { weight: 3, arbitrary: action.map((enforcementAction) => ({ enforcementAction })) },
  { weight: 1, arbitrary: fc.constant({}) },
  {
    weight: 2,
    arbitrary: fc
      .array(fc.record({ action, enforcementPoints: points.map((names) => names.map((name) => ({ name }))) }), { minLength: 1, maxLength: 2 })
      .map((scopedEnforcementActions) => ({ enforcementAction: "scoped", scopedEnforcementActions })),
  },
);

/**
 * Objects that stand in a cluster have a name and a namespace: gator does not see one without as a neighbour, policy-test sees it in
 * the namespace that it is applied to. Where no rule looks at neighbours, some objects name neither.
 */
function objectArbitrary(number: number, isInCluster: boolean): fc.Arbitrary<JsonObject> {
  const naming = isInCluster ? fc.constant({}) : fc.constantFrom({}, {}, { name: undefined, generateName: "agent-" });
  return fc.tuple(workloadArbitrary, isInCluster ? namespaceName : fc.option(namespaceName, { nil: undefined, freq: 3 }), labels, naming).map(([object, namespace, own, names]) => {
    const metadata = isObject(object["metadata"]) ? object["metadata"] : {};
    return present({ ...object, metadata: present({ ...metadata, name: `agent-${String(number)}`, namespace, labels: own, ...names }) });
  });
}

function constraintArbitrary(number: number, rules: readonly string[]): fc.Arbitrary<object> {
  return fc.constantFrom(...rules).chain((rule) =>
    fc.tuple(parametersArbitrary(rule), match, enforcement).map(([parameters, fields, action]) => constraint(rule, `c${String(number)}`, { ...action, match: present(fields), parameters: present(parameters) })),
  );
}

const present = (record: JsonObject): JsonObject => Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));

const [localRules, allRules] = [compiledRules.filter(({ needs }) => !needs.includes("inventory")).map(({ meta }) => meta.id), ids];

const batches = Array.from({ length: BATCHES }, (_, batch) => {
  const rules = batch % 2 === 0 ? localRules : allRules;
  const whole = fc.record({
    objects: fc.tuple(...Array.from({ length: OBJECTS }, (__, number) => objectArbitrary(number, rules === allRules))),
    constraints: fc.tuple(...Array.from({ length: CONSTRAINTS }, (__, number) => constraintArbitrary(number, rules))),
  });
  const [{ objects, constraints } = { objects: [], constraints: [] }] = fc.sample(whole, { seed: 6 + batch, numRuns: 1 });
  // One Constraint without conditions, so that no batch compares nothing.
  return { rules, objects, constraints: [...constraints, constraint("restrict-host-network", "always", {})] };
});
