import {
  addressesClash,
  defineRule,
  describePort,
  nodePort,
  nodePortLocation,
  runsOn,
  show,
  takesNodePorts,
  violation,
  type Container,
  type Pod,
  type Port,
} from "./kit/index.js";

/** What two ports share that may clash: the number on the node and the protocol. */
function socketKey(pod: Pod, container: Container, port: Port): string {
  return `${nodePort(pod, container, port)}/${port.protocol}`;
}

/** Whether an earlier container lists the key, or the container itself lists it twice. */
function isListed(keys: readonly string[], key: string, isEarlier: boolean, isOwn: boolean): boolean {
  return (isEarlier && keys.includes(key)) || (isOwn && keys.filter((other) => other === key).length > 1);
}

/**
 * The scheduler rejects a Pod of which two containers ask for one port of the node, and with a sidecar the
 * second process cannot bind. The same number for TCP and for UDP is no conflict, and an init container has
 * ended before the main containers start.
 *
 * @source Kubernetes, pkg/apis/core/validation: a Pod of which two containers have one hostPort, hostIP and protocol
 *   is refused.
 * @source ACK, "Configure Pods to use host network", why a Pod is Pending: a declared port that is taken on the node
 *   cannot be bound, and the Pod does not start.
 * @limitation A port that a process listens on and no container declares is not seen.
 */
export default defineRule({
  id: "host-network-port-conflict",
  title: "Containers of one Pod take different node ports",
  severity: "medium",
  enforcement: "deny",
  limits: { containers: 32 },
  applies: ({ pod }) => takesNodePorts(pod),
  *check({ pod }) {
    // Looked up first: comparing every port with every other in full would cost too much in CEL.
    const taken = pod.containers.map((container) => container.ports.map((port) => socketKey(pod, container, port)));
    for (const [c, container] of pod.containers.entries()) {
      if (!runsOn(container)) continue;
      for (const [p, port] of container.ports.entries()) {
        const number = nodePort(pod, container, port);
        if (number === 0) continue;
        const key = socketKey(pod, container, port);
        const rivals = pod.containers.filter(
          (other, o) =>
            isListed(taken[o] ?? [], key, o < c, o === c) &&
            runsOn(other) &&
            other.ports.some(
              (earlier, e) =>
                (o < c || e < p) &&
                socketKey(pod, other, earlier) === key &&
                addressesClash(earlier.hostIP, port.hostIP),
            ),
        );
        if (rivals.length > 0) {
          const rival = rivals.map((other) => other.name)[0] ?? "";
          yield violation(
            nodePortLocation(port),
            `${describePort(container, p, port, number)} is taken already by container "${show(rival)}" of the same Pod: only one process can listen on a port of a node, so the Pod is not scheduled or does not start; give each its own port`,
          );
        }
      }
    }
  },
});
