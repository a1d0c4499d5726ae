import { reservedPorts, type Profile } from "./data/reserved-ports.js";
import {
  defineRule,
  describePort,
  holds,
  matches,
  nodePort,
  nodePortLocation,
  show,
  takesNodePorts,
  violation,
  type Matcher,
  type PortRange,
} from "./kit/index.js";

/** A range of ports that something on the node already uses. */
export interface ReservedRange extends PortRange {
  /**
   * Who uses the ports; the message names it.
   * @minLength 1
   * @maxLength 100
   */
  usedBy: string;
  /**
   * Workloads that may take the ports: those that they are reserved for.
   * @maxItems 16
   */
  owners?: Matcher[];
}

export interface Params {
  /**
   * Published lists of reserved ports to go by.
   * @maxItems 8
   * @default ["ack"]
   */
  profiles: Profile[];
  /**
   * Further reserved ranges, added to those of the profiles.
   * @maxItems 32
   * @default []
   */
  reserved: ReservedRange[];
}

/**
 * A port that the node's own components listen on cannot be bound a second time: the Pod stays Pending or
 * its process crashes, and where it starts first, the node's component does not.
 *
 * @source ACK, "Configure Pods to use host network", why a Pod is Pending: do not choose 6443, 9890, 9099, 10250,
 *   10256, 30000-32767, nor 22, 53, 80, 443.
 * @source Kubernetes, Ports and Protocols: the ports of the control plane and of the nodes.
 * @limitation What else listens on your nodes is not known: list it in `reserved`.
 */
export default defineRule<Params>({
  id: "host-network-reserved-ports",
  title: "Pods leave the ports of the node's own components alone",
  severity: "high",
  enforcement: "deny",
  applies: ({ pod }) => takesNodePorts(pod),
  *check({ workload, pod }, params) {
    const ranges = [...reservedPorts.filter((line) => params.profiles.includes(line.profile)), ...params.reserved];
    for (const container of pod.containers) {
      for (const [index, port] of container.ports.entries()) {
        const taken = nodePort(pod, container, port);
        if (taken === 0) continue;
        const users = ranges
          .filter((range) => holds(range, taken, port.protocol))
          .filter((range) => !(range.owners ?? []).some((owner) => matches(workload, pod, owner)))
          .map((range) => range.usedBy);
        if (users.length > 0) {
          yield violation(
            nodePortLocation(port),
            `${describePort(container, index, port, taken)} is reserved for ${show(users[0] ?? "")}: on a node only one process can listen on a port, so the Pod or that component fails to start; use another port, or where the workload is what the port is for, exempt it after a review`,
          );
        }
      }
    }
  },
});
