import { describe, expect, test } from "vitest";
import { clean, denied, pod, policyTest, warned, type Outcome } from "../fixtures/harness.js";

type Files = Readonly<Record<string, string>>;

const files: Files = { "k/clean.yaml": clean, "k/denied.yaml": denied, "k/warned.yaml": warned, "k/shop.yaml": pod("shop", { hostNetwork: "true", namespace: "shop" }) };

/** A Constraint; `spec` starts on line 5, indented by two. */
function constraint(kind: string, name: string, ...spec: readonly string[]): string {
  return [`apiVersion: constraints.gatekeeper.sh/v1beta1`, `kind: ${kind}`, `metadata: {name: ${name}}`, `spec:`, ...spec.map((line) => `  ${line}`), ""].join("\n");
}

const network = (...spec: readonly string[]): string => constraint("ToyHostNetwork", "network", ...spec);
const run = (text: string, more: Files = {}, argv: readonly string[] = []): Promise<Outcome> => policyTest(["--config", "c.yaml", ...argv, "k"], { files: { ...files, "c.yaml": text, ...more } });

interface Told {
  readonly constraint?: string;
  readonly enforcement: string;
  readonly rule: string;
  readonly file: string;
}

/** `constraint enforcement file` of each finding. */
async function findings(text: string, argv: readonly string[] = []): Promise<string[]> {
  const { stdout, stderr } = await run(text, {}, [...argv, "--format", "json"]);
  expect(stderr).toBe("");
  const report = JSON.parse(stdout) as { findings: Told[]; config: string };
  expect(report.config).toBe("c.yaml");
  return report.findings.map((finding) => `${finding.constraint ?? "?"} ${finding.enforcement} ${finding.file}`);
}

