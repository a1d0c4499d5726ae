/** Workloads of the tests' own, each as the API server takes it. */
import type { JsonObject } from "../../generator/schema/json.js";

const labels = { app: "agent" };

/** Breaks several rules: nobody has allowed it the host network, and it says nothing of its DNS, ports and resources. */
export const violatingPod: JsonObject = { hostNetwork: true, containers: [{ name: "agent", image: "registry.example.com/agent:1", ports: [{ containerPort: 10250 }] }] };

/** Breaks no rule but restrict-host-network. */
export const carefulPod: JsonObject = {
  hostNetwork: true,
  dnsPolicy: "ClusterFirstWithHostNet",
  serviceAccountName: "agent",
  containers: [
    {
      name: "agent",
      image: "registry.example.com/agent:1",
      ports: [{ name: "metrics", containerPort: 20100 }],
      resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "64Mi" } },
    },
  ],
};

/** Breaks none. */
export const plainPod: JsonObject = { containers: [{ name: "agent", image: "registry.example.com/agent:1" }] };

export type AppsKind = "DaemonSet" | "Deployment" | "ReplicaSet";

/** A workload in the Namespace `shop`, if nothing else is said. */
export function workload(kind: AppsKind, name: string, pod: JsonObject, metadata: JsonObject = {}): JsonObject {
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { name, namespace: "shop", ...metadata },
    spec: { ...(kind === "DaemonSet" ? {} : { replicas: 2 }), selector: { matchLabels: labels }, template: { metadata: { labels }, spec: pod } },
  };
}

/** A Pod as a controller makes it of a workload. */
export function podOf(owner: JsonObject, pod: JsonObject, { name, namespace, uid }: { readonly name: string; readonly namespace: string; readonly uid: string }): JsonObject {
  const reference = { apiVersion: owner["apiVersion"], kind: owner["kind"], name, uid, controller: true, blockOwnerDeletion: true };
  return { apiVersion: "v1", kind: "Pod", metadata: { generateName: `${name}-`, namespace, labels, ownerReferences: [reference] }, spec: pod };
}
