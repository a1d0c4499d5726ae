import { asksPod, at, defineRule, isDeclared, listenAddresses, portsOf, probePort, runsOn, show, toInteger, unusedPorts, violation, type ListenOptions } from "./kit/index.js";

export interface Params extends ListenOptions {
  /**
   * Whether every container of a hostNetwork Pod must declare a port.
   * @default false
   */
  requirePorts: boolean;
}

/** The first few of the ports, each once: a message is to be short. */
function firstOf(ports: readonly number[]): number[] {
  const first = [ports[0] ?? 0, ports[1] ?? 0, ports[2] ?? 0, ports[3] ?? 0, ports[4] ?? 0, ports[5] ?? 0];
  return first.filter((port, index) => port > 0 && !first.some((other, earlier) => earlier < index && other === port));
}

/**
 * A port that a hostNetwork Pod listens on without declaring it is invisible to the scheduler: two such Pods land on one
 * node, and the clash shows as a crash loop of the second process instead of a Pod that is kept off the node.
 *
 * @source ACK, "Configure Pods to use host network": set containerPort to the port that the process in the container
 *   listens on.
 * @source Kubernetes, the scheduler's plugin NodePorts: only declared ports are kept free for a Pod.
 * @limitation What a process listens on is read from its flags and variables; a port from a configuration file or an
 *   image's default is not seen.
 */
export default defineRule<Params>({
  id: "host-network-declared-ports",
  title: "hostNetwork Pods declare the ports they listen on",
  severity: "medium",
  enforcement: "warn",
  limits: { containers: 32, arguments: 192, env: 192 },
  applies: ({ pod }) => pod.hostNetwork,
  *check({ pod }, params) {
    // The containers of a Pod share their network, so one may declare for another.
    const declared = pod.containers.map((container) => (runsOn(container) ? container.ports.map((port) => `,${port.containerPort},`).join("") : "")).join("");
    for (const container of pod.containers) {
      if (!runsOn(container)) continue;
      const addresses = listenAddresses(container, params.listenFlags, params.listenVariables);
      const undeclared = portsOf(addresses, params.ignoreLoopback).filter((port) => !isDeclared(declared, port));
      // A container that declares another port than it listens on is host-network-listen-port's.
      const isMismatch = undeclared.length > 0 && unusedPorts(container, portsOf(addresses, false)).length > 0;
      if (undeclared.length > 0 && !isMismatch) {
        const ports = firstOf(undeclared);
        yield violation(
          at(container, "ports"),
          `container "${show(container.name)}" listens on undeclared ${ports.length > 1 ? "ports" : "port"} ${ports.map((port) => `${port}`).join(", ")} of the node, so the scheduler may put another user of the port on the node, where one of the two cannot start; add ${ports.map((port) => `containerPort: ${port}`).join(", ")} to its ports`,
        );
      }
      for (const probe of container.probes) {
        const port = probePort(probe);
        const number = toInteger(port, 0);
        if (number > 0 && asksPod(probe) && !undeclared.includes(number) && !isDeclared(declared, number)) {
          yield violation(
            at(probe),
            `${probe.source} of container "${show(container.name)}" asks port ${number} of the node, which no container declares, so the scheduler may put another user of the port on the node, where one of the two cannot start; add containerPort: ${number} to the ports of the container that listens on it`,
          );
        }
        if (port !== "" && number === 0 && !container.ports.some((own) => own.name === port)) {
          yield violation(
            at(probe),
            `${probe.source} of container "${show(container.name)}" names port ${show(port)}, which the container does not have, so the probe always fails; name one of its ports or give the number`,
          );
        }
      }
      if (params.requirePorts && container.ports.length === 0) {
        yield violation(
          at(container),
          `container "${show(container.name)}" of a hostNetwork Pod declares no port, so nobody can tell which ports of the node it takes; add each that it listens on to its ports, or exempt the workload if it listens on none`,
        );
      }
    }
  },
});
