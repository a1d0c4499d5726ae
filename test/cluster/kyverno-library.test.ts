/** The library in Kyverno as users install it: `kubectl apply -k`, with the roles that Kyverno's own installation gives its controllers. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Response } from "../../cluster/client.js";
import { kubectl } from "../../cluster/kubectl.js";
import { waitFor } from "../../cluster/process.js";
import type { JsonObject } from "../../generator/schema/json.js";
import { isExpressible } from "../../generator/targets/known.js";
import { compiledRules } from "../compiled.js";
import { conditionsOf, legacyApi, listed, policiesApi, startKyvernoLoopback, waitForCondition } from "./kyverno.js";
import type { Loopback } from "./loopback.js";
import { expectStatus, messageOf, pathOf, putNamespace } from "./objects.js";

const library = (folder: string): string => fileURLToPath(new URL(`../../library/kyverno/${folder}`, import.meta.url));
const daemonSets = "/apis/apps/v1/namespaces/default/daemonsets";
const replicaSets = "/apis/apps/v1/namespaces/default/replicasets";

let loopback: Loopback;
/** Applied again where a busy machine makes Kyverno's own check of policies last longer than the server waits. */
const apply = (folder: string): Promise<true> =>
  waitFor(`what ${folder} installs`, () => {
    kubectl(loopback.state, ["apply", "-k", library(folder)]);
    return Promise.resolve(true);
  });
const unapply = (folder: string): string => kubectl(loopback.state, ["delete", "-k", library(folder)]);

const template = (spec: object = {}): JsonObject => ({
  metadata: { labels: { app: "agent" } },
  spec: { hostNetwork: true, containers: [{ name: "agent", image: "example.com/agent:1" }], ...spec },
});
const workload = (kind: "DaemonSet" | "ReplicaSet", name: string, more: JsonObject = {}): JsonObject => ({
  apiVersion: "apps/v1",
  kind,
  metadata: { name, namespace: "default", ...more },
  spec: { selector: { matchLabels: { app: "agent" } }, template: template() },
});

/** Waits until a request is answered so: a webhook takes up policies some time after they are made. */
async function waitForAnswer(what: string, ask: () => Promise<Response>, isWanted: (response: Response) => boolean): Promise<Response> {
  return waitFor(what, async () => {
    const response = await ask();
    if (isWanted(response)) return response;
    throw new Error(`${String(response.status)} ${messageOf(response)}`);
  });
}

const createAgent = (): Promise<Response> => loopback.as().send("POST", `${daemonSets}?dryRun=All`, workload("DaemonSet", "agent"));
// Kyverno writes the messages of ClusterPolicies as YAML, where an apostrophe is doubled.
const DENIED = /restrict-host-network.*hostNetwork puts DaemonSet default\/agent on its node''?s own network/s;

/** Violates the strict bundle, and was there before it. */
const violating = (name: string): JsonObject => workload("ReplicaSet", name, { finalizers: ["example.com/hold"] });

beforeAll(async () => {
  loopback = await startKyvernoLoopback({ exceptionNamespace: "kyverno-exceptions" });
  for (const name of ["validating", "cluster"]) expectStatus(await loopback.as().send("POST", replicaSets, violating(name)), 201);
});
afterAll(() => loopback.end());

/** What must stay possible with an object that a policy would not let in. */
async function repair(name: string): Promise<void> {
  const path = pathOf(violating(name));
  const admin = loopback.as();
  // The policies are in force: another object like it is refused.
  await waitForAnswer("the bundle", () => admin.send("POST", `${replicaSets}?dryRun=All`, violating("another")), ({ status }) => status === 400);
  expectStatus(await admin.send("PATCH", path, { spec: { replicas: 0 } }), 200);
  expectStatus(await admin.send("PATCH", `${path}/scale`, { spec: { replicas: 0 } }), 200);
  expectStatus(await admin.send("PATCH", path, { metadata: { labels: { tier: "node" }, annotations: { note: "reviewed" } } }), 200);
  expectStatus(await admin.send("PATCH", `${path}/status`, { status: { replicas: 0 } }), 200);
  expectStatus(await admin.send("DELETE", path), 200, 202);
  expectStatus(await admin.send("PATCH", path, { metadata: { finalizers: null } }), 200);
  await waitForAnswer("the end of the ReplicaSet", () => admin.send("GET", path), ({ status }) => status === 404);
}

