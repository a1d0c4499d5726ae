import { at, defineRule, isDeclared, listenPorts, probePort, runsOn, show, toInteger, unusedPorts, violation, type ListenOptions } from "./kit/index.js";

export interface Params extends ListenOptions {
  /**
   * Whether every container of a hostNetwork Pod must declare a port.
   * @default false
   */
  requirePorts: boolean;
}

/** How many listen ports of one container are reported, at most. */
const REPORTED_PORTS = 16;

/** The first few of the ports, each once. */
function distinct(ports: readonly number[]): number[] {
  const first = ports.filter((_, index) => index < REPORTED_PORTS);
  return first.filter((port, index) => !first.some((other, earlier) => earlier < index && other === port));
}

/**
 * A port that a hostNetwork Pod listens on without declaring it is invisible to the scheduler: two such Pods land on one
 * node, and the clash shows as a crash loop of the second process instead of a Pod that is kept off the node.
 */
export default defineRule<Params>({
  id: "host-network-declared-ports",
  title: "hostNetwork Pods declare the ports they listen on",
  severity: "medium",
  enforcement: "warn",
  applies: ({ pod }) => pod.hostNetwork,
  *check({ pod }, params) {
    for (const container of pod.containers) {
      if (!runsOn(container)) continue;
      const listening = listenPorts(container, params.listenFlags, params.listenVariables, params.ignoreLoopback);
      const undeclared = listening.filter((port) => !isDeclared(pod, port));
      // A container that declares another port than it listens on is host-network-listen-port's.
      const isMismatch = undeclared.length > 0 && unusedPorts(container, listenPorts(container, params.listenFlags, params.listenVariables, false)).length > 0;
      if (!isMismatch) {
        for (const port of distinct(undeclared)) {
          yield violation(
            at(container, "ports"),
            `container "${show(container.name)}" listens on port ${port} of the node without declaring it, so the scheduler may put another user of the port on the node, where one of the two cannot start; add containerPort: ${port} to its ports`,
          );
        }
      }
      for (const probe of container.probes) {
        const port = probePort(probe);
        const number = toInteger(port, 0);
        if (number > 0 && !undeclared.includes(number) && !isDeclared(pod, number)) {
          yield violation(
            at(probe),
            `${probe.source} of container "${show(container.name)}" asks port ${number} of the node, which no container declares, so the scheduler may put another user of the port on the node, where one of the two cannot start; add containerPort: ${number} to the ports of the container that listens on it`,
          );
        }
        if (port !== "" && number === 0 && !container.ports.some((declared) => declared.name === port)) {
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
