import { afterLast, beforeLast, toInteger, trimPrefix } from "./intrinsics.js";
import type { Container, Port, Probe } from "./view.js";

/** How a rule learns which ports a process listens on. */
export interface ListenOptions {
  /**
   * Flags of programs whose value ends with the port that they listen on; one leading dash counts as two.
   * @maxItems 64
   * @default ["--listen-address", "--web.listen-address", "--web.telemetry-address", "--telemetry-addr", "--bind-address", "--bind-addr", "--metrics-bind-address", "--metrics-bind-addr", "--metrics-addr", "--metrics-address", "--metrics-port", "--health-probe-bind-address", "--health-addr", "--healthz-bind-address", "--healthz-port", "--health-port", "--secure-port", "--http-port", "--https-port", "--http-address", "--http-endpoint", "--grpc-port", "--port", "--listen", "--listen-port", "--addr", "--address"]
   */
  listenFlags: string[];
  /**
   * Environment variables whose plain value ends with the port that the process listens on.
   * @maxItems 32
   * @default ["PORT", "HTTP_PORT", "LISTEN_PORT", "METRICS_PORT"]
   */
  listenVariables: string[];
  /**
   * Whether what listens on the node's loopback only is left alone.
   * @default true
   */
  ignoreLoopback: boolean;
}

/** Whether a host is the node's loopback, which nothing outside of the node reaches. */
function isLoopback(host: string): boolean {
  return host.startsWith("127.") || host === "localhost" || host === "[::1]" || host === "::1";
}

/**
 * The port at the end of `port`, `:port` or `host:port`; 0 for anything else: a URL, a socket's path, a variable.
 * @param bare whether a number alone counts
 */
function portOf(address: string, ignoreLoopback: boolean, bare: boolean): number {
  if (/[/$ ]/.test(address)) return 0;
  if (!address.includes(":")) return bare ? toInteger(address, 0) : 0;
  const host = beforeLast(address, ":");
  if (host.includes(":") && !/^\[[0-9A-Fa-f:.]*\]$/.test(host)) return 0;
  if (ignoreLoopback && isLoopback(host)) return 0;
  return toInteger(afterLast(address, ":"), 0);
}

function withTwoDashes(flag: string): string {
  return flag.startsWith("--") ? flag : `--${trimPrefix(flag, "-")}`;
}

/** The name of a flag as `listenFlags` spells it, with two dashes. */
function flagName(word: string): string {
  return withTwoDashes(word.split("=")[0] ?? "");
}

/** The value of the flag at a word: what stands behind its `=`, else the next word where that is no flag itself. */
function flagValue(word: string, next: string): string {
  if (word.includes("=")) return trimPrefix(word, `${word.split("=")[0] ?? ""}=`);
  return next.startsWith("-") ? "" : next;
}

/** What the container's process is told to listen on, by flag or environment: whatever stands there. */
export function listenAddresses(container: Container, listenFlags: readonly string[], listenVariables: readonly string[]): string[] {
  const flags = listenFlags.map((flag) => withTwoDashes(flag));
  const words = [...container.command, ...container.args];
  const addresses = [
    ...words.map((word, index) => (word.startsWith("-") && flags.includes(flagName(word)) ? flagValue(word, words[index + 1] ?? "") : "")),
    ...container.env.map((variable) => (listenVariables.includes(variable.name) ? variable.value : "")),
  ];
  return addresses.filter((address) => address !== "");
}

/**
 * The ports of addresses. A number alone is the port of what another flag may say: `--bind-address=127.0.0.1
 * --secure-port=10259` is a loopback listener.
 */
export function portsOf(addresses: readonly string[], ignoreLoopback: boolean): number[] {
  const bare = !ignoreLoopback || !addresses.some((address) => isLoopback(address));
  return addresses.map((address) => portOf(address, ignoreLoopback, bare)).filter((port) => 1 <= port && port <= 65535);
}

/** The port that a probe asks, as a number or a name; empty where it runs a command. */
export function probePort(probe: Probe): string {
  if (probe.httpPort !== "") return probe.httpPort;
  return probe.tcpPort === "" ? probe.grpcPort : probe.tcpPort;
}

/** Whether a probe asks the Pod itself rather than a host that it names. */
export function asksPod(probe: Probe): boolean {
  return probe.httpPort === "" ? probe.tcpPort === "" || probe.tcpHost === "" : probe.httpHost === "";
}

/**
 * Whether a port is among the declared ones of a Pod.
 * @param declared each between commas: CEL looks a number up in a text far more cheaply than in lists of lists
 */
export function isDeclared(declared: string, port: number): boolean {
  return declared.includes(`,${port},`);
}

/**
 * The declared ports of a container that its process neither listens on nor is probed at, be it by loopback or through
 * an address of the node.
 * @param listening with what listens on loopback
 */
export function unusedPorts(container: Container, listening: readonly number[]): number[] {
  return container.ports
    .filter((port) => port.containerPort > 0 && !listening.includes(port.containerPort) && !container.probes.some((probe) => isProbed(probe, port)))
    .map((port) => port.containerPort);
}

function isProbed(probe: Probe, port: Port): boolean {
  const asked = [probe.httpPort, probe.tcpPort, probe.grpcPort];
  return asked.includes(`${port.containerPort}`) || (port.name !== "" && asked.includes(port.name));
}
