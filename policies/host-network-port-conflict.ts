import {
  defineRule,
  describePort,
  nodePort,
  nodePortLocation,
  runsOn,
  show,
  takesNodePorts,
  violation,
} from "./kit/index.js";

/** Whether sockets on these two addresses of a node exclude each other. */
function addressesClash(one: string, other: string): boolean {
  return one === other || one === "0.0.0.0" || other === "0.0.0.0";
}

/**
 * The scheduler rejects a Pod of which two containers ask for one port of the node, and with a sidecar the
 * second process cannot bind. The same number for TCP and for UDP is no conflict, and an init container has
 * ended before the main containers start.
 */
export default defineRule({
  id: "host-network-port-conflict",
  title: "Containers of one Pod take different node ports",
  severity: "medium",
  enforcement: "deny",
  limits: { containers: 32, ports: 64 },
  applies: ({ pod }) => takesNodePorts(pod),
  *check({ pod }) {
    for (const [c, container] of pod.containers.entries()) {
      if (!runsOn(container)) continue;
      for (const [p, port] of container.ports.entries()) {
        const taken = nodePort(pod, container, port);
        if (taken === 0) continue;
        const rivals = pod.containers.filter(
          (other, o) =>
            o <= c &&
            runsOn(other) &&
            other.ports.some(
              (earlier, e) =>
                (o < c || e < p) &&
                nodePort(pod, other, earlier) === taken &&
                earlier.protocol === port.protocol &&
                addressesClash(earlier.hostIP, port.hostIP),
            ),
        );
        if (rivals.length > 0) {
          const rival = rivals.map((other) => other.name)[0] ?? "";
          yield violation(
            nodePortLocation(port),
            `${describePort(container, p, port, taken)} is taken already by container "${show(rival)}" of the same Pod: only one process can listen on a port of a node, so the Pod is not scheduled or does not start; give each its own port`,
          );
        }
      }
    }
  },
});
