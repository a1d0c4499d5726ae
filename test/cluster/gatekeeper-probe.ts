/**
 * Gatekeeper learns of the cluster's objects a moment after the server stores them. A Constraint of the tests' own tells what it
 * knows: the versions of all objects in `data.inventory`, and of the Namespace that it would show to a rule.
 */
import type { Client } from "../../cluster/client.js";
import { waitFor } from "../../cluster/process.js";
import type { ClusterState } from "../../cluster/state.js";
import type { JsonObject } from "../../generator/schema/json.js";
import { apiVersionOf, namespaceKind, networkPolicyKind, workloadKinds, type ObjectKind } from "../../policies/kit/workload-kinds.js";
import { objectsIn, valueAt } from "../json.js";
import { changeWebhook, denialsOf, denyAtWebhook, leavesNobodyAlone, putConstraint, putTemplate } from "./gatekeeper.js";
import { startLoopback, type Loopback } from "./loopback.js";
import { expectStatus, NOBODY } from "./objects.js";

const rego = `package whatisknown

violation contains {"msg": concat(" ", sort(versions | namespace))} if input.review.object.metadata.name == "what-is-known"

versions contains version(object) if some object in data.inventory.cluster[_][_]

versions contains version(object) if some object in data.inventory.namespace[_][_][_]

namespace contains concat("", ["in ", version(input.review.namespaceObject)])

version(object) := concat("@", [object.metadata.uid, object.metadata.resourceVersion])
`;

const template: JsonObject = {
  apiVersion: "templates.gatekeeper.sh/v1",
  kind: "ConstraintTemplate",
  metadata: { name: "whatisknown" },
  spec: {
    crd: { spec: { names: { kind: "WhatIsKnown" } } },
    targets: [{ target: "admission.k8s.gatekeeper.sh", code: [{ engine: "Rego", source: { version: "v1", rego } }] }],
  },
};

const constraint: JsonObject = {
  apiVersion: "constraints.gatekeeper.sh/v1beta1",
  kind: "WhatIsKnown",
  metadata: { name: "what-is-known" },
  spec: { ...denyAtWebhook, match: { kinds: [{ apiGroups: [""], kinds: ["ConfigMap"] }] } },
};

/**
 * Starts a cluster with Gatekeeper, which leaves the requests of `NOBODY` alone, and with the probe.
 * @param asker whom Pod Security exempts, as it exempts `NOBODY`: it would refuse some Pods that a rule speaks of
 * @param start starts Gatekeeper
 */
export async function startGuarded(asker: string, start: (state: ClusterState) => Promise<ClusterState>): Promise<Loopback> {
  const loopback = await startLoopback({ podSecurityExempt: [NOBODY, asker] }, start);
  try {
    await putTemplate(loopback.as(), template);
    await putConstraint(loopback.as(), constraint);
    await changeWebhook(loopback.as(), leavesNobodyAlone);
    await waitFor("the webhook", async () => {
      const statuses = await Promise.all([loopback.as(), loopback.as(NOBODY)].map(async (client) => (await askProbe(client, "default")).status));
      return statuses.join(" ") === "403 201" ? true : undefined;
    });
    return loopback;
  } catch (error) {
    await loopback.end();
    throw error;
  }
}

const askProbe = (client: Client, namespace: string) =>
  client.send("POST", `/api/v1/namespaces/${namespace}/configmaps?dryRun=All`, { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "what-is-known" } });

/** All objects of the kinds that rules look for, as they are stored. */
export async function storedObjects(client: Client): Promise<JsonObject[]> {
  const lists = await Promise.all([...workloadKinds, namespaceKind, networkPolicyKind].map((kind) => listOf(client, kind)));
  return lists.flat();
}

async function listOf(client: Client, kind: ObjectKind): Promise<JsonObject[]> {
  const { body } = expectStatus(await client.send("GET", `/${kind.group === "" ? "api" : `apis/${kind.group}`}/${kind.version}/${kind.resource}`), 200);
  return objectsIn(body["items"]).map((item) => ({ apiVersion: apiVersionOf(kind), kind: kind.kind, ...item }));
}

/**
 * Waits until Gatekeeper knows what is stored, no more and no less. To it an object is gone once it is being deleted.
 * @param namespace whose own labels it must know as well
 * @returns what it knows
 */
export async function settle(loopback: Loopback, namespace: string): Promise<JsonObject[]> {
  const stored = (await storedObjects(loopback.as())).filter((object) => valueAt(object, "metadata", "deletionTimestamp") === undefined);
  const versionOf = (object: JsonObject): string => `${String(valueAt(object, "metadata", "uid"))}@${String(valueAt(object, "metadata", "resourceVersion"))}`;
  const own = stored.filter((object) => object["kind"] === "Namespace" && valueAt(object, "metadata", "name") === namespace);
  const wanted = [...stored.map(versionOf), ...own.map((object) => `in ${versionOf(object)}`)].sort().join(" ");
  await waitFor("what Gatekeeper knows", async () => (denialsOf(await askProbe(loopback.as(), namespace), "what-is-known")[0] === wanted ? true : undefined));
  return stored;
}
