/** `policy-test suite` on Suites of Gatekeeper. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dump } from "js-yaml";
import { expect, test } from "vitest";
import { packageRoot } from "../../wasm/package-root.js";
import { packageAssets } from "../assets.js";
import { policyTest, type Outcome } from "../fixtures/harness.js";

const template = readFileSync(join(packageRoot, "library/gatekeeper/host-network-port-range/template.yaml"), "utf8");
const constraint = (spec: object = {}, kind = "HostNetworkPortRange"): string => dump({ apiVersion: "constraints.gatekeeper.sh/v1beta1", kind, metadata: { name: "ports" }, spec });
/** Breaks the rule twice. */
const pod = (metadata: object = {}): object => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web", namespace: "shop", ...metadata },
  spec: { hostNetwork: true, containers: [{ name: "web", image: "web:1", ports: [{ containerPort: 81 }, { containerPort: 82 }] }] },
});
const allowed = { ...pod(), spec: { containers: [] } };

interface Given {
  readonly assertions?: unknown;
  readonly case?: object;
  readonly test?: object;
  readonly suite?: object;
  readonly files?: Readonly<Record<string, string>>;
}

/** Runs a suite of one case, in which `pod` breaks the rule twice. */
function run({ assertions = [{ violations: "yes" }], case: one = {}, test: own = {}, suite = {}, files = {} }: Given = {}, ...flags: readonly string[]): Promise<Outcome> {
  const document = {
    apiVersion: "test.gatekeeper.sh/v1alpha1",
    kind: "Suite",
    tests: [{ name: "ports", template: "template.yaml", constraint: "constraint.yaml", cases: [{ name: "a Pod", object: "pod.yaml", assertions, ...one }], ...own }],
    ...suite,
  };
  const given = { "suite.yaml": dump(document), "template.yaml": template, "constraint.yaml": constraint(), "pod.yaml": dump(pod()), "allowed.yaml": dump(allowed), ...files };
  return policyTest(["suite", ...flags, "suite.yaml"], { files: given, assets: packageAssets() });
}

test("a case that is as wanted", async () => {
  expect(await run()).toEqual({ code: 0, stderr: "", stdout: "ok       suite.yaml:8:9  ports / a Pod\n\n1 suite, 1 case, 1 ok\n" });
});

test("a case that is not tells what was wanted and what was found", async () => {
  const { code, stdout } = await run({ assertions: [{ violations: "no" }] });
  expect(code).toBe(1);
  expect(stdout).toMatch(/^failed {3}suite\.yaml:8:9 {2}ports \/ a Pod\n {9}1 violation, but none is wanted\n {9}found: .*81.*; .*82.*\n\n1 suite, 1 case, 1 failed\n$/);
});

test.each([
  [[{}], [0, 0]],
  [[{ violations: 1 }], [0, 1]],
  [[{ violations: 2 }], [1, 0]],
  [[{ violations: 0 }], [1, 1]],
  [[{ violations: true }], [0, 0]],
  [[{ violations: false }], [1, 1]],
  [[{ message: "port 8[12]" }], [0, 0]],
  [[{ message: "port 83" }], [1, 1]],
  [[{ violations: "no", message: "port 83" }], [0, 0]],
  [[{ violations: 2, message: "(?i)NODE PORT" }], [1, 0]],
  [[{ message: "\\Anothing\\z" }], [1, 1]],
  [[{ violations: "yes" }, { violations: "no" }], [1, 1]],
  [[{ violations: "many" }], [2, 2]],
  [[{ violations: -1 }], [2, 2]],
  [[{ message: "(?=look)" }], [2, 2]],
  [[], [2, 2]],
])("assertions %j", async (assertions, [cel, rego]) => {
  expect((await run({ assertions })).code).toBe(cel);
  expect((await run({ assertions }, "--language", "rego")).code).toBe(rego);
});