describe("ValidatingPolicies", () => {
  const collection = `${policiesApi}/validatingpolicies`;

  test("the whole library becomes ready with the roles that come with it", async () => {
    await apply(".");
    await waitForCondition(loopback, collection, "WebhookConfigured");
    await waitForCondition(loopback, collection, "RBACPermissionsGranted");
    const policies = await listed(loopback, collection);
    expect(policies.length).toBe(compiledRules.filter((rule) => isExpressible(rule, "validating-policy")).length);
    const denied = await waitForAnswer("the library", createAgent, ({ status, warnings }) => status === 400 && warnings.length > 0);
    expect(messageOf(denied)).toMatch(DENIED);
    expect(denied.warnings.join("\n")).toMatch(/^Policy host-network-dns-policy failed: dnsPolicy ClusterFirst of a hostNetwork Pod means/m);
  });

  test("the exception of the guide lets its Pods off, and nobody else", async () => {
    const page = readFileSync(new URL("../../docs/install-kyverno.md", import.meta.url), "utf8");
    const [, yaml = ""] = /```yaml\n(apiVersion: policies\.kyverno\.io\/v1\nkind: PolicyException\n[^]*?)```/.exec(page) ?? [];
    expect(yaml).toContain("restrict-host-network");
    await putNamespace(loopback.as(), "kyverno-exceptions");
    await putNamespace(loopback.as(), "monitoring");
    const ask = (name: string): Promise<Response> => loopback.as().send("POST", `/apis/apps/v1/namespaces/monitoring/daemonsets?dryRun=All`, { ...workload("DaemonSet", name, { namespace: "monitoring" }) });
    expect(messageOf(await ask("node-metrics"))).toContain("restrict-host-network");
    kubectl(loopback.state, ["apply", "-f", "-"], yaml);
    await waitForAnswer("the exception", () => ask("node-metrics"), ({ status }) => status === 201);
    expect(messageOf(await ask("agent"))).toContain("restrict-host-network");
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { generateName: "node-metrics-", namespace: "monitoring" }, spec: template()["spec"] };
    expectStatus(await loopback.as().send("POST", "/api/v1/namespaces/monitoring/pods?dryRun=All", pod), 201);
    kubectl(loopback.state, ["delete", "-f", "-"], yaml);
  });

  test("the strict bundle takes the library's place, and blocks no repair", async () => {
    await apply("bundles/strict");
    await waitForCondition(loopback, collection, "RBACPermissionsGranted");
    await waitForAnswer("the bundle", createAgent, ({ status, warnings }) => status === 400 && warnings.length === 0);
    await repair("validating");
    unapply("bundles/strict");
    await waitForAnswer("the end of the bundle", createAgent, ({ status }) => status === 201);
  });
});

describe("ClusterPolicies", () => {
  const collection = `${legacyApi}/clusterpolicies`;
  const ids = compiledRules.filter((rule) => isExpressible(rule, "cluster-policy")).map((rule) => rule.meta.id);

  test("each rule's folder is installed, and becomes ready", async () => {
    for (const id of ids) await apply(`${id}/cluster-policy`);
    await waitForCondition(loopback, collection, "Ready");
    expect((await listed(loopback, collection)).map((policy) => conditionsOf(policy).get("Ready")?.["message"])).toEqual(ids.map(() => "Ready"));
    const denied = await waitForAnswer("the policies", createAgent, ({ status }) => status === 400);
    expect(messageOf(denied)).toMatch(DENIED);
    expect(denied.warnings.join("\n")).not.toContain("restrict-host-network");
  });

  test("the strict bundle takes their place, and blocks no repair", async () => {
    await apply("bundles/strict/cluster-policy");
    await waitForCondition(loopback, collection, "Ready");
    await waitForAnswer("the bundle", createAgent, (response) => response.status === 400 && messageOf(response).includes("host-network-dns-policy"));
    await repair("cluster");
  });

  test.each(["recommended", "ack"])("the bundle %s is installed, and becomes ready, in both forms", async (bundle) => {
    await apply(`bundles/${bundle}/cluster-policy`);
    await waitForCondition(loopback, collection, "Ready");
    unapply(`bundles/${bundle}/cluster-policy`);
    await apply(`bundles/${bundle}`);
    await waitForCondition(loopback, `${policiesApi}/validatingpolicies`, "RBACPermissionsGranted");
  });
});
