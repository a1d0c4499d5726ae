import { load, loadAll } from "js-yaml";
import { describe, expect, test } from "vitest";

import { bundleManifest, parseBundle } from "./bundles.js";
import type { CompiledRule } from "./compiled.js";
import { bundleFiles } from "./targets/bundles.js";
import { tinyRule } from "./targets/fixtures/tiny-rule.js";

const other: CompiledRule = { ...tinyRule, meta: { ...tinyRule.meta, id: "tiny-other", enforcement: "warn" } };
const rules = [tinyRule, other];
const head = "title: Tiny\ndescription: For tests.\n";
const parse = (yaml: string) => parseBundle("fixtures/bundles/tiny.yaml", `${head}${yaml}`, rules);
const settings = (yaml: string): string[] => parse(yaml).rules.map(({ rule, enforcement, parameters }) => `${rule.meta.id} ${enforcement} ${JSON.stringify(parameters)}`);

describe("a bundle", () => {
  test.each<readonly [string, string, ...string[]]>([
    ["holds the rules that it names", "rules: { tiny-other: }", "tiny-other warn {}"],
    ["enforces them as it says", "rules: { tiny-other: { enforcement: deny } }", "tiny-other deny {}"],
    ["sets their parameters", "rules: { tiny-other: { parameters: { allowed: [a] } } }", 'tiny-other warn {"allowed":["a"]}'],
    ["may hold the others at their defaults", "others: default", "tiny-host-network deny {}", "tiny-other warn {}"],
    ["may enforce all of them alike, but for those that it names", "others: warn\nrules: { tiny-other: { enforcement: deny } }", "tiny-host-network warn {}", "tiny-other deny {}"],
    ["enforces the others and those that it only gives parameters alike", "others: deny\nrules: { tiny-other: { parameters: { allowed: [] } } }", "tiny-host-network deny {}", 'tiny-other deny {"allowed":[]}'],
  ])("%s", (_, yaml, ...expected) => {
    expect(settings(yaml)).toEqual(expected);
  });

  test.each([
    ["rules: { tiny-othr: }", "fixtures/bundles/tiny.yaml: there is no rule `tiny-othr`"],
    ["rules: { tiny-other: { enforcement: dryrun } }", "`/rules/tiny-other/enforcement` must be equal to one of the allowed values"],
    ["rules: { tiny-other: { enforcement: off } }", "`/rules/tiny-other/enforcement` must be equal to one of the allowed values"],
    ["rules: { tiny-other: { parameters: { alowed: [] } } }", '`/rules/tiny-other/parameters` must NOT have additional properties {"additionalProperty":"alowed"}'],
    ["rules: { tiny-other: { parameters: { allowed: [1] } } }", "`/rules/tiny-other/parameters/allowed/0` must be string"],
    ["others: all", "`/others` must be equal to one of the allowed values"],
    ["more: 1", 'must NOT have additional properties {"additionalProperty":"more"}'],
    ["rules: {}", "the bundle has no rule"],
    ["rules: { tiny-other: }\nrules: {}", "duplicated mapping key"],
  ])("is refused: %s", (yaml, message) => {
    expect(() => parse(yaml)).toThrow(message);
  });

  test("is named by its file", () => {
    expect(parse("others: deny")).toMatchObject({ name: "tiny", file: "fixtures/bundles/tiny.yaml", title: "Tiny", description: "For tests." });
    expect(() => parseBundle("Tiny one.yaml", `${head}others: deny`, rules)).toThrow("Tiny one.yaml: `Tiny one` is not kebab-case");
  });

  test("is told to policy-test as it is written", () => {
    expect(bundleManifest(parse("rules: { tiny-other: { parameters: { allowed: [a] } } }"))).toEqual({
      name: "tiny",
      title: "Tiny",
      description: "For tests.",
      rules: [{ id: "tiny-other", enforcement: "warn", parameters: { allowed: ["a"] } }],
    });
  });
});

