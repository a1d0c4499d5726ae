import { at, defineRule, nameOf, show, violation } from "./kit/index.js";

export interface Params {
  /**
   * Whether hostNetwork must not be switched off either. What asks to remove hostNetwork can then be obeyed by a new
   * workload only.
   * @default false
   */
  forbidDisabling: boolean;
}

/**
 * hostNetwork is for new workloads. What stands around an existing one was made for Pods with a network of their own: its
 * NetworkPolicies stop applying, its ports become ports of the nodes, its Pods answer at other addresses, and during the rollout Pods
 * of both kinds stand beside each other. Of a Pod that exists the API server refuses the change itself.
 *
 * @source ACK, "Configure Pods to use host network", scope: only new workloads may be configured so; existing Pods
 *   cannot be moved to the host network.
 * @source Kubernetes, Pod update validation: hostNetwork of a Pod that exists cannot change.
 * @limitation A workload that is deleted and created again under its name is a new one.
 */
export default defineRule<Params>({
  id: "host-network-immutable",
  title: "Existing workloads are not moved to the host network",
  severity: "high",
  enforcement: "deny",
  *check({ operation, workload, pod, oldPod }, params) {
    if (operation !== "UPDATE") return;
    const who = `${show(workload.kind)} ${show(workload.namespace)}/${show(nameOf(workload))}`;
    if (pod.hostNetwork && !oldPod.hostNetwork) {
      yield violation(
        at(pod, "hostNetwork"),
        `hostNetwork is switched on for ${who}, which exists already: its network policies stop applying, its ports become ports of the nodes and its Pods get the addresses of their nodes, which nothing around it was made for; remove hostNetwork, or create a new workload with hostNetwork and delete this one afterwards`,
      );
    }
    if (params.forbidDisabling && oldPod.hostNetwork && !pod.hostNetwork) {
      yield violation(
        at(pod, "hostNetwork"),
        `hostNetwork is switched off for ${who}, which exists already: what reaches its Pods at the addresses of their nodes loses them; keep hostNetwork: true, or create a new workload without hostNetwork and delete this one afterwards`,
      );
    }
  },
});
