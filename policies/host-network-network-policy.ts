import { at, defineRule, entriesOf, show, violation, type LabelRequirement, type NetworkPolicy, type Pod } from "./kit/index.js";

export interface Params {
  /**
   * Whether policies that select every Pod of the Namespace count: they are seldom written with hostNetwork Pods in mind.
   * @default false
   */
  includeNamespaceWide: boolean;
}

/** Whether the Pod's labels are as one requirement of a selector asks. */
function meets(pod: Pod, asked: LabelRequirement): boolean {
  const given = entriesOf(pod.labels).filter((label) => label.key === asked.key);
  if (asked.operator === "In") return given.some((label) => asked.values.includes(label.value));
  if (asked.operator === "NotIn") return !given.some((label) => asked.values.includes(label.value));
  return asked.operator === "Exists" ? given.length > 0 : given.length === 0;
}

function selects(policy: NetworkPolicy, pod: Pod): boolean {
  return (
    entriesOf(policy.matchLabels).every((wanted) => entriesOf(pod.labels).some((label) => label.key === wanted.key && label.value === wanted.value)) &&
    policy.matchExpressions.every((requirement) => meets(pod, requirement))
  );
}

function isNamespaceWide(policy: NetworkPolicy): boolean {
  return entriesOf(policy.matchLabels).length === 0 && policy.matchExpressions.length === 0;
}

/**
 * What a NetworkPolicy means for a hostNetwork Pod is undefined, and most network plugins ignore it: the Pod's traffic is the node's.
 * Whoever wrote a policy for these Pods believes them protected, and they are not.
 *
 * @source ACK, "Configure Pods to use host network": such a Pod is no longer restricted by NetworkPolicy, only by the
 *   security groups of the cluster.
 * @source Kubernetes, Network Policies: for hostNetwork Pods the behaviour is undefined, and most plugins ignore
 *   them.
 * @limitation Policies of a plugin's own kinds, some of which do hold for the host network, are not looked at.
 */
export default defineRule<Params>({
  id: "host-network-network-policy",
  title: "No NetworkPolicy is meant to protect hostNetwork Pods",
  severity: "medium",
  enforcement: "warn",
  applies: ({ pod }) => pod.hostNetwork,
  *check({ workload, pod, cluster }, params) {
    for (const policy of cluster.networkPolicies) {
      if (policy.namespace !== workload.namespace) continue;
      if (isNamespaceWide(policy) && !params.includeNamespaceWide) continue;
      if (!selects(policy, pod)) continue;
      yield violation(
        at(pod, "hostNetwork"),
        `NetworkPolicy ${show(policy.name)} selects these Pods, but most network plugins do not apply it to Pods on the host network, so it does not guard them; remove hostNetwork, or guard the ports with security groups or a firewall of the nodes and let the policy's selector leave these Pods out`,
      );
    }
  },
});
