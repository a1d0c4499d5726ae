/** What is no workload and no Namespace is read, and no rule of the library says anything of it, whatever stands in it. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { policyTest } from "./fixtures/harness.js";

const own = (name: string): string => fileURLToPath(new URL(`../wasm/${name}`, import.meta.url));
const assets = { wasm: own("policy.wasm"), manifest: own("manifest.json") };

const violating = `apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent, namespace: monitoring }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec:
      hostNetwork: true
      hostPID: true
      containers: [{ name: agent, image: "example.com/<REGION>:1", ports: [{ containerPort: 22 }] }]
`;
const indented = violating.replaceAll(/^/gm, "    ");

const configMap = `apiVersion: v1
kind: ConfigMap
metadata: { name: manifests, annotations: { example.com/node: "<none>" } }
data:
  daemonset.yaml: |
${indented}`;

const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: agents.example.com }
spec:
  group: example.com
  names: { kind: Agent, plural: agents }
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          description: The address, as <HOST>:<PORT>; \${HOST} and {{ .Values.host }} are not replaced.
          properties:
            spec: { type: object, description: Runs with hostNetwork, properties: { image: { type: string, description: "<IMAGE>", default: "<IMAGE>" } } }
`;

test.each([
  ["a ConfigMap that holds YAML", configMap],
  ["a CustomResourceDefinition with descriptions full of placeholders", definition],
])("%s", async (_, text) => {
  expect(await policyTest(["a.yaml"], { files: { "a.yaml": text }, assets })).toMatchObject({ code: 0, stdout: "1 file, 0 workloads, 0 findings\n", stderr: "" });
});

test("the same manifest as a document of its own breaks rules", async () => {
  const { code, stdout } = await policyTest(["a.yaml"], { files: { "a.yaml": violating }, assets });
  for (const id of ["restrict-host-network", "restrict-host-namespaces", "host-network-reserved-ports", "unresolved-placeholder"]) expect(stdout).toContain(id);
  expect(code).toBe(1);
});