test.each<[string, Given, string]>([
  ["a misspelt field of a case", { case: { assertion: [] } }, "suite.yaml:12:20: error: `tests[0].cases[0]` of a Suite has no field `assertion`\nhelp: did you mean `assertions`?"],
  ["a misspelt field of a test", { test: { templates: "x" } }, "has no field `templates`"],
  ["another version", { suite: { apiVersion: "test.gatekeeper.sh/v1" } }, "`apiVersion` of a Suite is `test.gatekeeper.sh/v1`"],
  ["no tests", { suite: { tests: [] } }, "this Suite has no tests"],
  ["only skipped cases", { case: { skip: true } }, "no case was run\nhelp: all of them are skipped"],
  ["a skipped test", { test: { skip: true } }, "no case was run"],
  ["a skipped suite", { suite: { skip: true } }, "no case was run"],
])("a suite with %s is an error", async (_, given, problem) => {
  const { code, stderr } = await run(given);
  expect(stderr).toContain(problem);
  expect(code).toBe(2);
});

test.each<[string, Given, string]>([
  ["no cases", { test: { cases: [] } }, "this test has no cases"],
  ["a missing template", { test: { template: "no.yaml" } }, "`no.yaml` cannot be read: no such file or directory"],
  ["no template", { test: { template: "" } }, "cannot be read"],
  ["a template of somebody else's", { files: { "template.yaml": template.replace("kind: HostNetworkPortRange", "kind: K8sPorts") } }, "no rule of policy-test is the ConstraintTemplate of `K8sPorts`"],
  ["an edited template", { files: { "template.yaml": template.replace("1024", "1023") } }, "is not the one of this version of policy-test"],
  ["something else than a template", { test: { template: "pod.yaml" } }, "holds a Pod, not a ConstraintTemplate"],
  ["a Constraint of another kind", { files: { "constraint.yaml": constraint({}, "HostNetworkDnsPolicy") } }, "but the template is of HostNetworkPortRange"],
  ["an invalid Constraint", { files: { "constraint.yaml": constraint({ parameters: { allowed: "all" } }) } }, "constraint.yaml:"],
  ["a Constraint with an unknown parameter", { files: { "constraint.yaml": constraint({ parameters: { allow: [] } }) } }, "has no parameter `allow`"],
  ["an expansion", { test: { expansion: "expansion.yaml" } }, "nothing is expanded here"],
  ["a missing object", { case: { object: "no.yaml" } }, "`no.yaml` cannot be read"],
  ["no object", { case: { object: null } }, "names no `object`"],
  ["an object that is no YAML", { files: { "pod.yaml": "a: [" } }, "pod.yaml:1:"],
  ["an empty object", { files: { "pod.yaml": "# nothing\n" } }, "holds no object"],
  ["two objects in a file", { files: { "pod.yaml": `${dump(pod())}---\n${dump(pod())}` } }, "must hold one object, but holds 2"],
  ["a List", { files: { "pod.yaml": dump({ apiVersion: "v1", kind: "List", items: [pod()] }) } }, "holds a List"],
  ["an object that no API server takes", { files: { "pod.yaml": dump({ ...pod(), spec: { hostNetwork: "true" } }) } }, "the API server would reject this"],
  ["a missing inventory", { case: { inventory: ["no.yaml"] } }, "`no.yaml` cannot be read"],
  ["an AdmissionReview without an operation", { files: { "pod.yaml": dump({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", request: { object: pod() } }) } }, "the operation of an AdmissionReview"],
  ["a Namespace that must be known", { files: { "constraint.yaml": constraint({ match: { namespaceSelector: { matchLabels: { team: "a" } } } }) } }, "the object's Namespace is not known"],
])("%s keeps a case from being run", async (_, given, reason) => {
  const { code, stdout } = await run(given);
  expect(stdout).toContain("not run  suite.yaml:");
  expect(stdout).toContain(reason);
  expect(code).toBe(2);
});

test("what the template is called and annotated with does not matter", async () => {
  expect((await run({ files: { "template.yaml": template.replace("1.0.0", "1.0.1") } })).code).toBe(0);
});

test("match decides whether the rule is asked, with Namespaces from the inventory", async () => {
  const selects = { match: { namespaceSelector: { matchLabels: { team: "a" } } } };
  const namespace = (team: string): string => dump({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop", labels: { team } } });
  const given = (team: string): Given => ({ case: { inventory: ["namespace.yaml"] }, files: { "constraint.yaml": constraint(selects), "namespace.yaml": namespace(team) } });
  expect((await run(given("a"))).code).toBe(0);
  expect((await run(given("b"))).code).toBe(1);
  expect((await run({ files: { "constraint.yaml": constraint({ match: { excludedNamespaces: ["sh*"] } }) } })).code).toBe(1);
});

test("a Constraint that is not in force at gator's point finds nothing", async () => {
  const scoped = (name: string): Given => ({
    files: { "constraint.yaml": constraint({ enforcementAction: "scoped", scopedEnforcementActions: [{ action: "deny", enforcementPoints: [{ name }] }] }) },
  });
  expect((await run(scoped("gator.gatekeeper.sh"))).code).toBe(0);
  expect((await run(scoped("audit.gatekeeper.sh"))).code).toBe(1);
});

test("an AdmissionReview is reviewed as the request that it is", async () => {
  const asked = (operation: string, oldObject?: object): Given => ({
    files: { "pod.yaml": dump({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", request: { uid: "1", operation, object: pod(), ...(oldObject === undefined ? {} : { oldObject }) } }) },
  });
  expect((await run(asked("CREATE"))).code).toBe(0);
  expect((await run(asked("UPDATE", pod({ labels: { a: "b" } })))).code).toBe(1);
  expect((await run(asked("UPDATE", allowed))).code).toBe(0);
});

test("`invalid` wants a Constraint that is not valid", async () => {
  const broken = { files: { "constraint.yaml": constraint({ parameters: { allowed: [{ from: "low" }] } }) } };
  expect((await run({ ...broken, test: { invalid: true, cases: null } })).code).toBe(0);
  expect((await run({ test: { invalid: true, cases: null } })).code).toBe(1);
  expect((await run({ ...broken, test: { invalid: true } })).code).toBe(2);
});

test("skipped cases are shown, and are no failure beside others", async () => {
  const cases = [
    { name: "first", object: "pod.yaml", assertions: [{ violations: "yes" }] },
    { name: "second", object: "pod.yaml", assertions: [{ violations: "no" }], skip: true },
  ];
  const { code, stdout } = await run({ test: { cases } });
  expect(stdout).toContain("skipped  suite.yaml:");
  expect(code).toBe(0);
});

test.each([
  ["Pod", 0],
  ["^ports$", 0],
  ["ports//Pod", 0],
  ["//a", 0],
  ["Deployment", 2],
  ["port//^Pod", 2],
  ["a//b//c", 2],
  ["(", 2],
])("--run %s", async (filter, code) => {
  expect((await run({}, "--run", filter)).code).toBe(code);
});

test("the JSON has what the text has", async () => {
  const { code, stdout } = await run({ assertions: [{ violations: 3 }] }, "--format", "json");
  expect(JSON.parse(stdout)).toMatchObject({
    suites: 1,
    problems: [],
    cases: [{ outcome: "failed", file: "suite.yaml", line: 8, column: 9, test: "ports", case: "a Pod", details: ["1 violation, but exactly 3 wanted", expect.stringContaining("found: ")] }],
  });
  expect(code).toBe(1);
});

test("what holds no suite is an error, and so is what is not there", async () => {
  const files = { "deploy/pod.yaml": dump(pod()), "broken/suite.yaml": "apiVersion: test.gatekeeper.sh/v1alpha1\nkind: [" };
  const run = (...argv: string[]): Promise<Outcome> => policyTest(["suite", ...argv], { files, assets: packageAssets() });
  const problems: readonly (readonly [string[], string])[] = [
    [["deploy"], "no suite in `deploy`"],
    [["nowhere"], "nowhere: error: no such file or folder"],
    [["broken/..."], "broken/suite.yaml:"],
    [[], "no path given"],
    [["-"], "a suite is no standard input"],
  ];
  for (const [argv, problem] of problems) {
    const { code, stderr } = await run(...argv);
    expect(stderr).toContain(problem);
    expect(code).toBe(2);
  }
});
