import { loadAll } from "js-yaml";
import { describe, expect, test } from "vitest";
import { isMapping } from "../../manifest/mapping.js";
import { KUBERNETES_SCHEMA } from "../../manifest/dialect.js";
import { complete } from "../../wasm/parameters.js";
import { objectsIn, valueAt } from "../../test/json.js";
import { installed } from "../../test/library-files.js";
import { packageAssets, readWasmManifest } from "../assets.js";
import { policyTest, policyTestFiles, type Outcome, type Surroundings } from "../fixtures/harness.js";

const assets = packageAssets();
const { rules, bundles } = readWasmManifest(assets.manifest);

type Mapping = Readonly<Record<string, unknown>>;
const objectsOf = (yaml: string): Mapping[] => loadAll(yaml, { schema: KUBERNETES_SCHEMA }).filter(isMapping);
const nameOf = (object: Mapping): string => `${String(object.kind)} ${String(valueAt(object, "metadata", "name"))}`;
const byName = (objects: readonly Mapping[]): Record<string, Mapping> => Object.fromEntries(objects.map((object) => [nameOf(object), object]));

const render = (config: string, target: string, more: Surroundings = {}, argv: readonly string[] = []): Promise<Outcome> =>
  policyTest(["render", "--target", target, ...argv], { assets, ...more, files: { "policy-test.yaml": config, ...more.files } });

async function rendered(config: string, target: string): Promise<Record<string, Mapping>> {
  const { code, stdout, stderr } = await render(config, target);
  expect([code, stderr.replaceAll(/^(?:notice|help): .*\n/gm, "")]).toEqual([0, ""]);
  return byName(objectsOf(stdout));
}

/** A bundle, with what the library leaves alone left alone. */
function likeLibrary(name: string): string {
  const bundled = bundles.find((bundle) => bundle.name === name)?.rules ?? [];
  const denying = bundled.filter(({ id, enforcement }) => enforcement === "deny" && rules.some((rule) => rule.id === id && rule.reviews === "workloads"));
  return `bundle: ${name}\nrules:\n${denying.map(({ id }) => `  ${id}: {match: {excludedNamespaces: [kube-system]}}\n`).join("")}`;
}

describe.each(bundles.map(({ name }) => name))("bundle %s as policies is what the generator makes of it", (name) => {
  test.each(["kyverno", "admission-policy"])("%s", async (target) => {
    const expected = byName(installed(`${target}/bundles/${name}`));
    expect(Object.keys(expected).length).toBeGreaterThan(10);
    expect(await rendered(likeLibrary(name), target)).toEqual(expected);
  });

  test("gatekeeper", async () => {
    const withDefaults = (objects: Record<string, Mapping>): unknown[] =>
      Object.values(objects).map((object) => {
        const rule = rules.find(({ id }) => id === valueAt(object, "metadata", "name"));
        const parameters = valueAt(object, "spec", "parameters");
        return [object.kind, valueAt(object, "spec", "match"), valueAt(object, "spec", "enforcementAction"), complete(rule?.parameters ?? {}, isMapping(parameters) ? parameters : {})];
      });
    expect(withDefaults(await rendered(likeLibrary(name), "gatekeeper"))).toEqual(withDefaults(byName(installed(`gatekeeper/bundles/${name}/constraints`))));
  });
});

const only = (id: string, ...lines: readonly string[]): string => ["rules:", ...rules.map((rule) => (rule.id === id ? `  ${id}: {${lines.join(", ")}}` : `  ${rule.id}: {enforcement: off}`)), ""].join("\n");

