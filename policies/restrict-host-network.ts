import { at, defineRule, matches, nameOf, show, violation, type Matcher } from "./kit/index.js";

export interface Params {
  /**
   * Workloads that may use the host network.
   * @maxItems 64
   * @default []
   */
  allowed: Matcher[];
}

/**
 * A hostNetwork Pod shares the network of its node: it sees the node's traffic and loopback services, no
 * NetworkPolicy holds for it, and whoever takes it over stands on the node's network. Only Pods that truly
 * need that (CNI plugins, node-level monitoring) should have it, and each of them by name.
 *
 * @source ACK, "Configure Pods to use host network": in production only Pods that cannot do without it use the host
 *   network; no NetworkPolicy holds for them, only the node's security groups, and an attack on one reaches further.
 * @source Kubernetes, Pod Security Standards: the level baseline forbids hostNetwork.
 * @limitation An entry says who may use the host network, not with which image or command.
 */
export default defineRule<Params>({
  id: "restrict-host-network",
  title: "Only listed workloads use the host network",
  severity: "high",
  enforcement: "deny",
  exemptions: "none",
  *check({ workload, pod }, params) {
    if (!pod.hostNetwork) return;
    if (params.allowed.some((entry) => matches(workload, pod, entry))) return;
    const entry = `{namespace: ${show(workload.namespace)}, kind: ${show(workload.kind)}, name: "${show(nameOf(workload))}"}`;
    yield violation(
      at(pod, "hostNetwork"),
      `hostNetwork puts ${show(workload.kind)} ${show(workload.namespace)}/${show(nameOf(workload))} on its node's own network, out of reach of network policies, and nothing allows it that; remove hostNetwork, or after a review add ${entry} to this rule's parameter "allowed"`,
    );
  },
});
