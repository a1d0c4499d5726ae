import { at, defineRule, isDeclared, listenPorts, probePort, runsOn, show, toInteger, unusedPorts, violation, type ListenOptions } from "./kit/index.js";

export interface Params extends ListenOptions {
  /**
   * Whether every container of a hostNetwork Pod must declare a port.
   * @default false
   */
  requirePorts: boolean;
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
      const isMismatch = undeclared.length > 0 && unusedPorts(container, listening).length > 0;
      if (undeclared.length > 0 && !isMismatch) {
        yield violation(
          at(container, "ports"),
          `container "${show(container.name)}" listens on port ${undeclared[0] ?? 0} of the node without declaring it, so the scheduler cannot keep a second user of the port off the node; add it to the container's ports`,
        );
      }
      for (const probe of container.probes) {
        const port = probePort(probe);
        const number = toInteger(port, 0);
        if (number > 0 && !isMismatch && !undeclared.includes(number) && !isDeclared(pod, number)) {
          yield violation(
            at(probe),
            `${probe.source} of container "${show(container.name)}" asks port ${number} of the node, which no container declares, so the scheduler cannot keep a second user of the port off the node; add it to the container's ports`,
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
          `container "${show(container.name)}" of a hostNetwork Pod declares no port, so nobody can tell which ports of the node it takes; declare those it listens on`,
        );
      }
    }
  },
});
