/**
 * The fixes as Kyverno's mutations: what the API server returns equals what `policy-test --fix` means, for every case of their rules
 * that it admits. Each set of parameters is a policy of its own, which changes the requests of one user only.
 */
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kubectl } from "../../cluster/kubectl.js";
import { waitFor } from "../../cluster/process.js";
import { isObject, type JsonObject } from "../../generator/schema/json.js";
import { mutatingClusterPolicy, mutatingPolicy, mutatingRule } from "../../generator/targets/mutation.js";
import { workloadKindOf } from "../../manifest/view.js";
import { workloadKinds, type WorkloadKind } from "../../policies/kit/workload-kinds.js";
import { loadCases } from "../cases.js";
import { completeParameters } from "../compiled.js";
import { grouped } from "../engines/runner.js";
import { mutated, rulesWithMutation } from "../fixes.js";
import { rewrap } from "../rewrap.js";
import { asJson } from "../json.js";
import { legacyApi, onlyFor, policiesApi, startKyvernoLoopback, waitForCondition } from "./kyverno.js";
import type { Loopback } from "./loopback.js";
import { askServer, expectStatus, metadataOf } from "./objects.js";

const agent = { apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: "agent" }, spec: { selector: { matchLabels: { app: "agent" } }, template: { metadata: { labels: { app: "agent" } }, spec: { hostNetwork: true, containers: [{ name: "agent", image: "example.com/agent:1" }] } } } };

const groups = rulesWithMutation.flatMap(({ id, fix, rule }) => {
  const mutating = mutatingRule(rule);
  if (mutating === undefined) throw new Error(`${id} has no mutation`);
  return grouped(loadCases().filter((one) => one.rule === id)).map((cases, index) => ({ id, fix, mutating, cases, user: `${id}-${String(index)}` }));
});

let loopback: Loopback;
beforeAll(async () => {
  loopback = await startKyvernoLoopback();
});
afterAll(() => loopback.end());

/** The API server's own labels of a Job and its Pods hold its uid and its name, which it may have made up. */
const jobLabels = new Set(["batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name", "controller-uid", "job-name"]);

/** Without what differs from request to request by itself. */
function comparable(object: JsonObject): JsonObject {
  const known: unknown = JSON.parse(JSON.stringify(object), (key, value: unknown) => (jobLabels.has(key) ? undefined : value));
  const { uid: _0, creationTimestamp: _, managedFields: _1, resourceVersion: _2, generation: _3, name, ...metadata } = isObject(known) ? metadataOf(known) : {};
  return { ...(isObject(known) ? known : {}), metadata: metadata["generateName"] === undefined ? { name, ...metadata } : metadata };
}

const entry = (object: JsonObject, name: string): JsonObject => {
  const value = object[name];
  return isObject(value) ? value : {};
};

/** A workload that was made one of another kind, with what the API server wants of that kind beside the pod. */
function admissible({ kind, group, template }: WorkloadKind, object: JsonObject): JsonObject {
  const labels = { app: "agent" };
  const change = (value: JsonObject, path: readonly string[], to: (pod: JsonObject) => JsonObject): JsonObject => {
    const [name, ...rest] = path;
    return name === undefined ? to(value) : { ...value, [name]: change(entry(value, name), rest, to) };
  };
  const withPod = change(object, template, (pod) => ({
    ...pod,
    ...(kind === "Pod" ? {} : { metadata: { labels } }),
    spec: { ...entry(pod, "spec"), ...(group === "batch" ? { restartPolicy: "Never" } : {}) },
  }));
  if (kind === "Pod" || kind === "PodTemplate" || kind === "Job") return withPod;
  const needed = kind === "CronJob" ? { schedule: "0 * * * *" } : { selector: kind === "ReplicationController" ? labels : { matchLabels: labels } };
  return { ...withPod, spec: { ...entry(withPod, "spec"), ...needed } };
}

const dnsPolicyOf = (object: JsonObject): unknown => JSON.stringify(object).match(/"dnsPolicy":"(\w+)"/)?.[1];

