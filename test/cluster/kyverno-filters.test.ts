/** Kyverno with the filters of its own installation: what docs/install-kyverno.md says of kube-system. */
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { kubectl } from "../../cluster/kubectl.js";
import { waitFor } from "../../cluster/process.js";
import { startKyvernoLoopback } from "./kyverno.js";
import type { Loopback } from "./loopback.js";

let loopback: Loopback;
afterAll(() => loopback.end());

const statusIn = async (namespace: string, kind: "DaemonSet" | "ReplicaSet"): Promise<number> =>
  (
    await loopback.as().send("POST", `/apis/apps/v1/namespaces/${namespace}/${kind.toLowerCase()}s?dryRun=All`, {
      apiVersion: "apps/v1",
      kind,
      metadata: { name: "agent" },
      spec: {
        selector: { matchLabels: { app: "agent" } },
        template: { metadata: { labels: { app: "agent" } }, spec: { hostNetwork: true, containers: [{ name: "agent", image: "example.com/<TEAM>:1" }] } },
      },
    })
  ).status;

beforeAll(async () => {
  loopback = await startKyvernoLoopback({ filters: "installed" });
  // The same without the exclusion of kube-system that the library writes into policies that deny.
  const policy = kubectl(loopback.state, ["create", "--dry-run=client", "-o", "json", "-f", fileURLToPath(new URL("../../library/kyverno/restrict-host-network/restrict-host-network.yaml", import.meta.url))]);
  kubectl(loopback.state, ["apply", "-f", "-"], policy.replace(/"namespaceSelector": \{[^]*?\]\s*\},\s*(?="resourceRules")/, ""));
  await waitFor("the policy", async () => ((await statusIn("default", "DaemonSet")) === 400 ? true : undefined));
});

test("the policy itself leaves no namespace out", () => {
  const policy = kubectl(loopback.state, ["get", "validatingpolicy", "restrict-host-network", "-o", "jsonpath={.spec.matchConstraints}"]);
  expect(policy).toContain("resourceRules");
  expect(policy).not.toContain("kube-system");
});

test.each(["kube-system", "kube-public", "kube-node-lease"])("%s is not looked at", async (namespace) => {
  expect(await statusIn(namespace, "DaemonSet")).toBe(201);
});

test("ReplicaSets are not looked at in any namespace", async () => {
  expect(await statusIn("default", "ReplicaSet")).toBe(201);
});
