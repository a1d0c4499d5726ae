import { reservedPorts, type Profile } from "./data/reserved-ports.js";
import {
  defineRule,
  describePort,
  describeRange,
  holds,
  nodePort,
  nodePortLocation,
  takesNodePorts,
  violation,
  type PortRange,
} from "./kit/index.js";

export interface Params {
  /**
   * Ranges that node ports may come from; an empty list forbids them altogether.
   * @maxItems 32
   * @default [{ "from": 1024, "to": 29999 }]
   */
  allowed: PortRange[];
  /**
   * Lists of reserved ports that this rule leaves to host-network-reserved-ports.
   * @maxItems 8
   * @default ["ack"]
   */
  exceptProfiles: Profile[];
}

/**
 * Ports of a node belong to everybody on it. Kept inside agreed ranges, they collide neither with the
 * privileged ports, nor with NodePort Services, nor with the ports that the kernel hands out by itself.
 *
 * @source ACK, "Configure Pods to use host network", why a Pod is Pending: where a container security policy is used,
 *   the Pod's ports must lie in its range.
 * @source Kubernetes, kube-apiserver --service-node-port-range: NodePort Services take 30000-32767. Linux,
 *   ip_local_port_range: connections take 32768-60999.
 * @limitation A port that a process listens on and no container declares is not seen.
 */
export default defineRule<Params>({
  id: "host-network-port-range",
  title: "Node ports lie in the allowed ranges",
  severity: "medium",
  enforcement: "deny",
  applies: ({ pod }) => takesNodePorts(pod),
  *check({ pod }, params) {
    const left = reservedPorts.filter((line) => params.exceptProfiles.includes(line.profile));
    const choices = params.allowed.map((range) => describeRange(range));
    const advice =
      choices.length === 0
        ? "no node ports are allowed: remove hostPort and hostNetwork, and reach the Pod through a Service"
        : `use a port of ${choices.join(", ")}`;
    for (const container of pod.containers) {
      for (const [index, port] of container.ports.entries()) {
        const taken = nodePort(pod, container, port);
        if (taken === 0) continue;
        if (params.allowed.some((range) => holds(range, taken, port.protocol))) continue;
        if (left.some((range) => holds(range, taken, port.protocol))) continue;
        yield violation(
          nodePortLocation(port),
          `${describePort(container, index, port, taken)} lies outside the ranges that Pods may take on a node, where it can collide with other users of the node; ${advice}`,
        );
      }
    }
  },
});
