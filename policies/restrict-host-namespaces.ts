import { at, defineRule, isGiven, matches, nameOf, show, violation, type Matcher } from "./kit/index.js";

/**
 * Workloads, and what of the node's namespaces they may share: only the fields that are true.
 * @minProperties 2
 */
export interface AllowedNamespaces extends Matcher {
  /** Whether they may set hostPID: see and signal the node's processes. */
  hostPID?: boolean;
  /** Whether they may set hostIPC: use the node's inter-process communication. */
  hostIPC?: boolean;
}

export interface Params {
  /**
   * Workloads that may share the node's process or IPC namespace.
   * @maxItems 64
   * @default []
   */
  allowed: AllowedNamespaces[];
}

/**
 * With hostPID a container sees every process of its node, with its command line and environment, and as root
 * can signal and trace it; with hostIPC it shares memory with the node's processes. Either one takes away a wall
 * between the Pod and the node, and hostNetwork Pods, which have one wall less already, often ask for it.
 *
 * @source Kubernetes, Pod Security Standards: the level baseline forbids hostPID and hostIPC.
 * @source ACK, "Configure Pods to use host network": its example, an agent that measures the node, sets hostPID as
 *   well as hostNetwork.
 * @limitation An entry says who may share the node's namespaces, not with which image or command.
 */
export default defineRule<Params>({
  id: "restrict-host-namespaces",
  title: "Only listed workloads share the node's process and IPC namespaces",
  severity: "high",
  enforcement: "deny",
  exemptions: "none",
  *check({ workload, pod }, params) {
    const who = `${show(workload.kind)} ${show(workload.namespace)}/${show(nameOf(workload))}`;
    const entry = `namespace: ${show(workload.namespace)}, kind: ${show(workload.kind)}, name: "${show(nameOf(workload))}"`;
    const fitting = params.allowed.filter((each) => isGiven(each) && matches(workload, pod, each));
    if (pod.hostPID && !fitting.some((each) => each.hostPID ?? false)) {
      yield violation(
        at(pod, "hostPID"),
        `hostPID puts ${who} among the processes of its node, where it can read all their command lines and, as root, kill and trace them, and nothing allows it that; remove hostPID, or after a review add {${entry}, hostPID: true} to this rule's parameter "allowed"`,
      );
    }
    if (pod.hostIPC && !fitting.some((each) => each.hostIPC ?? false)) {
      yield violation(
        at(pod, "hostIPC"),
        `hostIPC puts ${who} into the IPC namespace of its node, where it can read and change memory that the node's processes share, and nothing allows it that; remove hostIPC, or after a review add {${entry}, hostIPC: true} to this rule's parameter "allowed"`,
      );
    }
  },
});