describe("Constraints", () => {
  const two = [network("enforcementAction: warn", "parameters: {allowed: [denied]}"), constraint("ToyHostNetwork", "all", "match: {namespaces: [shop]}")].join("---\n");
  test.each<readonly [string, string, ...string[]]>([
    ["run their rule alone", network(), "network deny k/denied.yaml", "network deny k/shop.yaml"],
    ["take nothing for empty", "apiVersion: constraints.gatekeeper.sh/v1alpha1\nkind: ToyHostNetwork\nmetadata: {name: bare}\n", "bare deny k/denied.yaml", "bare deny k/shop.yaml"],
    ["warn", network("enforcementAction: warn"), "network warn k/denied.yaml", "network warn k/shop.yaml"],
    ["dry-run", network("enforcementAction: dryrun"), "network dryrun k/denied.yaml", "network dryrun k/shop.yaml"],
    ["of one rule count each", two, "all deny k/shop.yaml", "network warn k/shop.yaml"],
    ["do the strictest that is scoped for gator", network("enforcementAction: scoped", "scopedEnforcementActions:", "- {action: warn, enforcementPoints: [{name: gator.gatekeeper.sh}]}", '- {action: deny, enforcementPoints: [{name: audit.gatekeeper.sh}, {name: "*"}]}'), "network deny k/denied.yaml", "network deny k/shop.yaml"],
    ["take scoped actions of other points for none", [network("enforcementAction: scoped", "scopedEnforcementActions:", "- {action: deny, enforcementPoints: [{name: validation.gatekeeper.sh}]}"), constraint("ToyImageSuffix", "i")].join("---\n"), "i deny k/warned.yaml"],
    ["come as kubectl prints them", `apiVersion: v1\nkind: List\nitems:\n- apiVersion: constraints.gatekeeper.sh/v1beta1\n  kind: ToyHostNetwork\n  metadata: {name: got, uid: x}\n  spec: {match: {namespaces: [sh*]}}\n  status: {totalViolations: 3}\n`, "got deny k/shop.yaml"],
    ["named twice, in the same words, are one", [network(), network()].join("---\n"), "network deny k/denied.yaml", "network deny k/shop.yaml"],
  ])("%s", async (_, text, ...expected) => {
    expect(await findings(text)).toEqual(expected);
  });

  test("leave to --rule which of them run", async () => {
    expect(await findings([network(), constraint("ToyImageSuffix", "i")].join("---\n"), ["--rule", "toy-image-suffix"])).toEqual(["i deny k/warned.yaml"]);
  });

  test("do the exit code of what they do", async () => {
    expect((await run(network("enforcementAction: dryrun"))).code).toBe(0);
    expect((await run(network())).code).toBe(1);
  });

  test.each<readonly [string, string, string, ...string[]]>([
    ["unknown, but near", constraint("ToyHostNetwrk", "x"), "c.yaml:2:7: error: no rule has the kind `ToyHostNetwrk`\nhelp: did you mean `ToyHostNetwork`?\n"],
    ["of another group", "apiVersion: v1\nkind: ToyHostNetwork\nmetadata: {name: x}\n", "c.yaml:1:13: error: a ToyHostNetwork is of the group `constraints.gatekeeper.sh`, not `v1`\n"],
    ["of another version", "apiVersion: constraints.gatekeeper.sh/v1\nkind: ToyHostNetwork\nmetadata: {name: x}\n", "c.yaml:1:13: error: Constraints have the versions `v1beta1` and `v1alpha1`, not `v1`\n"],
    ["without a name", "apiVersion: constraints.gatekeeper.sh/v1beta1\nkind: ToyHostNetwork\n", "c.yaml:1:1: error: a Constraint needs a name"],
    ["of an unknown field", network("enforcementActoin: warn"), "c.yaml:5:22: error: unknown field `enforcementActoin`\nhelp: did you mean `enforcementAction`?\n"],
    ["of an unknown action", network("enforcementAction: dry-run"), "c.yaml:5:22: error: enforcementAction is \"dry-run\", not one of `deny`, `warn`, `dryrun`, `scoped`\nhelp: did you mean `dryrun`?\n"],
    ["scoped without scopes", network("enforcementAction: scoped"), "c.yaml:5:22: error: enforcementAction `scoped` needs a list `scopedEnforcementActions`\n"],
    ["of an unknown point", network("enforcementAction: scoped", "scopedEnforcementActions: [{action: deny, enforcementPoints: [{name: gator}]}]"), "error: \"gator\" is no point of enforcement\nhelp: did you mean `gator.gatekeeper.sh`?\n"],
    ["of an unknown parameter", network("parameters: {alowed: []}"), "c.yaml:5:24: error: rule `toy-host-network` has no parameter `alowed`\nhelp: did you mean `allowed`?\n"],
    ["of a wrong parameter", network("parameters: {allowed: [1]}"), "c.yaml:5:26: error: parameter `allowed[0]` of rule `toy-host-network` must be a text, but is the number 1; write \"1\" in quotes\n"],
    ["of an unknown field of match", network("match: {namespace: [a]}"), "c.yaml:5:22: error: a match has no field `namespace`\nhelp: did you mean `namespaces`?\n"],
    ["of a pattern with a star inside", network('match: {namespaces: ["a*b"]}'), "c.yaml:5:24: error: `namespaces[0]` of a match must match pattern"],
    ["of an unknown scope", network("match: {scope: Namespace}"), "error: `scope` of a match is `Namespace`, not one of `*`, `Cluster`, `Namespaced`\nhelp: did you mean `Namespaced`?\n"],
    ["of an operator without values", network("match: {labelSelector: {matchExpressions: [{key: a, operator: In}]}}"), "error: the operator In needs `values`\n"],
    ["of no label", network("match: {labelSelector: {matchLabels: {a b: c}}}"), "error: `a b` is no name of a label\n"],
    ["of one name, that differ", [network(), network("enforcementAction: warn")].join("---\n"), "c.yaml:8:18: error: this Constraint differs from the one of the same name at c.yaml:3:18\n"],
    ["broken", "a: [\n", "c.yaml:2:1: error: "],
    ["of others alone", constraint("K8sRequiredLabels", "x"), "error: no Constraint of our rules in `c.yaml`\n"],
    ["of other points alone", network("enforcementAction: scoped", "scopedEnforcementActions: [{action: deny, enforcementPoints: [{name: audit.gatekeeper.sh}]}]"), "error: no Constraint is in force at `gator.gatekeeper.sh`\n"],
    ["with a bundle", network(), "error: `--bundle` and Constraints both say which rules are run\n", "--bundle", "toys"],
    ["and a rule that none asks for", network(), "error: no Constraint asks for rule `toy-image-suffix`\n", "--rule", "toy-image-suffix"],
  ])("%s are an error", async (_, text, message, ...argv) => {
    const outcome = await run(text, {}, argv);
    expect(outcome.stderr).toContain(message);
    expect(outcome.code).toBe(2);
  });
});

