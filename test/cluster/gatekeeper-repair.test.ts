/** With every rule denying, what stands in the cluster can still be scaled, repaired and removed, and what is allowed starts. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Response } from "../../cluster/client.js";
import { startGatekeeper } from "../../cluster/gatekeeper.js";
import { kubectl } from "../../cluster/kubectl.js";
import { waitFor } from "../../cluster/process.js";
import { isExpressible } from "../../generator/targets/known.js";
import { type JsonObject } from "../../generator/schema/json.js";
import { compiledRules } from "../compiled.js";
import { objectsIn, valueAt } from "../json.js";
import { enforced, kindIn } from "./gatekeeper.js";
import { startGuarded } from "./gatekeeper-probe.js";
import { installed } from "../library-files.js";
import type { Loopback } from "./loopback.js";
import { collectionOf, expectStatus, messageOf, metadataOf, nameIn, NOBODY, pathOf, putNamespace } from "./objects.js";
import { carefulPod, plainPod, podOf, violatingPod, workload } from "./workloads.js";

const ASKER = "asker";
const deletion = { apiVersion: "v1", kind: "DeleteOptions", gracePeriodSeconds: 0, propagationPolicy: "Background" };

let loopback: Loopback;

const violating = workload("ReplicaSet", "old", violatingPod, { finalizers: ["example.com/hold"] });
const deployment = workload("Deployment", "old", violatingPod);
const allowed = workload("DaemonSet", "agent", carefulPod, { namespace: "monitoring" });

const ask = (method: "POST" | "PUT" | "PATCH" | "DELETE", path: string, body: unknown): Promise<Response> => loopback.as(ASKER).send(method, path, body);

beforeAll(async () => {
  loopback = await startGuarded(ASKER, (state) => startGatekeeper(state, { auditIntervalSeconds: 3600 }));
  const nobody = loopback.as(NOBODY);
  for (const name of ["shop", "monitoring"]) await putNamespace(nobody, name);
  for (const object of [violating, deployment, allowed]) expectStatus(await nobody.send("POST", collectionOf(object) ?? "", object), 201);
  const run = (...args: readonly string[]): string => kubectl(loopback.state, args);
  run("apply", "-k", "library/gatekeeper/bundles/strict/templates");
  run("wait", "--for=jsonpath={.status.created}=true", "constrainttemplates", "--all", "--timeout=180s");
  run("apply", "-k", "library/gatekeeper/bundles/strict/constraints");
  run("patch", "restricthostnetwork", "restrict-host-network", "--type=merge", "-p", JSON.stringify({ spec: { parameters: { allowed: [{ namespace: "monitoring", kind: "DaemonSet", name: "agent" }] } } }));
  for (const constraint of installed("gatekeeper/bundles/strict/constraints")) await enforced(loopback.as(), kindIn(constraint), nameIn(constraint));
  const withCel = compiledRules.filter((rule) => isExpressible(rule, "gatekeeper-cel")).length;
  await waitFor("the bindings of Gatekeeper's own policies", async () => {
    const { body } = await loopback.as().send("GET", "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings");
    return objectsIn(body["items"]).length === withCel ? true : undefined;
  });
  // The API server reads the Constraints of each kind by itself, in its own time, and admits until it has: the second breaks one rule only.
  for (const pod of [violatingPod, carefulPod]) {
    await waitFor("a denial by the API server itself", async () => (messageOf(await create(workload("ReplicaSet", "new", pod))).includes("ValidatingAdmissionPolicy") ? true : undefined));
  }
});
afterAll(() => loopback.end());

const create = (object: JsonObject): Promise<Response> => ask("POST", `${collectionOf(object) ?? ""}?dryRun=All`, object);

/** By Gatekeeper's own policies, which the API server asks before the webhook. */
function expectDenied(response: Response): void {
  expect(response.status, messageOf(response)).toBe(422);
  expect(messageOf(response)).toMatch(/ValidatingAdmissionPolicy 'gatekeeper-[a-z]+' with binding 'gatekeeper-[a-z-]+' denied request: /);
}

test("the rules are in force: the same ReplicaSet under another name is denied", async () => {
  expectDenied(await create(workload("ReplicaSet", "new", violatingPod)));
});

test("a change that violates is denied", async () => {
  const template = { spec: { dnsPolicy: "Default" } };
  expectDenied(await ask("PATCH", pathOf(deployment), { spec: { template } }));
});

test.each([
  ["scaled to 0", "", { spec: { replicas: 0 } }],
  ["scaled by its subresource", "/scale", { spec: { replicas: 1 } }],
  ["labelled", "", { metadata: { labels: { team: "shop" } } }],
  ["annotated", "", { metadata: { annotations: { "example.com/note": "to be replaced" } } }],
])("what violates already can be %s", async (_, subresource, change) => {
  for (const object of [violating, deployment]) {
    const response = await ask("PATCH", `${pathOf(object)}${subresource}`, change);
    expect(response.status, messageOf(response)).toBe(200);
    expect(response.warnings).toEqual([]);
  }
});

test("its controller can write its status", async () => {
  const response = await ask("PATCH", `${pathOf(violating)}/status`, { status: { replicas: 0, observedGeneration: 2 } });
  expect(response.status, messageOf(response)).toBe(200);
});

test("a Deployment can be corrected", async () => {
  const { containers } = plainPod;
  const response = await ask("PATCH", pathOf(deployment), { spec: { template: { spec: { hostNetwork: null, containers } } } });
  expect(response.status, messageOf(response)).toBe(200);
  expect(valueAt(response.body, "spec", "template", "spec", "hostNetwork")).toBeUndefined();
});

test("what violates can be deleted, and its finalizer removed", async () => {
  expectStatus(await ask("DELETE", pathOf(violating), deletion), 200, 202);
  const there = await loopback.as().send("GET", pathOf(violating));
  expect(metadataOf(there.body)["deletionTimestamp"]).toEqual(expect.any(String));
  const response = await ask("PATCH", pathOf(violating), { metadata: { finalizers: null } });
  expect(response.status, messageOf(response)).toBe(200);
  expect((await loopback.as().send("GET", pathOf(violating))).status).toBe(404);
});

test("the Pods of an allowed DaemonSet start, made by its controller", async () => {
  const { body } = await loopback.as().send("GET", pathOf(allowed));
  const pod = podOf(allowed, carefulPod, { name: "agent", namespace: "monitoring", uid: String(valueAt(body, "metadata", "uid")) });
  const response = await ask("POST", "/api/v1/namespaces/monitoring/pods", pod);
  expect(response.status, messageOf(response)).toBe(201);
  // Nobody else may do so.
  const { ownerReferences: _, ...metadata } = metadataOf(pod);
  expectDenied(await ask("POST", "/api/v1/namespaces/monitoring/pods", { ...pod, metadata }));
});
