/**
 * The mutations in real programs: Kyverno's command line makes of every case the object that the rule's TypeScript says,
 * by the MutatingPolicy and by the ClusterPolicy; and so does the API server's own patcher, by the MutatingAdmissionPolicy.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import { describe, expect, test } from "vitest";
import { requireEngine } from "../../engines/index.js";
import type { JsonObject } from "../../generator/schema/json.js";
import { isObject } from "../../generator/schema/json.js";
import { mutatingClusterPolicy, mutatingPolicy, mutatingRule, type MutatingRule, type MutationOptions } from "../../generator/targets/mutation.js";
import { yamlOf } from "../../generator/targets/yaml.js";
import { KUBERNETES_SCHEMA } from "../../manifest/dialect.js";
import { workloadKindOf } from "../../manifest/view.js";
import { loadCases, type RuleCase } from "../cases.js";
import { compiledRules, completeParameters } from "../compiled.js";
import { mutated } from "../fixes.js";
import { documents, execute, withFiles } from "./process.js";
import { grouped } from "./runner.js";

const mutating = compiledRules.map(mutatingRule).filter((rule) => rule !== undefined);
const VERSIONS = ["1.30", "1.36"];

const casesOf = ({ rule }: MutatingRule): RuleCase[] => loadCases().filter((each) => each.rule === rule.meta.id);
const completeOf = ({ rule }: MutatingRule, parameters: JsonObject): JsonObject => completeParameters(rule.meta.id, parameters);
const expectedOf = ({ rule }: MutatingRule, one: RuleCase): unknown => (rule.meta.fix === undefined ? undefined : mutated(rule.meta.id, rule.meta.fix, one.request, one.parameters));

type PolicyOf = (rule: MutatingRule, options: MutationOptions) => object | undefined;

/** What Kyverno makes of the objects of cases with the same parameters; undefined where there is no such policy. */
async function inKyverno(rule: MutatingRule, cases: readonly RuleCase[], policyOf: PolicyOf, operation = "CREATE"): Promise<unknown[] | undefined> {
  const policy = policyOf(rule, { parameters: completeOf(rule, cases[0]?.parameters ?? {}) });
  if (policy === undefined) return undefined;
  // The command names its files after the objects; a folder each keeps what has one name apart.
  return Promise.all(
    cases.map(({ request }) => {
      const files = new Map([
        ["policy.yaml", yamlOf(policy)],
        ["object.yaml", documents([named(request.object)])],
        ["values.yaml", `apiVersion: cli.kyverno.io/v1alpha1\nkind: Values\nglobalValues: { request.operation: ${operation} }\n`],
      ]);
      return withFiles(files, async (folder) => {
        mkdirSync(join(folder, "out"));
        const { stdout, stderr } = await execute(requireEngine("kyverno").path, ["apply", "policy.yaml", "--resource", "object.yaml", "--values-file", "values.yaml", "--output", "out/"], folder);
        expect(stdout + stderr).toMatch(/Applying [1-9]\d* policy rule/); // it skips in silence what it cannot read
        const [file] = readdirSync(join(folder, "out"));
        const [object] = file === undefined ? [] : loadAll(readFileSync(join(folder, "out", file), "utf8"), { schema: KUBERNETES_SCHEMA });
        return object;
      });
    }),
  );
}

/** The command has no file for an object without a name, and gives a namespace to one without. */
function named(object: JsonObject): JsonObject {
  const metadata = isObject(object["metadata"]) ? object["metadata"] : {};
  return { ...object, metadata: { ...metadata, name: metadata["name"] ?? "nameless", namespace: metadata["namespace"] ?? "default" } };
}

/** The command turns some nulls into empty mappings, as it reads them into its own types. */
function withoutNothing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNothing);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([name, each]) => [name, withoutNothing(each)] as const);
  return Object.fromEntries(entries.filter(([, each]) => each !== null && !(isObject(each) && Object.keys(each).length === 0)));
}

/** The command shows an object as its own old one, and policies that name the kinds say nothing of others. */
const isAsked = ({ request }: RuleCase): boolean => request.oldObject === undefined && workloadKindOf(request.object) !== undefined;