describe("what the config says is in the policy", () => {
  const waived = `${only("restrict-host-network", "parameters: {allowed: [{namespace: edge}]}", "match: {}")}waivers:\n- {rule: restrict-host-network, match: {namespace: monitoring, kind: DaemonSet}, reason: a, expires: 2026-12-31}\n`;

  test("waivers", async () => {
    const constraint = (await rendered(waived, "gatekeeper"))["RestrictHostNetwork restrict-host-network"];
    expect(valueAt(constraint, "spec", "parameters")).toEqual({ allowed: [{ namespace: "edge" }, { namespace: "monitoring", kind: "DaemonSet" }] });
    const policy = (await rendered(waived, "kyverno"))["ValidatingPolicy restrict-host-network"];
    const variables = valueAt(policy, "spec", "variables");
    expect(Array.isArray(variables) ? variables[0] : undefined).toEqual({ name: "parameters", expression: '{"allowed": dyn([{"namespace": dyn("edge")}, {"namespace": dyn("monitoring"), "kind": dyn("DaemonSet")}])}' });
  });

  const match = 'match: {kinds: [{apiGroups: [apps], kinds: ["*"]}], namespaces: [shop], excludedNamespaces: ["kube-*", gke], labelSelector: {matchLabels: {a: b}}, namespaceSelector: {matchLabels: {team: a}}, name: "web-*"}';
  test("match, as the API server has it", async () => {
    const objects = await rendered(only("host-network-dns-policy", match, "enforcement: dryrun"), "admission-policy");
    const [policy, binding] = [objects["ValidatingAdmissionPolicy host-network-dns-policy"], objects["ValidatingAdmissionPolicyBinding host-network-dns-policy"]];
    expect(valueAt(policy, "spec", "matchConstraints", "resourceRules")).toEqual([
      { apiGroups: ["apps"], apiVersions: ["v1"], operations: ["CREATE", "UPDATE"], resources: ["daemonsets", "deployments", "replicasets", "statefulsets"] },
    ]);
    const namespace = 'object.?metadata.?namespace.orValue("")';
    expect(valueAt(policy, "spec", "matchConditions")).toEqual([
      { name: "excluded-namespaces", expression: `!(\n  ${namespace}.startsWith("kube-")\n  || ${namespace} == "gke"\n)` },
      { name: "name", expression: 'object.?metadata.?name.orValue("").startsWith("web-")\n|| object.?metadata.?generateName.orValue("").startsWith("web-")' },
    ]);
    expect(valueAt(binding, "spec")).toEqual({
      policyName: "host-network-dns-policy",
      validationActions: ["Audit"],
      matchResources: {
        namespaceSelector: { matchLabels: { team: "a" }, matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values: ["shop"] }] },
        objectSelector: { matchLabels: { a: "b" } },
      },
    });
  });

  test("labels, as Kyverno's command line can look at them too", async () => {
    const selector = "labelSelector: {matchLabels: {a: b}, matchExpressions: [{key: example.org/x, operator: NotIn, values: [c]}]}";
    const policy = (await rendered(only("host-network-dns-policy", `match: {${selector}}`), "kyverno"))["ValidatingPolicy host-network-dns-policy"];
    const of = (name: string): string => `${name}.?metadata.?labels[?"a"].hasValue() && ${name}.?metadata.?labels[?"a"].orValue("") in ["b"]`;
    const [condition] = objectsIn(valueAt(policy, "spec", "matchConditions"));
    expect(String(condition?.["expression"]).replaceAll(/\s+/g, " ")).toContain(of("object"));
    expect(String(condition?.["expression"]).replaceAll(/\s+/g, " ")).toContain(of("oldObject"));
    expect(valueAt(policy, "spec", "matchConstraints", "objectSelector")).toBeUndefined();
  });

  test("match, as Gatekeeper has it", async () => {
    const constraint = (await rendered(only("host-network-dns-policy", "match: {name: x, scope: Namespaced}"), "gatekeeper"))["HostNetworkDnsPolicy host-network-dns-policy"];
    expect(valueAt(constraint, "spec", "match")).toMatchObject({ name: "x", scope: "Namespaced" });
    expect(valueAt(constraint, "spec", "match", "kinds")).toHaveLength(3);
  });
});