/** Waits until a DaemonSet that violates the default rule is changed. */
const waitForFix = (user: string): Promise<true> =>
  waitFor("the mutation", async () => {
    const { body } = expectStatus(await loopback.as(user).send("POST", "/apis/apps/v1/namespaces/default/daemonsets?dryRun=All", agent), 201);
    return dnsPolicyOf(body) === "ClusterFirstWithHostNet" ? true : undefined;
  });

describe.each([
  {
    kind: "MutatingPolicy",
    folder: "mutate",
    collection: `${policiesApi}/mutatingpolicies`,
    inForce: "WebhookConfigured",
    policyOf: mutatingPolicy,
    only: (spec: JsonObject, user: string): JsonObject => ({ ...spec, matchConditions: onlyFor(user) }),
  },
  {
    kind: "ClusterPolicy",
    folder: "cluster-policy-mutate",
    collection: `${legacyApi}/clusterpolicies`,
    inForce: "Ready",
    policyOf: mutatingClusterPolicy,
    only: (spec: JsonObject, user: string): JsonObject => ({ ...spec, webhookConfiguration: { matchConditions: onlyFor(user) } }),
  },
])("$kind", ({ kind, folder, collection, inForce, policyOf, only }) => {
  const inKind = groups.flatMap(({ mutating, cases, id, ...group }) => {
    const policy = policyOf(mutating, { parameters: asJson(completeParameters(id, cases[0]?.parameters ?? {})) });
    return policy === undefined ? [] : [{ ...group, id, cases, policy: asJson(policy) }];
  });
  const counts = { compared: 0, changed: 0, refused: 0 };
  afterAll(() => {
    console.log(`Kyverno's mutation by ${kind}: ${String(inKind.length)} policies (${String(groups.length - inKind.length)} sets of parameters have none), ${String(counts.compared)} requests compared, ${String(counts.changed)} of them changed; ${String(counts.refused)} cases that the API server itself refuses`);
  });

  beforeAll(async () => {
    for (const { user, policy } of inKind) {
      const { spec, metadata, ...rest } = policy;
      const own = { ...rest, metadata: { ...(isObject(metadata) ? metadata : {}), name: user }, spec: only(isObject(spec) ? spec : {}, user) };
      expectStatus(await loopback.as().send("POST", collection, own), 201);
    }
    await waitForCondition(loopback, collection, inForce);
    await waitForFix(inKind[0]?.user ?? "");
  });
  afterAll(() => kubectl(loopback.state, ["delete", kind.toLowerCase(), "--all"]));

  describe.each(inKind)("$user", ({ id, fix, cases, user }) => {
    test.each(cases.map((one) => ({ title: one.name, one })))("$title", async ({ one }) => {
      // The case itself, and the same pod in every other kind of workload.
      const { object, operation } = one.request;
      const others = operation === "UPDATE" || workloadKindOf(object) === undefined ? [] : workloadKinds.filter(({ kind: other }) => other !== object["kind"]).map((row) => ({ object: admissible(row, asJson(rewrap(object, row).object)) }));
      const requests = [one.request, ...others];
      for (const request of requests) {
        const asked = await askServer(loopback, request, user, {});
        if (asked.refused !== undefined) {
          counts.refused += 1;
          continue;
        }
        const before = asked.stored.object;
        const expected = mutated(id, fix, asked.stored.request, completeParameters(id, one.parameters));
        expect(isObject(expected) ? comparable(expected) : expected).toEqual(comparable(asked.response.body));
        counts.compared += 1;
        if (dnsPolicyOf(asked.response.body) !== dnsPolicyOf(before)) counts.changed += 1;
      }
    });
  });

  test("some sets of parameters have the policy, the defaults among them", () => {
    expect(inKind.map(({ user }) => user)).toContain(groups[0]?.user);
  });

  test("as it is installed it changes everybody's workloads, but not those of kube-system", async () => {
    kubectl(loopback.state, ["apply", "-k", fileURLToPath(new URL(`../../library/kyverno/host-network-dns-policy/${folder}`, import.meta.url))]);
    await waitForFix("somebody");
    await waitForCondition(loopback, collection, inForce);
    const { body } = expectStatus(await loopback.as("somebody").send("POST", "/apis/apps/v1/namespaces/kube-system/daemonsets?dryRun=All", agent), 201);
    expect(dnsPolicyOf(body)).toBe("ClusterFirst");
  });
});
