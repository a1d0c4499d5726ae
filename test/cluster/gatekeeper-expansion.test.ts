/** Kinds that make Pods in ways of their own, expanded by Gatekeeper into the Pods that they imply. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startGatekeeper } from "../../cluster/gatekeeper.js";
import { kubectl } from "../../cluster/kubectl.js";
import { waitFor } from "../../cluster/process.js";
import type { JsonObject } from "../../generator/schema/json.js";
import { kindOf } from "../../generator/targets/names.js";
import { messageText } from "../../manifest/run.js";
import { runInJs } from "../executors/js.js";
import { valueAt } from "../json.js";
import { denialsOf, putConstraint, withoutPolicies } from "./gatekeeper.js";
import { startGuarded } from "./gatekeeper-probe.js";
import type { Loopback } from "./loopback.js";
import { expectStatus, messageOf, nameIn, NOBODY } from "./objects.js";
import { carefulPod, plainPod, violatingPod, workload } from "./workloads.js";

const ASKER = "asker";
const id = "restrict-host-network";
const group = "apps.kruise.io";

let loopback: Loopback;

/** As OpenKruise has it: the API server knows nothing of what is in its template. */
const definition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `clonesets.${group}` },
  spec: {
    group,
    scope: "Namespaced",
    names: { kind: "CloneSet", plural: "clonesets", singular: "cloneset" },
    versions: [{ name: "v1alpha1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } } }],
  },
};

const expansion = (name: string, applyTo: JsonObject): JsonObject => ({
  apiVersion: "expansion.gatekeeper.sh/v1beta1",
  kind: "ExpansionTemplate",
  metadata: { name },
  spec: { applyTo: [applyTo], templateSource: "spec.template", generatedGVK: { group: "", version: "v1", kind: "Pod" } },
});

const kinds = [
  { kind: "CloneSet", collection: `/apis/${group}/v1alpha1/namespaces/default/clonesets`, expansion: expansion("clonesets", { groups: [group], versions: ["v1alpha1"], kinds: ["CloneSet"] }) },
  { kind: "DaemonSet", collection: "/apis/apps/v1/namespaces/default/daemonsets", expansion: expansion("daemonsets", { groups: ["apps"], versions: ["v1"], kinds: ["DaemonSet"] }) },
] as const;
type Kind = (typeof kinds)[number];

function objectOf({ kind }: Kind, name: string, pod: JsonObject): JsonObject {
  const object = workload(kind === "CloneSet" ? "Deployment" : kind, name, pod, { namespace: "default" });
  return kind === "CloneSet" ? { ...object, apiVersion: `${group}/v1alpha1`, kind } : object;
}

beforeAll(async () => {
  loopback = await startGuarded(ASKER, (state) => startGatekeeper(state, { auditIntervalSeconds: 3600, flags: withoutPolicies }));
  const apply = (object: object): string => kubectl(loopback.state, ["apply", "-f", "-"], JSON.stringify(object));
  apply(definition);
  kubectl(loopback.state, ["wait", "--for=condition=Established", "crd", definition.metadata.name, "--timeout=30s"]);
  kubectl(loopback.state, ["apply", "-k", `library/gatekeeper/${id}`]);
  kubectl(loopback.state, ["wait", "--for=jsonpath={.status.created}=true", "constrainttemplates", "--all", "--timeout=180s"]);
  for (const each of kinds) apply(each.expansion);
  // Of Pods, only those that objects of other kinds imply.
  await putConstraint(loopback.as(), {
    apiVersion: "constraints.gatekeeper.sh/v1beta1",
    kind: kindOf(id),
    metadata: { name: "implied" },
    spec: { enforcementAction: "deny", match: { source: "Generated", kinds: [{ apiGroups: [""], kinds: ["Pod"] }] } },
  });
  for (const kind of kinds) await waitFor(`the expansion of ${kind.kind}`, async () => ((await create(kind, "canary", violatingPod)).status === 403 ? true : undefined));
});
afterAll(() => loopback.end());

const create = (kind: Kind, name: string, pod: JsonObject) => loopback.as(ASKER).send("POST", `${kind.collection}?dryRun=All`, objectOf(kind, name, pod));

/** What the rule says of the Pod that Gatekeeper makes of a stored object: it is named by it, and has no old object. */
function saying(object: JsonObject, operation: "CREATE" | "UPDATE"): string {
  const template = valueAt(object, "spec", "template") as JsonObject; // of an object of this file
  const pod = { ...template, apiVersion: "v1", kind: "Pod", metadata: { name: `${nameIn(object)}-pod`, namespace: "default" } };
  return messageText(id, runInJs(id, { operation, object: pod }, {}));
}

/** After the name of the Constraint comes that of the ExpansionTemplate. */
const implied = ({ expansion: template }: Kind, text: string): string => `[Implied by ${nameIn(template)}] ${text}`;

describe.each(kinds)("a $kind", (kind) => {
  test("that violates is denied for the Pod that it implies", async () => {
    const response = await create(kind, "agent", violatingPod);
    expect(response.status).toBe(403);
    expect(denialsOf(response, "implied")).toEqual([implied(kind, saying(objectOf(kind, "agent", violatingPod), "CREATE"))]);
  });

  test("that violates nothing is admitted", async () => {
    const response = await create(kind, "agent", plainPod);
    expect(response.status, messageOf(response)).toBe(201);
  });

  test("that is updated is reviewed whole, as there is no Pod that it was", async () => {
    const stored = expectStatus(await loopback.as(NOBODY).send("POST", kind.collection, objectOf(kind, "old", carefulPod)), 201).body;
    const label = { metadata: { labels: { team: "shop" } } };
    const response = await loopback.as(ASKER).send("PATCH", `${kind.collection}/old`, label);
    expect(response.status).toBe(403);
    expect(saying(stored, "UPDATE")).not.toBe("");
    expect(denialsOf(response, "implied")).toEqual([implied(kind, saying(stored, "UPDATE"))]);
    expectStatus(await loopback.as(NOBODY).send("PATCH", `${kind.collection}/old`, label), 200);
    expectStatus(await loopback.as(ASKER).send("DELETE", `${kind.collection}/old`), 200, 202);
  });
});

test("a real Pod is left to Constraints that match real Pods", async () => {
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "agent", namespace: "default" }, spec: violatingPod };
  expect((await loopback.as(ASKER).send("POST", "/api/v1/namespaces/default/pods?dryRun=All", pod)).status).toBe(201);
});
