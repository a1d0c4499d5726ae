import { at, defineRule, isDeclared, listenAddresses, portsOf, runsOn, show, unusedPorts, violation, type ListenOptions } from "./kit/index.js";

export interface Params extends ListenOptions {}

/**
 * The declared port of a hostNetwork Pod must be the one that its process listens on: the scheduler keeps the declared
 * one free, the process takes the other, and whoever is sent to the declared port finds nobody there.
 *
 * @source ACK, "Configure Pods to use host network": the declared containerPort must be the port that the process in
 *   the container listens on.
 * @source Kubernetes, the scheduler's plugin NodePorts: it keeps the declared ports free, whatever the process does.
 * @limitation What a process listens on is read from its flags and variables; a port from a configuration file or an
 *   image's default is not seen.
 */
export default defineRule<Params>({
  id: "host-network-listen-port",
  title: "Declared ports of hostNetwork Pods are those that the process listens on",
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
      if (undeclared.length === 0) continue;
      const unused = unusedPorts(container, portsOf(addresses, false));
      if (unused.length > 0) {
        yield violation(
          at(container, "ports"),
          `container "${show(container.name)}" declares port ${unused[0] ?? 0}, of which its flags, variables and probes say nothing, but listens on the undeclared port ${undeclared[0] ?? 0} of the node: the scheduler keeps the wrong port free, and clients of ${unused[0] ?? 0} may find nobody; make containerPort and the listen address equal, or declare ${undeclared[0] ?? 0} as well if it listens on both`,
        );
      }
    }
  },
});
