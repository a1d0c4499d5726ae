/**
 * What the library has for a cluster without a policy engine, installed as users do it: with `kubectl apply -k`. The API server
 * and the controller that checks the types of policies have nothing to say against it, what breaks the rules is denied, and
 * what was there before can be repaired.
 */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Client, Response } from "../../cluster/client.js";
import { POLICY_STATUS, startControllerManager } from "../../cluster/controller-manager.js";
import { kubectl, runKubectl } from "../../cluster/kubectl.js";
import { waitFor } from "../../cluster/process.js";
import { isObject, type JsonObject } from "../../generator/schema/json.js";
import { valueAt } from "../json.js";
import { library } from "../library-files.js";
import { startLoopback, type Loopback } from "./loopback.js";
import { collectionOf, expectStatus, messageOf, metadataOf, nameIn, pathOf, putNamespace } from "./objects.js";

const policies = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies";

/** Breaks every rule on workloads that can be broken without looking at other objects. */
const template = {
  metadata: { labels: { app: "old" } },
  spec: {
    hostNetwork: true,
    hostPID: true,
    hostIPC: true,
    volumes: [{ name: "etc", hostPath: { path: "/etc" } }],
    containers: [
      { name: "one", image: "registry-<REGION_ID>.example.com/one:1", args: ["--listen-address=:9100"], ports: [{ containerPort: 10250 }], volumeMounts: [{ name: "etc", mountPath: "/etc" }] },
      { name: "two", image: "example.com/two:1", ports: [{ containerPort: 10250 }] },
    ],
  },
};
const workload = (kind: string, name: string): JsonObject => ({
  apiVersion: "apps/v1",
  kind,
  metadata: { name, namespace: "shop", finalizers: ["example.com/hold"] },
  spec: { replicas: 1, selector: { matchLabels: { app: "old" } }, template },
});
const olds = [workload("ReplicaSet", "old"), workload("Deployment", "old")];
const privileged = { apiVersion: "v1", kind: "Namespace", metadata: { name: "old", labels: { "pod-security.kubernetes.io/enforce": "privileged" } } };
const newNamespace = { ...privileged, metadata: { ...privileged.metadata, name: "new" } };

let loopback: Loopback;
beforeAll(async () => {
  loopback = await startLoopback({}, (state) => Promise.resolve(startControllerManager(state, [POLICY_STATUS])));
});
afterAll(() => loopback.end());

const send: Client["send"] = (method, path, body) => loopback.as().send(method, path, body);

/** The server itself warns as well, for instance of ports that occur twice. */
const policyWarnings = ({ warnings }: Response): string[] => warnings.filter((text) => text.startsWith("Validation failed for ValidatingAdmissionPolicy"));

/** Neither refused nor warned about. */
function expectQuiet(response: Response): void {
  expect([response.status, messageOf(response), policyWarnings(response)]).toEqual([200, "", []]);
}

const isReported = (response: Response): boolean => response.status !== 201 || policyWarnings(response).length > 0;

async function statusOf(name: string): Promise<JsonObject> {
  return waitFor(`the status of ${name}`, async () => {
    const { body } = expectStatus(await send("GET", `${policies}/${name}`), 200);
    const { status } = body;
    return isObject(status) && status["observedGeneration"] === metadataOf(body)["generation"] && isObject(status["typeChecking"]) ? status : undefined;
  }, 110_000); // one policy takes up to 3 s, and the first waits for the schemas of all kinds
}

const create = (object: JsonObject): Promise<Response> => send("POST", `${collectionOf(object) ?? ""}?dryRun=All`, object);

/** What stands in the cluster before there are policies. */
async function putOld(): Promise<void> {
  // The level that rejects hostNetwork Pods: what owns them is stored all the same.
  await putNamespace(loopback.as(), "shop", { "pod-security.kubernetes.io/enforce": "baseline" });
  await putNamespace(loopback.as(), nameIn(privileged), privileged.metadata.labels);
  for (const object of olds) expectStatus(await send("POST", collectionOf(object) ?? "", object), 201, 409);
}

