import {
  addressesClash,
  defineRule,
  describePort,
  entriesOf,
  nameOf,
  nodePort,
  nodePortLocation,
  runsOn,
  show,
  takesNodePorts,
  violation,
  type LabelRequirement,
  type NodeSelectorTerm,
  type Pod,
  type Port,
  type Workload,
} from "./kit/index.js";

/** Whether the workload has Pods, or soon will: not scaled to 0, not finished, and no template that waits to be used. */
function runsPods(workload: Workload, pod: Pod): boolean {
  return (
    workload.kind !== "PodTemplate" &&
    workload.replicas !== 0 &&
    !workload.suspend &&
    workload.completionTime === "" &&
    pod.phase !== "Succeeded" &&
    pod.phase !== "Failed"
  );
}

/** Whether a controller makes the object: what it is made from is looked at instead. */
function isMade(workload: Workload): boolean {
  return workload.owners.some((owner) => owner.controller);
}

function isSame(one: Workload, other: Workload): boolean {
  return one.kind === other.kind && one.namespace === other.namespace && nameOf(one) === nameOf(other);
}

/** Whether a node whose label has this value is none for the requirement. */
function rejects(requirement: LabelRequirement, value: string): boolean {
  if (requirement.operator === "In") return !requirement.values.includes(value);
  if (requirement.operator === "NotIn") return requirement.values.includes(value);
  return requirement.operator === "DoesNotExist";
}

/** The operating system that the Pod is for; empty where any will do. The scheduler does not look at it, but the kubelet does. */
function osOf(pod: Pod): string {
  return pod.osName === "" ? (pod.nodeSelector["kubernetes.io/os"] ?? "") : pod.osName;
}

function selectorsContradict(one: Pod, other: Pod): boolean {
  return entriesOf(one.nodeSelector).some((label) => (other.nodeSelector[label.key] ?? label.value) !== label.value);
}

/** Whether no node that the Pod's nodeSelector picks is one of the term's. */
function selectorContradicts(pod: Pod, term: NodeSelectorTerm): boolean {
  return entriesOf(pod.nodeSelector).some((label) =>
    term.matchExpressions.some((requirement) => requirement.key === label.key && rejects(requirement, label.value)),
  );
}

function requirementsContradict(one: LabelRequirement, other: LabelRequirement): boolean {
  return (
    one.key === other.key &&
    ((one.operator === "In" && one.values.every((value) => rejects(other, value))) ||
      (other.operator === "In" && other.values.every((value) => rejects(one, value))) ||
      (one.operator === "Exists" && other.operator === "DoesNotExist") ||
      (one.operator === "DoesNotExist" && other.operator === "Exists"))
  );
}

function termsContradict(one: NodeSelectorTerm, other: NodeSelectorTerm): boolean {
  return one.matchExpressions.some((requirement) =>
    other.matchExpressions.some((another) => requirementsContradict(requirement, another)),
  );
}

/** Whether no node is for both Pods, as far as their nodeSelectors, required node affinities and operating systems tell. */
function keepApart(one: Pod, other: Pod): boolean {
  const ones = one.nodeSelectorTerms;
  const others = other.nodeSelectorTerms;
  if (osOf(one) !== "" && osOf(other) !== "" && osOf(one) !== osOf(other)) return true;
  if (selectorsContradict(one, other)) return true;
  // Of several terms one must hold: each that is left would let the two meet.
  if (ones.length === 0) return others.length > 0 && others.every((term) => selectorContradicts(one, term));
  if (others.length === 0) return ones.every((term) => selectorContradicts(other, term));
  return ones.every(
    (term) =>
      selectorContradicts(other, term) ||
      others.every((another) => selectorContradicts(one, another) || termsContradict(term, another)),
  );
}

/** Whether the Pod takes a socket of its node that excludes one on this number and port. */
function takes(other: Pod, number: number, port: Port): boolean {
  return other.containers.some(
    (container) =>
      runsOn(container) &&
      container.ports.some(
        (taken) =>
          nodePort(other, container, taken) === number && taken.protocol === port.protocol && addressesClash(taken.hostIP, port.hostIP),
      ),
  );
}

/**
 * A DaemonSet wants a Pod on every node, so another workload that takes one of its ports meets it: one of the two gets the port, and
 * the other's Pods stay Pending on just these nodes, or crash where the port is not declared.
 *
 * @source ACK, "Configure Pods to use host network", why a Pod is Pending: a declared port that another workload has
 *   on the node cannot be bound.
 * @source Kubernetes, the scheduler's plugin NodePorts: "didn't have free ports for the requested pod ports".
 * @limitation Taints, tolerations and the number of nodes are not looked at: two workloads may never meet.
 */
export default defineRule({
  id: "host-network-shared-port",
  title: "Workloads that meet on a node take different node ports",
  severity: "medium",
  enforcement: "warn",
  applies: ({ workload, pod }) => takesNodePorts(pod) && !isMade(workload) && runsPods(workload, pod),
  *check({ workload, pod, cluster }) {
    const others = cluster.workloads.filter(
      (other) =>
        (workload.kind === "DaemonSet" || other.workload.kind === "DaemonSet") &&
        takesNodePorts(other.pod) &&
        !isSame(workload, other.workload) &&
        !isMade(other.workload) &&
        runsPods(other.workload, other.pod) &&
        !keepApart(pod, other.pod),
    );
    for (const container of pod.containers) {
      if (!runsOn(container)) continue;
      for (const [index, port] of container.ports.entries()) {
        const number = nodePort(pod, container, port);
        if (number === 0) continue;
        for (const other of others) {
          if (!takes(other.pod, number, port)) continue;
          yield violation(
            nodePortLocation(port),
            `${describePort(container, index, port, number)} is taken by ${show(other.workload.kind)} ${show(other.workload.namespace)}/${show(nameOf(other.workload))} as well: where the two meet on a node only one gets the port, and the Pods of the other stay Pending; use another port, or keep them apart with nodeSelector`,
          );
        }
      }
    }
  },
});