test("a folder: Constraints of others are told of, what else belongs to policies is left alone", async () => {
  const outcome = await policyTest(["--config", "policies/", "k"], {
    files: {
      ...files,
      "policies/a.yaml": network("match: {namespaces: [shop]}"),
      "policies/labels.yaml": constraint("K8sRequiredLabels", "x"),
      "policies/near.yaml": constraint("ToyHostNetworks", "x"),
      "policies/template.yaml": "apiVersion: templates.gatekeeper.sh/v1\nkind: ConstraintTemplate\nmetadata: {name: toyhostnetworks}\n---\napiVersion: syncset.gatekeeper.sh/v1alpha1\nkind: SyncSet\nmetadata: {name: x}\n",
      "policies/kustomization.yaml": "resources: [a.yaml]\n",
    },
  });
  expect(outcome.stderr).toBe(
    ["labels.yaml:2:7: notice: `K8sRequiredLabels`", "near.yaml:2:7: notice: `ToyHostNetworks`"].map((line) => `policies/${line} is a Constraint of somebody else's, and is not checked here\n`).join(""),
  );
  expect(outcome.stdout).toContain("1 finding (1 error, 0 warnings)");
  expect(outcome.code).toBe(1);
});

describe("a Namespace's labels", () => {
  const selecting = network("match: {namespaceSelector: {matchLabels: {team: a}}}");
  const shop = (labels: string): string => `${files["k/shop.yaml"] ?? ""}---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: ${labels}}\n`;

  test("that are not known are an error", async () => {
    const outcome = await run(selecting);
    expect(outcome.stdout).toContain("k/shop.yaml:4:27  invalid  Constraint `network` of rule `toy-host-network` selects Namespaces by their labels, and those of Namespace `shop` are not known");
    expect(outcome.code).toBe(2);
  });

  test.each([
    ["{team: a}", 1],
    ["{team: b}", 0],
  ])("in the file: %s", async (labels, code) => {
    expect((await run(selecting, { "k/shop.yaml": shop(labels) })).code).toBe(code);
  });

  test("in the inventory", async () => {
    const outcome = await run(selecting, { "cluster.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {team: a}}\n" }, ["--inventory", "cluster.yaml"]);
    expect(outcome.code).toBe(1);
  });
});

test("an update matches by what it is or what it was", async () => {
  const review = (namespace: string, old: string): string =>
    JSON.stringify({
      apiVersion: "admission.k8s.io/v1",
      kind: "AdmissionReview",
      request: { operation: "UPDATE", object: podIn(namespace), oldObject: podIn(old) },
    });
  const podIn = (team: string): object => ({ apiVersion: "v1", kind: "Pod", metadata: { name: "a", labels: { team } }, spec: { hostNetwork: true, containers: [{ name: "a", image: "a:1" }] } });
  const of = async (now: string, old: string): Promise<number> => (await policyTest(["--config", "c.yaml", "a.json"], { files: { "a.json": review(now, old), "c.yaml": network("match: {labelSelector: {matchLabels: {team: a}}}") } })).code;
  expect([await of("a", "b"), await of("b", "a"), await of("b", "b")]).toEqual([1, 1, 0]);
});
