import { at, defineRule, entriesOf, nameOf, show, violation, type NetworkPolicy, type Pod } from "../../policies/kit/index.js";

function selectsAll(policy: NetworkPolicy): boolean {
  return entriesOf(policy.matchLabels).length === 0 && policy.matchExpressions.every((each) => each.operator !== "In" || each.values.length === 0);
}

function sharesLabel(one: Pod, other: Pod): boolean {
  return entriesOf(one.labels).some((label) => (other.labels[label.key] ?? "") === label.value);
}

/** What a rule is given beside the object: the operation, what the object was, its Namespace, and the cluster. */
export default defineRule({
  id: "context",
  title: "What stands around the object",
  severity: "low",
  enforcement: "warn",
  *check({ operation, workload, pod, oldWorkload, oldPod, namespace, cluster }) {
    yield violation(at(pod, "osName"), `operation ${operation}`);
    if (operation === "UPDATE" && oldPod.hostNetwork !== pod.hostNetwork) yield violation(at(pod, "hostNetwork"), `was ${oldPod.hostNetwork ? "on" : "off"}`);
    if (oldWorkload.replicas !== workload.replicas) yield violation(at(workload, "replicas"), `${oldWorkload.replicas} to ${workload.replicas}`);
    if (namespace.name !== "") yield violation(at(workload, "namespace"), `in ${show(namespace.name)} with ${entriesOf(namespace.labels).length} labels`);
    yield violation(at(pod, "hostPID"), `knows ${cluster.namespaces.filter((each) => each.name.startsWith("mon")).length} of ${cluster.namespaces.length}`);
    const others = cluster.workloads.filter((other) => other.pod.hostNetwork && nameOf(other.workload) !== nameOf(workload));
    const hasTwo = others.map((other) => other.pod.containers.length).includes(2);
    yield violation(at(pod, "hostIPC"), `${others.length} others${hasTwo ? ", one of them with two containers" : ""}`);
    for (const other of others) {
      if (sharesLabel(pod, other.pod)) yield violation(at(pod, "nodeSelector"), `like ${show(other.workload.kind)} ${show(other.workload.namespace)}/${show(nameOf(other.workload))}`);
    }
    for (const policy of cluster.networkPolicies) {
      if (!selectsAll(policy)) continue;
      yield violation(at(pod, "labels", "app"), `all of ${show(policy.namespace)}: ${show(policy.name)}`);
    }
  },
});
