/** Objects as large as a rule reviews, and larger: at its bounds, and just beyond each. */
import type { JsonObject } from "../generator/schema/json.js";
import { bounds, excessMessage, limitOf, type Bound } from "../policies/kit/frame.js";
import type { Limits } from "../policies/kit/index.js";
import type { Reads } from "../manifest/view.js";

export const repeat = <T>(count: number, element: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => element(index));

/** What each container of a large object has. */
export interface Size {
  readonly containers: number;
  readonly ports: number;
  readonly texts: number;
  readonly mounts: number;
  readonly volumes: number;
}

/** What stands in arguments and variables. */
interface Words {
  readonly argument: (index: number) => string;
  readonly value: (index: number) => string;
}
const plain: Words = { argument: (index) => `--flag-${String(index)}=a/value/of/some/length`, value: () => "a value of some length" };
/** What the parameters below take for the address that a process listens on. */
const listening: Words = { argument: (index) => `--listen-${String(index % 64)}=[2001:db8::1]:${String(20_000 + index)}`, value: (index) => `192.0.2.1:${String(30_000 + index)}` };

/** A DaemonSet of so many containers with so many ports, variables, arguments and mounts each, and of so many volumes. */
export function daemonSet({ containers, ports, texts, mounts, volumes }: Size, firstPort = 9000, words = plain): JsonObject {
  const each = (container: number): object => ({
    name: `container-${String(container)}`,
    image: "registry.example.com/monitoring/agent:v1.2.3",
    args: repeat(texts, words.argument),
    command: repeat(texts, (index) => `word-${String(index)}`),
    env: repeat(texts, (index) => ({ name: `VARIABLE_${String(index)}`, value: words.value(index) })),
    ports: repeat(ports, (index) => ({ containerPort: firstPort + container * ports + index, protocol: "TCP" })),
    livenessProbe: { httpGet: { path: "/healthz", port: `port-${String(container)}`, host: "" } },
    readinessProbe: { tcpSocket: { port: 60_000 + container } },
    startupProbe: { grpc: { port: 61_000 + container } },
    // The last volumes: to find them takes longest.
    volumeMounts: repeat(mounts, (index) => ({ name: `volume-${String(volumes - 1 - (index % 16))}`, mountPath: `/host/${String(index)}`, mountPropagation: "None" })),
    resources: { requests: { cpu: 0, memory: "0Mi" }, limits: { cpu: "0", memory: "0.0" } },
  });
  const volume = (index: number): object => ({ name: `volume-${String(index)}`, hostPath: { path: `/etc/agent//directory-${String(index)}/` } });
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "agent", namespace: "monitoring" },
    spec: { updateStrategy: { rollingUpdate: { maxSurge: "10%", maxUnavailable: 0 } }, template: { spec: { hostNetwork: true, hostPID: true, hostIPC: true, containers: repeat(containers, each), volumes: repeat(volumes, volume) } } },
  };
}

/** A Namespace that no pattern of a long list allows. */
export const privilegedNamespace = {
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: "a-name-of-some-length", labels: { "pod-security.kubernetes.io/enforce": "privileged" } },
};

/** What a large Pod may well be. */
export const usualObject = "10 containers with 10 ports each";

/** Large objects for a rule with these bounds. */
export function objectsFor(limits: Limits): Readonly<Record<string, JsonObject>> {
  /** Every bound reached, by so many containers. */
  const full = (containers: number): Size => ({
    containers,
    ports: Math.floor(limits.ports / containers),
    texts: Math.floor(Math.min(limits.env, limits.arguments) / containers),
    mounts: Math.floor(limits.volumeMounts / containers),
    volumes: limits.volumes,
  });
  const most = limits.containers;
  return {
    [usualObject]: daemonSet({ containers: 10, ports: 10, texts: 10, mounts: 10, volumes: 16 }),
    "every bound reached, many containers": daemonSet(full(most)),
    "every bound reached, half as many containers": daemonSet(full(most / 2)),
    "every bound reached, one container": daemonSet(full(1)),
    "every port outside every range": daemonSet({ ...full(most), texts: 1 }, 40_000),
    "every text a listen address, many containers": daemonSet(full(most), 9000, listening),
    "every text a listen address, one container": daemonSet(full(1), 9000, listening),
    // As large as the API server takes.
    "far beyond the bounds": daemonSet({ containers: 1, ports: 1, texts: 10_000, mounts: 1000, volumes: 1000 }),
    "just beyond every bound": daemonSet({ containers: most + 1, ports: 2, texts: 17, mounts: 8, volumes: limits.volumes }),
  };
}

/** A bound that a rule's objects are held to, and how long the list may be. */
export interface Held {
  readonly bound: Bound;
  readonly limit: number;
  readonly message: string;
}

/** The bounds of a rule that reads so much of the view. */
export function boundsOf(reads: Reads, limits: Partial<Limits> = {}): Held[] {
  return bounds
    .filter(({ reads: { record, field } }) => (reads[record] ?? []).includes(field))
    .map((bound) => {
      const limit = limitOf(bound.limit, limits);
      return { bound, limit, message: excessMessage(bound.elements, limit) };
    });
}

/** A DaemonSet with `count` of what the bound counts, spread over a few containers, and next to nothing else. */
export function objectWith({ bound: { reads } }: Held, count: number): JsonObject {
  const containers = reads.record === "Container" ? 4 : reads.field === "containers" ? count : 1;
  const share = (container: number): number => Math.floor((count + containers - 1 - container) / containers);
  const list = (field: string, container: number, element: (index: number) => unknown): object =>
    reads.record === "Container" && reads.field === field ? { [field]: repeat(share(container), element) } : {};
  const each = (container: number): object => ({
    name: `container-${String(container)}`,
    image: "registry.example.com/monitoring/agent:v1.2.3",
    ...list("args", container, plain.argument),
    ...list("command", container, plain.argument),
    ...list("env", container, (index) => ({ name: `VARIABLE_${String(index)}`, value: plain.value(index) })),
    // Every rule looks at a Pod that takes ports.
    ports: [{ containerPort: 9000 + container }],
    ...list("ports", container, (index) => ({ containerPort: 10_000 + container * 1000 + index })),
    ...list("volumeMounts", container, (index) => ({ name: "host", mountPath: `/host/${String(index)}` })),
  });
  const volumes = reads.record === "Pod" && reads.field === "volumes" ? count : 1;
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "agent", namespace: "monitoring" },
    spec: {
      template: {
        spec: {
          hostNetwork: true,
          hostPID: true,
          hostIPC: true,
          containers: repeat(containers, each),
          volumes: repeat(volumes, (index) => ({ name: index === 0 ? "host" : `volume-${String(index)}`, hostPath: { path: "/etc" } })),
        },
      },
    },
  };
}
