/** What a release of the chart does in a cluster. */
import { kubectl } from "../../cluster/kubectl.js";
import { waitFor } from "../../cluster/process.js";
import type { JsonObject } from "../../generator/schema/json.js";
import type { Loopback } from "../cluster/loopback.js";
import { messageOf, putNamespace } from "../cluster/objects.js";

const daemonSet = (namespace: string, name: string): JsonObject => ({
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: { name, namespace },
  spec: { selector: { matchLabels: { a: "b" } }, template: { metadata: { labels: { a: "b" } }, spec: { hostNetwork: true, dnsPolicy: "ClusterFirstWithHostNet", containers: [{ name: "a", image: "a:1" }] } } },
});

export const allowed = { "restrict-host-network": { parameters: { allowed: [{ name: "node-metrics", namespace: "monitoring" }] } } };
export const DENIAL = "hostNetwork puts DaemonSet";

/** What the server says of a DaemonSet on the host network; empty where it admits it. */
export async function verdict(loopback: Loopback, namespace: string, name: string): Promise<string> {
  const response = await loopback.as().send("POST", `/apis/apps/v1/namespaces/${namespace}/daemonsets?dryRun=All`, daemonSet(namespace, name));
  return response.status === 201 ? "" : `${String(response.status)} ${messageOf(response)}`;
}

export async function waitForVerdict(loopback: Loopback, wanted: "admitted" | "denied"): Promise<void> {
  await waitFor(`a DaemonSet that is ${wanted}`, async () => {
    const said = await verdict(loopback, "default", "any");
    return (wanted === "admitted" ? said === "" : said.includes("restrict-host-network")) ? true : undefined;
  });
}

export const names = (loopback: Loopback, ...resources: readonly string[]): string[] =>
  kubectl(loopback.state, ["get", resources.join(","), "--all-namespaces", "-o", "name"]).split("\n").filter((line) => line !== "").sort();

/** The release itself: helm keeps each revision in a Secret. */
export const releases = (loopback: Loopback): string[] => names(loopback, "secrets").filter((name) => name.includes("helm"));

export async function putNamespaces(loopback: Loopback): Promise<void> {
  for (const name of ["default", "monitoring", "kube-system"]) await putNamespace(loopback.as(), name);
}

/** Policies and bindings of the rules, without those of the cluster itself. */
export const installedPolicies = (loopback: Loopback): string[] => names(loopback, "validatingadmissionpolicies", "validatingadmissionpolicybindings").filter((name) => /host-n|privileged-namespace|placeholder/.test(name));

/** Of every cluster: it removes the kinds that Gatekeeper made of a template, once that is gone. */
export const GARBAGE_COLLECTOR = "garbage-collector-controller";