describe("what cannot be rendered", () => {
  test.each<readonly [string, string, string, string]>([
    ["a match of other kinds", only("host-network-dns-policy", "match: {kinds: [{kinds: [Service]}]}"), "gatekeeper", "error: rule `host-network-dns-policy` would never be asked: `kinds` names none of those that the rule reviews\n"],
    ["a match of another scope", only("host-network-dns-policy", "match: {scope: Cluster}"), "kyverno", "error: rule `host-network-dns-policy` would never be asked: `scope: Cluster` fits none"],
    ["a match of what is generated", only("host-network-dns-policy", "match: {source: Generated}"), "kyverno", "would never be asked: `source: Generated`"],
    ["a rule without a form", only("host-network-shared-port"), "admission-policy", "error: nothing to render: no rule has a form for admission-policy\n"],
    ["an expired waiver", `${only("restrict-host-network")}waivers: [{rule: restrict-host-network, match: {name: a}, reason: a, expires: 2026-06-14}]\n`, "gatekeeper", "error: this waiver ended on 2026-06-14"],
    ["Constraints", "apiVersion: constraints.gatekeeper.sh/v1beta1\nkind: RestrictHostNetwork\nmetadata: {name: a}\n", "kyverno", "error: `policy-test.yaml` holds Constraints, which are for a cluster already\n"],
  ])("%s is an error", async (_, config, target, message) => {
    const { code, stdout, stderr } = await render(config, target, {}, ["--config", "policy-test.yaml"]);
    expect(stderr).toContain(message);
    expect([code, stdout]).toEqual([2, ""]);
  });

  test("is no config at all", async () => {
    const outcome = await policyTest(["render", "--target", "gatekeeper"], { assets, files: { ".git": "" } });
    expect(outcome).toEqual({ code: 2, stdout: "", stderr: "error: there is no policy-test.yaml to render\nhelp: name a config with --config\n" });
  });

  test("is told of where it is but a part, and so is what reaches the cluster's own components", async () => {
    const { code, stderr } = await render("rules: {restrict-host-network: {match: {excludedNamespaces: [kube-*]}}}", "admission-policy");
    expect(stderr).toContain("notice: rule `host-network-shared-port` is left out: it looks at other objects of the cluster, which no policy for admission-policy can\n");
    expect(stderr).toContain("would deny in kube-system as well");
    expect(stderr).not.toContain("`restrict-host-network`");
    expect(code).toBe(0);
  });
});

test("what is no folder is an error, and is left as it is", async () => {
  const { code, stdout, stderr, files } = await policyTestFiles(["render", "--target", "gatekeeper", "--output", "out"], { assets, files: { "policy-test.yaml": only("restrict-host-network"), out: "mine" } });
  expect([code, stdout, files["out"]]).toEqual([2, "", "mine"]);
  expect(stderr).toContain("error: the policies cannot be written to `out`: file already exists\nhelp: name a folder, which is made where there is none\n");
});

test("a folder has a file for each rule; what an earlier run wrote and nobody needs is removed", async () => {
  const own = "# Generated from policy-test.yaml by hostnetwork-policies; do not edit.\n";
  const { code, stdout, files } = await policyTestFiles(["render", "--target", "gatekeeper", "--output", "out"], {
    assets,
    files: { "policy-test.yaml": only("restrict-host-network", "match: {excludedNamespaces: [kube-system]}"), "out/old.yaml": own, "out/mine.yaml": "a: b\n" },
  });
  expect([code, stdout]).toEqual([0, ""]);
  expect(Object.keys(files).sort()).toEqual(["out/kustomization.yaml", "out/mine.yaml", "out/restrict-host-network.yaml", "policy-test.yaml"]);
  expect(objectsOf(files["out/kustomization.yaml"] ?? "")).toEqual([{ apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization", resources: ["restrict-host-network.yaml"] }]);
  expect(files["out/restrict-host-network.yaml"]?.startsWith(own)).toBe(true);
});
