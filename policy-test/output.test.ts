import { expect, test } from "vitest";
import { denied, pod, policyTest } from "./fixtures/harness.js";

/** A file of everything that a report can hold. */
const everything = [
  denied.replace("app:1", "app:latest"),
  pod("job", { image: "app:latest" }).replace("name: job", "generateName: job-, namespace: batch"),
  "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: r}\nspec: {template: {spec: {containers: [{name: a, image: b}]}}}\n",
  pod("typed", { hostNetwork: '"yes"' }),
].join("---\n");
const files = { "a.yaml": everything, "b.yaml": denied };

test("text", async () => {
  const { stdout, stderr, code } = await policyTest(["a.yaml", "b.yaml", "c.yaml"], { files });
  expect(stdout).toMatchInlineSnapshot(`
    "a.yaml:6:16   error        high  toy-host-network  default/denied uses the host network
    a.yaml:9:12   warning      low   toy-image-suffix  image app:latest ends in :latest
    a.yaml:19:12  warning      low   toy-image-suffix  image app:latest ends in :latest
    a.yaml:21:1   not checked  default/r: argoproj.io/v1alpha1 Rollout holds a pod template at spec.template.spec, but is no kind that the rules know
    a.yaml:31:16  invalid      the API server would reject this: spec.hostNetwork must be a boolean, but is the text "yes"

    b.yaml:6:16  error  high  toy-host-network  default/denied uses the host network

    c.yaml  invalid  no such file or folder

    2 files, 4 workloads, 4 findings (2 errors, 2 warnings), 1 object not checked, 2 input errors
    "
  `);
  expect(stderr).toBe("");
  expect(code).toBe(2);
});

test("json", async () => {
  const { stdout, code } = await policyTest(["a.yaml", "c.yaml", "-f", "json"], { files });
  expect(JSON.parse(stdout)).toMatchInlineSnapshot(`
    {
      "files": [
        "a.yaml",
      ],
      "findings": [
        {
          "column": 16,
          "enforcement": "deny",
          "file": "a.yaml",
          "line": 6,
          "message": "default/denied uses the host network",
          "path": "spec.hostNetwork",
          "rule": "toy-host-network",
          "severity": "high",
          "workload": {
            "kind": "Pod",
            "name": "denied",
            "namespace": "default",
          },
        },
        {
          "column": 12,
          "container": "app",
          "enforcement": "warn",
          "file": "a.yaml",
          "line": 9,
          "message": "image app:latest ends in :latest",
          "path": "spec.containers[0].image",
          "rule": "toy-image-suffix",
          "severity": "low",
          "workload": {
            "kind": "Pod",
            "name": "denied",
            "namespace": "default",
          },
        },
        {
          "column": 12,
          "container": "app",
          "enforcement": "warn",
          "file": "a.yaml",
          "line": 19,
          "message": "image app:latest ends in :latest",
          "path": "spec.containers[0].image",
          "rule": "toy-image-suffix",
          "severity": "low",
          "workload": {
            "kind": "Pod",
            "name": "job-*",
            "namespace": "batch",
          },
        },
      ],
      "inputErrors": [
        {
          "file": "c.yaml",
          "message": "no such file or folder",
        },
        {
          "column": 16,
          "file": "a.yaml",
          "line": 31,
          "message": "the API server would reject this: spec.hostNetwork must be a boolean, but is the text "yes"",
        },
      ],
      "notChecked": [
        {
          "column": 1,
          "file": "a.yaml",
          "line": 21,
          "object": {
            "kind": "Rollout",
            "name": "r",
            "namespace": "default",
          },
          "why": "argoproj.io/v1alpha1 Rollout holds a pod template at spec.template.spec, but is no kind that the rules know",
        },
      ],
      "skipped": [],
      "summary": {
        "audited": 0,
        "errors": 1,
        "files": 1,
        "findings": 3,
        "foreign": 0,
        "ignored": 0,
        "inputErrors": 2,
        "notChecked": 1,
        "objects": 4,
        "skipped": 0,
        "waived": 0,
        "warnings": 2,
        "workloads": 3,
      },
      "version": 1,
    }
  `);
  expect(code).toBe(2);
});

test("explain", async () => {
  expect((await policyTest(["explain", "toy-image-suffix"])).stdout).toMatchInlineSnapshot(`
    "toy-image-suffix: Images name a version

    severity low, enforcement warn unless the config says otherwise

    A toy rule that warns.

    Parameters:
      forbidden: object, default {}
          suffixes: list of string, default [":latest"]
              Ends that an image must not have.
          scope: "everywhere" | "off", default "everywhere"
              Where to look.
      ranges: list of object, default []
          Ranges that mean nothing, for the sake of nested lists.
          from: integer from 0 to 65535, required
          protocol: "TCP" | "UDP", default "TCP"

    Config (policy-test.yaml), with the defaults written out:
      rules:
        toy-image-suffix:
          enforcement: warn
          parameters:
            forbidden: {suffixes: [:latest], scope: everywhere}
            ranges: []
    "
  `);
  expect((await policyTest(["explain", "toy-host-network"])).stdout).toMatchInlineSnapshot(`
    "toy-host-network: Nobody uses the host network

    severity high, enforcement deny unless the config says otherwise

    A toy rule that denies.

    It has a list of names that it leaves alone.

    Parameters:
      allowed: list of string (at most 4), default []
          Names of workloads that may.

    Config (policy-test.yaml), with the defaults written out:
      rules:
        toy-host-network:
          enforcement: deny
          parameters:
            allowed: []
    "
  `);
});

test("the config that explain prints is valid and changes nothing", async () => {
  const { stdout } = await policyTest(["explain", "toy-image-suffix"]);
  const config = stdout.slice(stdout.indexOf("  rules:"));
  const outcome = await policyTest(["b.yaml"], { files: { ...files, "policy-test.yaml": config } });
  expect(outcome).toEqual(await policyTest(["b.yaml"], { files }));
});

test("list as JSON", async () => {
  const { stdout } = await policyTest(["list", "--format", "json"]);
  const rules = JSON.parse(stdout) as Record<string, unknown>[];
  expect(rules.map(({ id, severity, enforcement, title }) => [id, severity, enforcement, title])).toEqual([
    ["toy-host-network", "high", "deny", "Nobody uses the host network"],
    ["toy-image-suffix", "low", "warn", "Images name a version"],
  ]);
  expect(Object.keys(rules[0] ?? {})).toEqual(["id", "title", "description", "severity", "enforcement", "parameters"]);
});

test("an AdmissionReview: places in the object under review", async () => {
  const object = { apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec: { hostNetwork: true } };
  const review = {
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    request: { operation: "UPDATE", object, oldObject: { ...object, spec: {} } },
  };
  const { stdout } = await policyTest(["-", "--namespace", "edge"], { stdin: JSON.stringify(review, null, 1) });
  expect(stdout).toContain("<stdin>:13:20  error  high  toy-host-network  edge/p uses the host network");
});
