/**
 * Every CEL expression in the library, as it stands in its files, compiles in the CEL environments of every Kubernetes
 * version from 1.30 on: of templates, ValidatingPolicies, ClusterPolicies, ValidatingAdmissionPolicies, and of mutations.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import { describe, expect, test } from "vitest";
import { requireEngine } from "../../engines/index.js";
import { isObject, type JsonObject } from "../../generator/schema/json.js";
import { listOf, objectsIn, valueAt } from "../json.js";
import { library } from "../library-files.js";

const VERSIONS = ["1.30", "1.31", "1.32", "1.33", "1.34", "1.35", "1.36"];

/** Where the code of a policy of each kind stands, and its list of validations or of mutations. */
const kinds: Readonly<Record<string, { readonly source: readonly (string | number)[]; readonly list: string }>> = {
  ConstraintTemplate: { source: ["spec", "targets", 0, "code", 0, "source"], list: "validations" },
  ValidatingPolicy: { source: ["spec"], list: "validations" },
  ClusterPolicy: { source: ["spec", "rules", 0, "validate", "cel"], list: "expressions" },
  ValidatingAdmissionPolicy: { source: ["spec"], list: "validations" },
  MutatingPolicy: { source: ["spec"], list: "mutations" },
  MutatingAdmissionPolicy: { source: ["spec"], list: "mutations" },
};

interface Emitted {
  readonly path: string;
  readonly kind: string;
  readonly text: string;
  readonly policy: object;
}

const textAt = (value: unknown, ...path: readonly string[]): string | undefined => {
  const found = valueAt(value, ...path);
  return typeof found === "string" ? found : undefined;
};

/** The CEL of an object of the library; nothing for a template with Rego alone and for a mutation in JMESPath. */
function emitted(path: string, object: JsonObject): Emitted[] {
  const kind = String(object["kind"]);
  const place = kinds[kind];
  const source = place === undefined ? undefined : valueAt(object, ...place.source);
  const [entry, ...others] = place === undefined ? [] : listOf(valueAt(source, place.list));
  if (entry === undefined) return [];
  if (others.length > 0) throw new Error(`${path} holds more than one expression`);
  const variables = listOf(valueAt(source, "variables")).map((each) => ({ name: textAt(each, "name"), expression: textAt(each, "expression") }));
  const patch = textAt(entry, "jsonPatch", "expression");
  const code = patch === undefined ? { condition: textAt(entry, "expression"), messageExpression: textAt(entry, "messageExpression") } : { patch };
  const policy = { variables, ...code };
  const text = JSON.stringify(policy);
  return [{ path, kind, text, policy }];
}

const files = readdirSync(library, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".yaml"));
const all = files.flatMap((path) => loadAll(readFileSync(join(library, path), "utf8")).filter(isObject).flatMap((object) => emitted(path, object)));
/** What only Kyverno declares: its CLI compiles them (kyverno-cluster.test.ts). */
const isOfKyverno = ({ text }: Emitted): boolean => text.includes("resource.List(");

test("every kind of policy occurs", () => {
  expect([...new Set(all.map(({ kind }) => kind))].sort()).toEqual(Object.keys(kinds).sort());
  expect(all.length).toBeGreaterThan(90);
});

test("only ValidatingPolicies list objects, of these rules", () => {
  const listing = all.filter(isOfKyverno);
  expect([...new Set(listing.map(({ kind }) => kind))]).toEqual(["ValidatingPolicy"]);
  expect([...new Set(listing.map(({ path }) => path.split("/").at(-1)))].sort()).toEqual(["host-network-network-policy.yaml", "host-network-shared-port.yaml"]);
});

test("only templates speak of a Constraint's parameters", () => {
  const speaking = all.filter(({ text }) => text.includes("variables.params"));
  expect([...new Set(speaking.map(({ kind }) => kind))]).toEqual(["ConstraintTemplate"]);
});

describe.each(VERSIONS)("Kubernetes %s", (version) => {
  test("compiles each", () => {
    // Bundles hold many policies that are the same.
    const byText = new Map(all.filter((each) => !isOfKyverno(each)).map((each) => [each.text, each]));
    const policies = [...byText.values()].map(({ path, policy }) => ({ id: path, ...policy, requests: [] }));
    const output = execFileSync(requireEngine("cel-check").path, { input: JSON.stringify({ versions: [version], policies }), maxBuffer: 2 ** 28, encoding: "utf8" });
    const reports = objectsIn(JSON.parse(output));
    expect(reports).toHaveLength(policies.length);
    for (const report of reports) expect(report["errors"], String(report["id"])).toEqual([]);
  });
});
