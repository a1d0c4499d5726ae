/** The bundles of the library: what they promise, and that the files in the library are what they promise. */
import { describe, expect, test } from "vitest";
import type { CelProgram } from "../generator/compiled.js";
import { hasArtefact } from "../generator/targets/capabilities.js";
import { enforcements, kindOf } from "../generator/targets/names.js";
import { messageText } from "../manifest/run.js";
import { rules } from "../policies/index.js";
import { packageAssets, readWasmManifest } from "../policy-test/assets.js";
import { parameterProblems } from "../policy-test/validate-parameters.js";
import { complete } from "../wasm/parameters.js";
import { loadCases } from "./cases.js";
import { compiledRule } from "./compiled.js";
import { celEvaluator } from "./executors/cel.js";
import { runInJs } from "./executors/js.js";
import { valueAt } from "./json.js";
import { installed } from "./library-files.js";

const manifest = readWasmManifest(packageAssets().manifest);
const bundle = (name: string) => {
  const found = manifest.bundles.find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no bundle ${name}`);
  return Object.fromEntries(found.rules.map(({ id, ...settings }) => [id, settings]));
};
const everywhere = Object.fromEntries(rules.map(({ id, enforcement }) => [id, { enforcement, parameters: {} }]));
const dns = { parameters: { dnsPolicies: ["ClusterFirstWithHostNet"] } };

test("there are three", () => {
  expect(manifest.bundles.map(({ name }) => name)).toEqual(["ack", "recommended", "strict"]);
});

test("recommended is every rule at its default", () => {
  expect(bundle("recommended")).toEqual(everywhere);
});

test("strict denies with every rule, and accepts no DNS but the cluster's", () => {
  expect(Object.keys(bundle("strict"))).toEqual(rules.map(({ id }) => id));
  expect(Object.values(bundle("strict")).map(({ enforcement }) => enforcement)).toEqual(rules.map(() => "deny"));
  expect(bundle("strict")["host-network-dns-policy"]).toEqual({ enforcement: "deny", ...dns });
});

test("ack is what the page asks for, with the enforcement of the rules", () => {
  const { "host-network-dns-policy": dnsPolicy, "restrict-privileged-namespace": namespace, ...others } = bundle("ack");
  expect(dnsPolicy).toEqual({ enforcement: "warn", ...dns });
  if (namespace !== undefined) expect(namespace).toEqual({ enforcement: "warn", parameters: {} });
  expect(everywhere).toMatchObject(others);
  const not = ["restrict-host-namespaces", "host-network-read-only-host-path", "host-network-resource-limits", "host-network-update-strategy"];
  expect(Object.keys(bundle("ack")).filter((id) => not.includes(id))).toEqual([]);
});

const forms = [
  { target: "validating-policy", kind: "ValidatingPolicy", folder: (name: string) => `kyverno/bundles/${name}`, cel: ["spec"], validations: "validations" },
  { target: "cluster-policy", kind: "ClusterPolicy", folder: (name: string) => `kyverno/bundles/${name}/cluster-policy`, cel: ["spec", "rules", 0, "validate", "cel"], validations: "expressions" },
  { target: "admission-policy", kind: "ValidatingAdmissionPolicy", folder: (name: string) => `admission-policy/bundles/${name}`, cel: ["spec"], validations: "validations" },
] as const;

describe.each(manifest.bundles)("$name", ({ name, rules: bundled }) => {
  const ofTarget = (target: Parameters<typeof hasArtefact>[1]) => bundled.filter(({ id }) => hasArtefact(compiledRule(id), target));

  test("sets parameters that the rules take", () => {
    for (const { id, parameters } of bundled) {
      const rule = manifest.rules.find((each) => each.id === id);
      expect(rule, id).toBeDefined();
      if (rule !== undefined) expect(parameterProblems(rule, complete(rule.parameters, parameters))).toEqual([]);
    }
  });

  test("is installed in Gatekeeper: its templates, and Constraints with its settings", () => {
    const expected = ofTarget("gatekeeper");
    const templates = installed(`gatekeeper/bundles/${name}/templates`).filter(({ kind }) => kind === "ConstraintTemplate");
    expect(templates.map((template) => valueAt(template, "spec", "crd", "spec", "names", "kind"))).toEqual(expected.map(({ id }) => kindOf(id)));
    const constraints = installed(`gatekeeper/bundles/${name}/constraints`).map((constraint) => ({
      kind: constraint["kind"],
      action: valueAt(constraint, "spec", "enforcementAction"),
      parameters: valueAt(constraint, "spec", "parameters") ?? {},
    }));
    expect(constraints).toEqual(expected.map(({ id, enforcement, parameters }) => ({ kind: kindOf(id), action: enforcements[enforcement].gatekeeper, parameters })));
  });

  test.each(forms)("is installed as $kind, with its settings", ({ target, kind, folder, cel, validations }) => {
    const objects = installed(folder(name));
    const policies = objects.filter((object) => object["kind"] === kind);
    const expected = ofTarget(target);
    expect(policies.map((policy) => valueAt(policy, "metadata", "name"))).toEqual(expected.map(({ id }) => id));
    for (const { id, enforcement, parameters } of expected) {
      const own = objects.filter((object) => valueAt(object, "metadata", "name") === id);
      const actions = own.flatMap((object) => valueAt(object, "spec", "validationActions") ?? valueAt(object, "spec", "rules", 0, "validate", "failureAction") ?? []);
      const { validationActions, clusterPolicy } = enforcements[enforcement];
      expect(actions, id).toEqual(kind === "ClusterPolicy" ? [clusterPolicy] : validationActions);
      const evaluate = celEvaluator(programOf(own.find((object) => object["kind"] === kind), cel, validations));
      for (const { request } of loadCases().filter((each) => each.rule === id)) {
        expect(evaluate(request), id).toBe(messageText(id, runInJs(id, request, parameters)));
      }
    }
  });
});

/** The code of a policy as it stands in its file. */
function programOf(policy: unknown, path: readonly (string | number)[], validations: string): CelProgram {
  const source = valueAt(policy, ...path);
  const variables: unknown = valueAt(source, "variables");
  const texts = (value: unknown, ...fields: string[]): string[] => fields.map((field) => String(valueAt(value, field)));
  const [condition = "", messageExpression = "", message = ""] = texts(valueAt(source, validations, 0), "expression", "messageExpression", "message");
  return {
    variables: (Array.isArray(variables) ? variables : []).map((variable: unknown) => {
      const [name = "", expression = ""] = texts(variable, "name", "expression");
      return { name, expression };
    }),
    condition,
    messageExpression,
    message,
  };
}
