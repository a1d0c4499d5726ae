import { show } from "./intrinsics.js";
import { at, type Location } from "./rule.js";
import type { Container, Pod, Port, Protocol } from "./view.js";

export type Role = "main" | "init" | "sidecar" | "ephemeral";

/** What the container is in its Pod. A sidecar is an init container that goes on running. */
export function roleOf(container: Container): Role {
  if (container.source === "containers") return "main";
  if (container.source === "ephemeralContainers") return "ephemeral";
  return container.restartPolicy === "Always" ? "sidecar" : "init";
}

/** Whether the container runs as long as the Pod does: a main container or a sidecar. */
export function runsOn(container: Container): boolean {
  const role = roleOf(container);
  return role === "main" || role === "sidecar";
}

/**
 * The port of the node that a declared port takes; 0 for none. In a hostNetwork Pod that is containerPort:
 * the API server writes it into hostPort of Pods, but not of templates (since 1.28).
 */
export function nodePort(pod: Pod, container: Container, port: Port): number {
  if (container.source === "ephemeralContainers") return 0;
  if (port.hostPort > 0) return port.hostPort;
  return pod.hostNetwork ? port.containerPort : 0;
}

/** Whether any container takes a port of the node. */
export function takesNodePorts(pod: Pod): boolean {
  return pod.containers.some((container) => container.ports.some((port) => nodePort(pod, container, port) > 0));
}

/** Whether sockets on these two addresses of a node exclude each other. */
export function addressesClash(one: string, other: string): boolean {
  return one === other || one === "0.0.0.0" || other === "0.0.0.0";
}

/** Where the number stands that `nodePort` returns. */
export function nodePortLocation(port: Port): Location {
  return port.hostPort > 0 ? at(port, "hostPort") : at(port, "containerPort");
}

/** Which of a container's ports a message means: `container "web" ports[1] (80/TCP)`. */
export function describePort(container: Container, index: number, port: Port, taken: number): string {
  return `container "${show(container.name)}" ports[${index}] (node port ${taken}/${show(port.protocol)})`;
}

/** Ports from `from` up to and including `to`, of one protocol or of all. */
export interface PortRange {
  /**
   * First port of the range.
   * @minimum 1
   * @maximum 65535
   */
  from: number;
  /**
   * Last port of the range.
   * @minimum 1
   * @maximum 65535
   */
  to: number;
  /** The protocol that the range speaks of; every protocol where absent. */
  protocol?: Protocol;
}

/** Whether the range holds the port; which end comes first does not matter. */
export function holds(range: PortRange, taken: number, protocol: string): boolean {
  const isInside = (range.from <= taken && taken <= range.to) || (range.to <= taken && taken <= range.from);
  return isInside && (range.protocol ?? protocol) === protocol;
}

/** The range as a message names it: `1024-29999`, with its protocol where it has one. */
export function describeRange(range: PortRange): string {
  const protocol = range.protocol ?? "";
  const numbers = range.from === range.to ? `${range.from}` : `${range.from}-${range.to}`;
  return protocol === "" ? numbers : `${numbers}/${protocol}`;
}
