/** `policy-test suite` on kyverno-test.yaml. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dump } from "js-yaml";
import { expect, test } from "vitest";
import { packageRoot } from "../../wasm/package-root.js";
import { packageAssets } from "../assets.js";
import { policyTest, type Outcome } from "../fixtures/harness.js";

const library = (path: string): string => readFileSync(join(packageRoot, "library", path), "utf8");
const validatingPolicy = library("kyverno/host-network-dns-policy/host-network-dns-policy.yaml");
const clusterPolicy = library("kyverno/host-network-dns-policy/cluster-policy/host-network-dns-policy.yaml");
const excluding = library("kyverno/bundles/strict/cluster-policy/host-network-dns-policy.yaml");
const admissionPolicy = library("admission-policy/host-network-dns-policy/policy.yaml");
const NAME = "host-network-dns-policy";

const pod = (name: string, dnsPolicy: string, namespace = "shop"): string =>
  dump({ apiVersion: "v1", kind: "Pod", metadata: { name, namespace }, spec: { hostNetwork: true, dnsPolicy, containers: [{ name: "web", image: "web:1" }] } });
const resources = [pod("bad", "ClusterFirst"), pod("good", "Default"), dump({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "data", namespace: "shop" } })].join("---\n");

interface Given {
  readonly results?: readonly object[];
  readonly test?: object;
  readonly policy?: string;
  readonly files?: Readonly<Record<string, string>>;
}

function run({ results = [{ policy: NAME, resources: ["bad"], kind: "Pod", result: "fail" }], test: own = {}, policy = validatingPolicy, files = {} }: Given = {}, ...flags: readonly string[]): Promise<Outcome> {
  const document = { apiVersion: "cli.kyverno.io/v1alpha1", kind: "Test", metadata: { name: "dns" }, policies: ["policy.yaml"], resources: ["resources.yaml"], results, ...own };
  return policyTest(["suite", ...flags, "kyverno-test.yaml"], { files: { "kyverno-test.yaml": dump(document), "policy.yaml": policy, "resources.yaml": resources, ...files }, assets: packageAssets() });
}

const expecting = (result: string, more: object = {}): Given => ({ results: [{ policy: NAME, resources: ["bad"], result, ...more }] });

test.each([
  ["a ValidatingPolicy", validatingPolicy],
  ["a ClusterPolicy", clusterPolicy],
  ["a ValidatingAdmissionPolicy", admissionPolicy],
])("the results of %s", async (_, policy) => {
  expect(await run({ policy })).toMatchObject({ code: 0, stderr: "", stdout: `ok       kyverno-test.yaml:10:5  dns / ${NAME}, Pod shop/bad\n\n1 suite, 1 case, 1 ok\n` });
  for (const wrong of ["pass", "skip", "warn", "error"]) {
    const { code, stdout } = await run({ ...expecting(wrong), policy });
    expect(stdout).toContain(`the result is \`fail\`, but \`${wrong}\` is wanted\n         found: dnsPolicy ClusterFirst of a hostNetwork Pod`);
    expect(code).toBe(1);
  }
});

test("a result without resources is about all of them", async () => {
  const { code, stdout } = await run({ results: [{ policy: NAME, result: "pass" }] });
  expect(stdout).toContain("failed   kyverno-test.yaml:10:5  dns / host-network-dns-policy, Pod shop/bad");
  expect(stdout).toContain("3 cases, 2 ok, 1 failed");
  expect(code).toBe(1);
});

test.each([
  ["shop/bad", 0],
  ["bad", 0],
  ["other/bad", 2],
  ["shop/bad/1", 2],
  ["worse", 2],
])("a resource is named as %s", async (name, code) => {
  expect((await run({ results: [{ policy: NAME, resources: [name], result: "fail" }] })).code).toBe(code);
});

test("what the policy does not look at may pass or be skipped, and finds nothing", async () => {
  const about = (result: string): Given => ({ results: [{ policy: NAME, resources: ["data"], result }] });
  expect((await run(about("pass"))).code).toBe(0);
  expect((await run(about("skip"))).code).toBe(0);
  const { code, stdout } = await run(about("fail"));
  expect(stdout).toContain("the policy does not look at this object, but `fail` is wanted");
  expect(code).toBe(1);
});

test("what a policy says of parameters and namespaces counts", async () => {
  const lax = validatingPolicy.replace('["ClusterFirstWithHostNet", "Default", "None"]', '["ClusterFirst"]');
  expect((await run({ ...expecting("pass"), policy: lax })).code).toBe(0);
  const files = { "resources.yaml": pod("bad", "ClusterFirst", "kube-system") };
  expect((await run({ ...expecting("fail"), policy: clusterPolicy, files })).code).toBe(0);
  expect((await run({ ...expecting("skip"), policy: excluding, files })).code).toBe(0);
  expect((await run({ ...expecting("fail"), policy: excluding })).code).toBe(0);
});

test("a policy that is not scored warns", async () => {
  const policy = validatingPolicy.replace("  annotations:\n", "  annotations:\n    policies.kyverno.io/scored: 'false'\n");
  expect((await run({ ...expecting("warn"), policy })).code).toBe(0);
  expect((await run({ ...expecting("fail"), policy })).code).toBe(1);
});

test("operations, from the result, a file of values, or the Test itself", async () => {
  expect((await run(expecting("fail", { operation: "CREATE" }))).code).toBe(0);
  expect((await run(expecting("pass", { operation: "UPDATE" }))).code).toBe(0);
  expect((await run(expecting("skip", { operation: "DELETE" }))).code).toBe(0);
  expect((await run(expecting("fail", { operation: "PATCH" }))).code).toBe(2);
  const values = { globalValues: { "request.operation": "UPDATE" } };
  const file = dump({ apiVersion: "cli.kyverno.io/v1alpha1", kind: "Values", ...values });
  expect((await run({ ...expecting("pass"), test: { values } })).code).toBe(0);
  expect((await run({ ...expecting("pass"), test: { variables: "values.yaml" }, files: { "values.yaml": file } })).code).toBe(0);
});

test("Namespaces from the values", async () => {
  const rule = "host-network-pod-security";
  const given = (level: string): Given => ({
    policy: library(`kyverno/${rule}/${rule}.yaml`),
    results: [{ policy: rule, resources: ["bad"], result: level === "privileged" ? "pass" : "fail" }],
    test: { values: { namespaceSelector: [{ name: "shop", labels: { "pod-security.kubernetes.io/enforce": level } }] } },
  });
  expect((await run(given("privileged"))).code).toBe(0);
  expect((await run(given("restricted"))).code).toBe(0);
});

test.each<[string, Given, string]>([
  ["a misspelt field", { test: { resource: [] } }, "a Test has no field `resource`\nhelp: did you mean `resources`?"],
  ["the old form of results", { results: [{ policy: NAME, resource: "bad", status: "fail", result: "fail" }] }, "has no field `resource`"],
  ["an unknown result", expecting("ok"), "is `ok`, not one of"],
  ["no results", { results: [] }, "this Test has no results"],
])("a Test with %s is an error", async (_, given, problem) => {
  const { code, stderr } = await run(given);
  expect(stderr).toContain(problem);
  expect(code).toBe(2);
});

test.each<[string, Given, string]>([
  ["a policy that is not there", { results: [{ policy: "other", result: "pass" }] }, "no policy of this Test is called `other`"],
  ["a rule that is not there", { ...expecting("pass", { rule: "other" }), policy: clusterPolicy }, "has no rule `other`"],
  ["an edited policy", { policy: validatingPolicy.replace("CREATE", "DELETE") }, "is not the one of this version of policy-test"],
  ["a policy of somebody else's", { policy: validatingPolicy.replace("name: host-network-dns-policy", "name: mine") }, "no rule of policy-test is the ValidatingPolicy of `mine`"],
  ["another kind of policy", { policy: dump({ apiVersion: "policies.kyverno.io/v1", kind: "MutatingPolicy", metadata: { name: NAME } }) }, "a MutatingPolicy is no policy that can be run here"],
  ["parameters that are no values", { policy: validatingPolicy.replace('dyn(["ClusterFirstWithHostNet", "Default", "None"])', "dyn(object.spec)") }, "are no plain values"],
  ["parameters that are not valid", { policy: validatingPolicy.replace('"Default", "None"', '"Default", "Nothing"') }, "`Nothing`"],
  ["exclusions that are not understood", { policy: excluding.replace("- kube-system", '- "kube-*"') }, "not understood here"],
  ["a missing policy", { test: { policies: ["no.yaml"] } }, "`no.yaml` cannot be read"],
  ["a missing resource", { test: { resources: ["no.yaml"] } }, "`no.yaml` cannot be read"],
  ["no resources", { test: { resources: [] } }, "names no `resources`"],
  ["a resource that is there twice", { test: { resources: ["resources.yaml", "more.yaml"] }, files: { "more.yaml": pod("bad", "Default") } }, "hold Pod shop/bad twice"],
  ["exceptions", { test: { exceptions: ["exceptions.yaml"] } }, "has `exceptions`, which is not read here"],
  ["patched resources", expecting("pass", { patchedResources: "patched.yaml" }), "has `patchedResources`, which is not understood here"],
  ["a result of a mutation", expecting("pass", { isMutatingPolicy: true }), "has `isMutatingPolicy`, which is not understood here"],
  ["values with a misspelt field", { test: { variables: "values.yaml" }, files: { "values.yaml": "apiVersion: cli.kyverno.io/v1alpha1\nkind: Values\nglobalValue: {}\n" } }, "has no field `globalValue`"],
  ["a rule that looks at the cluster", { policy: library("kyverno/host-network-shared-port/host-network-shared-port.yaml"), results: [{ policy: "host-network-shared-port", result: "pass" }] }, "looks at other objects of the cluster"],
  ["an object that no API server takes", { files: { "resources.yaml": pod("bad", "ClusterFirst").replace("true", '"true"') } }, "the API server would reject this"],
])("%s keeps a result from being checked", async (_, given, reason) => {
  const { code, stdout } = await run(given);
  expect(stdout).toContain("not run  kyverno-test.yaml:");
  expect(stdout).toContain(reason);
  expect(code).toBe(2);
});
