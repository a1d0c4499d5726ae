/** The real rules: compiled and as TypeScript they say the same. test/ proves it at length; here through the command. */
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { packageAssets } from "./assets.js";
import { pod, policyTest, type Outcome } from "./fixtures/harness.js";

const assets = packageAssets();
const template = (kind: string, apiVersion: string, spec: string): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: web, namespace: shop}\nspec:\n  template:\n    spec: ${spec}\n`;

const files = {
  "pods.yaml": [
    pod("plain"),
    pod("host", { hostNetwork: "on" }),
    pod("placeholder", { image: '"registry.<REGION_ID>.example/app:1"' }),
    `${pod("ports", { hostNetwork: "yes" })}    ports: [{containerPort: 80}, {containerPort: 30000, hostPort: 30000}, {hostPort: 9001, containerPort: 9001}]\n`,
  ].join("---\n"),
  "templates.yaml": [
    template("Deployment", "apps/v1", "{hostNetwork: true, containers: [{name: a, ports: [{containerPort: 9001}]}, {name: b, ports: [{containerPort: 9001}]}]}"),
    template("DaemonSet", "apps/v1", '{dnsPolicy: Default, hostNetwork: true, initContainers: [{name: i, command: ["<A>"]}], containers: [{name: a, args: ["<B>", null], env: [{name: E, value: <C_D>}]}]}'),
    template("Job", "batch/v1", "{containers: null}"),
  ].join("---\n"),
  "reviews.json": JSON.stringify({
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    request: {
      operation: "UPDATE",
      object: { apiVersion: "v1", kind: "Pod", metadata: { name: "p", labels: { a: "1" } }, spec: { hostNetwork: true } },
      oldObject: { apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec: { hostNetwork: true } },
    },
  }),
  "strict.yaml": `
rules:
  host-network-dns-policy: {enforcement: deny, parameters: {dnsPolicies: [Default]}}
  host-network-port-range: {parameters: {allowed: [], exceptProfiles: []}}
  host-network-reserved-ports: {parameters: {reserved: [{from: 9000, to: 9100, usedBy: tests, owners: [{name: "po*"}]}]}}
  restrict-host-network: {parameters: {allowed: [{namespace: shop}]}}
  unresolved-placeholder: {parameters: {patterns: {angle: image}}}
`,
};
const paths = ["pods.yaml", "templates.yaml", "reviews.json"];

describe("the real rules", () => {
  const run = (...argv: string[]): Promise<Outcome> => policyTest([...argv, ...paths], { files, assets });

  test.each<readonly [string, ...string[]]>([["by default"], ["with a config", "--config", "strict.yaml"], ["in a namespace", "--namespace", "edge"]])(
    "find the same in both engines %s",
    async (_, ...argv) => {
      const wasm = await run("--format", "json", "--engine", "wasm", ...argv);
      expect(wasm).toEqual(await run("--format", "json", "--engine", "js", ...argv));
      expect(wasm.code).toBe(1);
      expect(wasm.stdout.match(/"rule":/g)?.length).toBeGreaterThan(8);
    },
  );

  test("find the same in both engines in examples/", async () => {
    const examples = fileURLToPath(new URL("../examples", import.meta.url));
    const wasm = await policyTest(["--format", "json", "--engine", "wasm", examples], { assets });
    expect(wasm).toEqual(await policyTest(["--format", "json", "--engine", "js", examples], { assets }));
    expect(wasm.code).toBe(1);
  });

  test("can all be explained, with an example config that is valid", async () => {
    const { stdout } = await policyTest(["list", "--format", "json"], { assets });
    for (const { id } of JSON.parse(stdout) as { id: string }[]) {
      const explanation = await policyTest(["explain", id], { assets });
      const config = explanation.stdout.slice(explanation.stdout.indexOf("  rules:"));
      const outcome = await policyTest([...paths], { assets, files: { ...files, "policy-test.yaml": config } });
      expect(outcome).toEqual(await run());
    }
  });
});