describe.each(["", "bundles/ack", "bundles/recommended", "bundles/strict"])("library/admission-policy/%s", (folder) => {
  const path = join(library, "admission-policy", folder);
  let applied: { readonly stdout: string; readonly stderr: string };
  let names: string[] = [];

  beforeAll(async () => {
    await putOld();
    applied = runKubectl(loopback.state, ["apply", "-k", path]);
    names = [...applied.stdout.matchAll(/^validatingadmissionpolicy\.\S+?\/(\S+) created$/gm)].map(([, name = ""]) => name);
    await waitFor("the policies", async () => ((await create(workload("ReplicaSet", "new"))).status === 201 ? undefined : true));
    await waitFor("the policy on Namespaces", async () => (isReported(await create(newNamespace)) ? true : undefined));
  });

  afterAll(async () => {
    kubectl(loopback.state, ["delete", "-k", path]);
    await waitFor("the end of the policies", async () => (isReported(await create(workload("ReplicaSet", "new"))) ? undefined : true));
  });

  test("is applied without a warning, and checking its types finds none", async () => {
    expect(applied.stderr).toBe("");
    expect(names.length).toBeGreaterThanOrEqual(10);
    for (const name of names) expect(valueAt(await statusOf(name), "typeChecking"), name).toEqual({});
  });

  test.each(olds)("denies a new $kind, and a change of an old one that makes it no better", async (old) => {
    expect(messageOf(await create({ ...old, metadata: { ...metadataOf(old), name: "new" } }))).toContain("denied request");
    const worse = { ...template, spec: { ...template.spec, containers: template.spec.containers.slice(0, 1), dnsPolicy: "Default" } };
    expect(messageOf(await send("PATCH", `${pathOf(old)}?dryRun=All`, { spec: { template: worse } }))).toContain("denied request");
  });

  test.each(olds)("lets an old $kind be scaled to 0, labelled, freed of its finalizer and deleted", async (old) => {
    const scale = `${pathOf(old)}/scale?dryRun=All`;
    const { body } = expectStatus(await send("GET", scale), 200);
    expectQuiet(await send("PUT", scale, { ...body, spec: { replicas: 0 } }));
    const stored = expectStatus(await send("GET", pathOf(old)), 200).body;
    expectQuiet(await send("PUT", pathOf(old), { ...stored, spec: { ...(isObject(stored["spec"]) ? stored["spec"] : {}), replicas: 0 } }));
    expectQuiet(await send("PATCH", pathOf(old), { metadata: { labels: { reviewed: "yes" } } }));
    expectQuiet(await send("DELETE", pathOf(old), { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Background" }));
    expectQuiet(await send("PATCH", pathOf(old), { metadata: { finalizers: null } }));
    expect((await send("GET", pathOf(old))).status).toBe(404);
  });

  test("lets a Namespace that is privileged already be labelled, restricted and deleted", async () => {
    const old = pathOf(privileged);
    expectQuiet(await send("PATCH", `${old}?dryRun=All`, { metadata: { labels: { team: "web" } } }));
    expectQuiet(await send("PATCH", `${old}?dryRun=All`, { metadata: { labels: { "pod-security.kubernetes.io/enforce": "restricted" } } }));
    expectQuiet(await send("DELETE", `${old}?dryRun=All`));
  });
});

test("the controller finds a wrong type, so that its silence means something", async () => {
  const spec = { matchConstraints: { resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }] }, validations: [{ expression: "object.spec.hostNetwrk == true" }] };
  expectStatus(await send("POST", policies, { apiVersion: "admissionregistration.k8s.io/v1", kind: "ValidatingAdmissionPolicy", metadata: { name: "wrong" }, spec }), 201);
  expect(JSON.stringify(await statusOf("wrong"))).toContain("undefined field 'hostNetwrk'");
});