describe.each([
  ["MutatingPolicy", mutatingPolicy],
  ["ClusterPolicy", mutatingClusterPolicy],
] as const)("kyverno with a mutating %s", (_, policyOf) => {
  test.each(mutating.map((rule) => [rule.rule.meta.id, rule] as const))("makes of every case of %s what its TypeScript says", async (_id, rule) => {
    let changed = 0;
    let asked = 0;
    for (const group of grouped(casesOf(rule).filter(isAsked))) {
      const objects = await inKyverno(rule, group, policyOf);
      // A ClusterPolicy cannot say exemptions; then there is none.
      if (objects === undefined) expect(group[0]?.parameters["exempt"]).toBeDefined();
      for (const [index, object] of (objects ?? []).entries()) {
        const one = group[index];
        if (one === undefined) continue;
        const given = named(one.request.object);
        const expected = expectedOf(rule, { ...one, request: { ...one.request, object: given } });
        expect({ case: one.name, object: withoutNothing(object) }).toEqual({ case: one.name, object: withoutNothing(expected) });
        asked += 1;
        if (expected !== given) changed += 1;
      }
    }
    expect(asked).toBeGreaterThan(12);
    expect(changed).toBeGreaterThan(5);
  });

  test.each(mutating.map((rule) => [rule.rule.meta.id, rule] as const))("leaves what %s would change alone on an UPDATE that changes nothing", async (_id, rule) => {
    const violating = casesOf(rule).filter((one) => isAsked(one) && Object.keys(one.parameters).length === 0 && one.violations.length > 0);
    const objects = await inKyverno(rule, violating, policyOf, "UPDATE");
    expect(violating.length).toBeGreaterThan(5);
    for (const [index, one] of violating.entries()) {
      const given = named(one.request.object);
      // The command writes nothing of what the policy does not match: Pods and Jobs.
      const object = objects?.[index] ?? (workloadKindOf(given)?.isFrozen === true ? given : undefined);
      expect({ case: one.name, object: withoutNothing(object) }).toEqual({ case: one.name, object: withoutNothing(given) });
    }
  });
});

interface Report {
  readonly version: string;
  readonly errors: readonly string[];
  readonly results: readonly { readonly name: string; readonly object?: unknown; readonly error?: string }[];
}

/** What the API server's own patcher makes of the objects of cases with the same parameters. */
function inApiServer(rule: MutatingRule, cases: readonly RuleCase[]): Report[] {
  const { variables, patch } = rule.mutation.cel(completeOf(rule, cases[0]?.parameters ?? {}));
  const requests = cases.map(({ name, request }) => ({ name, operation: request.operation ?? "CREATE", object: request.object, ...(request.oldObject === undefined ? {} : { oldObject: request.oldObject }) }));
  const input = JSON.stringify({ versions: VERSIONS, policies: [{ id: rule.name, variables, patch, requests }] });
  return JSON.parse(execFileSync(requireEngine("cel-check").path, { input, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 })) as Report[]; // the form that main.go writes
}

describe("the API server's patcher, with the CEL of the MutatingAdmissionPolicy", () => {
  test.each(mutating.map((rule) => [rule.rule.meta.id, rule] as const))("makes of every case of %s what its TypeScript says", (_, rule) => {
    // The match of the policy leaves these out: the CEL is not asked about them.
    const isMatched = ({ request }: RuleCase): boolean => {
      const kind = workloadKindOf(request.object);
      const metadata = request.object["metadata"];
      return kind !== undefined && !(kind.isFrozen && request.operation === "UPDATE") && !(isObject(metadata) && metadata["namespace"] === "kube-system");
    };
    let made = 0;
    for (const group of grouped(casesOf(rule).filter(isMatched))) {
      for (const { version, errors, results } of inApiServer(rule, group)) {
        expect({ version, errors }).toEqual({ version, errors: [] });
        expect(results).toEqual(group.map((one) => ({ name: one.name, cost: 0, text: "", object: expectedOf(rule, one) })));
        made += group.filter((one) => expectedOf(rule, one) !== one.request.object).length;
      }
    }
    expect(made).toBeGreaterThan(10);
  });
});