describe("its files", () => {
  const files = bundleFiles(parse("others: deny\nrules: { tiny-host-network: , tiny-other: { parameters: { allowed: [a] } } }"));
  const textOf = (path: string): string => files.get(path) ?? `no ${path}`;

  test("are a folder for each target, and policies of its own only where they differ", () => {
    expect([...files.keys()].toSorted()).toEqual([
      "admission-policy/bundles/tiny/README.md",
      "admission-policy/bundles/tiny/kustomization.yaml",
      "admission-policy/bundles/tiny/tiny-other.yaml",
      "gatekeeper/bundles/tiny/README.md",
      "gatekeeper/bundles/tiny/constraints/kustomization.yaml",
      "gatekeeper/bundles/tiny/constraints/tiny-host-network.yaml",
      "gatekeeper/bundles/tiny/constraints/tiny-other.yaml",
      "gatekeeper/bundles/tiny/templates/kustomization.yaml",
      "kyverno/bundles/tiny/README.md",
      "kyverno/bundles/tiny/cluster-policy/kustomization.yaml",
      "kyverno/bundles/tiny/cluster-policy/tiny-other.yaml",
      "kyverno/bundles/tiny/kustomization.yaml",
      "kyverno/bundles/tiny/tiny-other.yaml",
    ]);
    expect(load(textOf("kyverno/bundles/tiny/kustomization.yaml"))).toMatchObject({ resources: ["../../tiny-host-network", "tiny-other.yaml"] });
    expect(load(textOf("gatekeeper/bundles/tiny/templates/kustomization.yaml"))).toMatchObject({ resources: ["../../../tiny-host-network", "../../../tiny-other"] });
  });

  test("carry enforcement, parameters and the exclusion of kube-system", () => {
    const spec = { enforcementAction: "deny", parameters: { allowed: ["a"] }, match: { excludedNamespaces: ["kube-system"] } };
    expect(load(textOf("gatekeeper/bundles/tiny/constraints/tiny-other.yaml"))).toMatchObject({ kind: "TinyOther", spec });
    const selector = { matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "NotIn", values: ["kube-system"] }] };
    const validatingPolicy = textOf("kyverno/bundles/tiny/tiny-other.yaml");
    expect(loadAll(validatingPolicy)[0]).toMatchObject({ kind: "ValidatingPolicy", spec: { validationActions: ["Deny"], matchConstraints: { namespaceSelector: selector } } });
    expect(validatingPolicy).toContain('!(variables.name in ["a"])');
    const clusterPolicy = textOf("kyverno/bundles/tiny/cluster-policy/tiny-other.yaml");
    expect(loadAll(clusterPolicy)[0]).toMatchObject({ kind: "ClusterPolicy", spec: { rules: [{ exclude: { any: [{ resources: { namespaces: ["kube-system"] } }] }, validate: { failureAction: "Enforce" } }] } });
    expect(loadAll(textOf("admission-policy/bundles/tiny/tiny-other.yaml"))).toMatchObject([
      { kind: "ValidatingAdmissionPolicy" },
      { kind: "ValidatingAdmissionPolicyBinding", spec: { validationActions: ["Deny"], matchResources: { namespaceSelector: selector } } },
    ]);
  });

  test("warn in every namespace where the bundle warns", () => {
    const warning = bundleFiles(parse("others: warn"));
    expect([...warning.values()].filter((text) => text.includes("# The components of the cluster itself"))).toEqual([]);
    expect(load(warning.get("gatekeeper/bundles/tiny/constraints/tiny-host-network.yaml") ?? "")).toMatchObject({ spec: { enforcementAction: "warn" } });
  });

  test("have pages that name each rule with what the bundle sets", () => {
    for (const target of ["gatekeeper", "kyverno", "admission-policy"]) {
      expect(textOf(`${target}/bundles/tiny/README.md`)).toContain('| deny | `allowed: ["a"]` |');
      expect(textOf(`${target}/bundles/tiny/README.md`)).not.toContain("Left out");
    }
  });
});
