/**
 * fast-check arbitraries of what rules are given. Weights make violations likely: workloads that are
 * all clean would compare nothing. Whatever the API server may hand over or a file may hold occurs: absent
 * fields, nulls, empty lists, every workload kind, every container role.
 */
import fc, { type Arbitrary } from "fast-check";
import type { ReviewRequest } from "../manifest/run.js";
import { workloadKinds, type WorkloadKind } from "../policies/kit/workload-kinds.js";
import { compiledRule } from "./compiled.js";
import { mutationArbitrary } from "./mutations.js";
import { recordArbitrary } from "./schema-values.js";

export type Json = Readonly<Record<string, unknown>>;

/** The value, or one of the two ways of leaving it out. */
const orUnset = <T>(value: Arbitrary<T>, weight = 6): Arbitrary<T | null | undefined> =>
  fc.oneof(
    { weight, arbitrary: value },
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );

/** A record of these fields; those that are undefined are left out. */
const json = (fields: Readonly<Record<string, Arbitrary<unknown>>>): Arbitrary<Json> => fc.record(fields).map(present);

/** JSON knows no undefined, so no engine is to see one. */
const present = (record: Json): Json => Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));

/** A text of any characters. Bounded, because messages are bounded only as far as names are short. */
const anyText = (maxLength: number): Arbitrary<string> => fc.string({ unit: "binary", maxLength });

const portNumber = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(1, 22, 53, 80, 443, 1023, 1024, 8080, 8081, 9001, 9100) },
  { weight: 3, arbitrary: fc.constantFrom(8472, 10250, 29_999, 30_000, 32_767, 32_768, 65_534, 65_535) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 65_535 }) },
);
const protocol = fc.constantFrom("TCP", "UDP", "SCTP");

const portArbitrary = json({
  name: orUnset(fc.constantFrom("http", "metrics"), 1),
  containerPort: portNumber,
  hostPort: fc.oneof(
    { weight: 4, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom(null, 0) },
    { weight: 3, arbitrary: portNumber },
  ),
  hostIP: orUnset(fc.constantFrom("", "0.0.0.0", "127.0.0.1", "192.0.2.1", "::", "::1"), 2),
  protocol: orUnset(fc.constantFrom("TCP", "TCP", "UDP", "SCTP", ""), 2),
});

/** Texts that a person may have forgotten to fill in, texts that look so, and any others. */
const textArbitrary = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("<REGION_ID>", "a <B>", "<none><HOST>", "${TAG}", "{{ .x }}", "x{{a}}${B}<C1>") },
  { weight: 4, arbitrary: fc.constantFrom("--port=8080", "<none>", "cat <<EOF>file", "$(VAR)", "{{", "<A", "<1A>", "") },
  { weight: 2, arbitrary: fc.array(fc.constantFrom("<", ">", "A", "_", "1", "{", "}", "$", "\n", " "), { maxLength: 8 }).map((parts) => parts.join("")) },
  { weight: 1, arbitrary: anyText(130) },
  { weight: 1, arbitrary: anyText(60).map((text) => `${text}${"0123456789".repeat(8)}<A>`) },
);

const image = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("example.com/agent:1", "example.com/agent@sha256:0123") },
  { weight: 2, arbitrary: textArbitrary },
);

/** Texts that are numbers to somebody: to a person, to YAML, to a shell. */
const numeralTexts = ["1", "65535", "080", "8e1", "1e3", "0x50", "0o120", "-0", "+80", "80.0", "80.5", "8_0", "999999999", "1000000000", "2147483648", "9007199254740993", "9223372036854775808"];

/** Where a process may be told to listen: a port, an address with one, and what looks like it and is none. */
const address = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom("8080", ":9001", "0.0.0.0:8081", "[::]:9100", "agent:53", "localhost:8080", "127.0.0.1:9001", "[::1]:80", "::1:80") },
  { weight: 2, arbitrary: fc.constantFrom(...numeralTexts, ":65535", ":65536", ":080", "agent:8e1", ":0x50", "[::]:80.5", ":99999999999999999999") },
  { weight: 2, arbitrary: fc.constantFrom("", "0", ":0", "65536", "-1", "$(PORT)", ":$(PORT)", "http://agent:80", "unix:/run/agent.sock", "8080 ", "a:b:80", "[x]:80", ":") },
  { weight: 1, arbitrary: fc.array(fc.constantFrom(":", "[", "]", "1", "8", "80", ".", "a", "/", "$", "=", "é"), { maxLength: 6 }).map((parts) => parts.join("")) },
);
const flag = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("--port", "-port", "--listen", "--web.listen-address", "--metrics-bind-address") },
  { weight: 1, arbitrary: fc.constantFrom("--other", "---port", "port", "-", "--") },
);
const listenWord = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(flag, address).map(([name, value]) => `${name}=${value}`) },
  { weight: 1, arbitrary: flag },
  { weight: 1, arbitrary: address },
);
/** A flag whose value is the next word, or any words. */
const words = (maxLength: number): Arbitrary<unknown[]> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.array(fc.option(textArbitrary, { freq: 20 }), { maxLength }) },
    { weight: 4, arbitrary: fc.array(fc.oneof({ weight: 3, arbitrary: listenWord }, { weight: 1, arbitrary: textArbitrary }), { minLength: 1, maxLength }) },
    { weight: 1, arbitrary: fc.tuple(flag, fc.option(address, { freq: 20 })).map((pair) => [...pair]) },
  );

const envVar = json({
  name: fc.oneof({ weight: 4, arbitrary: fc.constantFrom("PORT", "METRICS_PORT", "TOKEN") }, { weight: 1, arbitrary: anyText(20) }),
  value: orUnset(fc.oneof(textArbitrary, address)),
  valueFrom: orUnset(fc.constant({ fieldRef: { fieldPath: "spec.nodeName" } }), 1),
});

/** Mostly short lists; now and then one that is longer than some rule reviews. */
const listOf = <T>(element: Arbitrary<T>, maxLength: number): Arbitrary<(T | null)[]> =>
  fc.oneof(
    { weight: 30, arbitrary: fc.array(element, { minLength: 1, maxLength }) },
    { weight: 10, arbitrary: fc.array(element, { maxLength }) },
    { weight: 2, arbitrary: fc.array(fc.option(element), { maxLength }) },
    { weight: 1, arbitrary: fc.array(element, { minLength: 66, maxLength: 70, size: "max" }) },
  );

const probePort = fc.oneof({ weight: 3, arbitrary: portNumber }, { weight: 3, arbitrary: fc.constantFrom<unknown>("http", "metrics", "admin", "8080", "", 0, 65_536, ...numeralTexts) }, { weight: 1, arbitrary: anyText(15) });
const probe = fc.oneof(
  { weight: 3, arbitrary: json({ httpGet: json({ path: fc.constant("/healthz"), port: orUnset(probePort, 20), host: fc.constantFrom(undefined, undefined, undefined, null, "", "192.0.2.1") }) }) },
  { weight: 2, arbitrary: json({ tcpSocket: json({ port: orUnset(probePort, 20), host: fc.constantFrom(undefined, undefined, undefined, null, "", "192.0.2.1") }) }) },
  { weight: 1, arbitrary: json({ grpc: json({ port: orUnset(portNumber, 20) }) }) },
  // What an API server refuses: several handlers, or none.
  { weight: 1, arbitrary: fc.constantFrom({}, { exec: { command: ["true"] } }, { httpGet: null, tcpSocket: { port: 8080 } }, { httpGet: { port: "http" }, grpc: { port: 53 } }) },
);

/** Volumes are known by their names, and there are few of them. */
const volumeName = fc.constantFrom("volume-0", "volume-1", "volume-2");
const hostPath = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom("/", "/etc", "/proc", "/sys", "/etc/", "//etc//x", "/./proc/1", "/etc/cni/net.d", "/sys/fs/bpf", "/sys/fs/cgroup") },
  { weight: 3, arbitrary: fc.constantFrom("/run", "/run/containerd", "/var/run/agent", "/runner", "/etcd", "/var/lib/agent", "etc", "//", "") },
  { weight: 1, arbitrary: fc.array(fc.constantFrom("/", "etc", "run", "var", ".", "..", "a b", "é"), { maxLength: 6 }).map((parts) => parts.join("")) },
);
const mount = json({
  name: orUnset(fc.oneof({ weight: 8, arbitrary: volumeName }, { weight: 1, arbitrary: fc.constant("other") }), 20),
  mountPath: orUnset(fc.oneof({ weight: 6, arbitrary: fc.constantFrom("/host", "/host/etc", "/rootfs") }, { weight: 1, arbitrary: anyText(130) }), 20),
  readOnly: fc.constantFrom(undefined, undefined, undefined, undefined, null, false, true),
  mountPropagation: fc.constantFrom(undefined, undefined, undefined, undefined, null, "", "None", "HostToContainer", "Bidirectional"),
});
const mounts = fc.oneof(
  { weight: 40, arbitrary: fc.array(fc.option(mount, { freq: 30 }), { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constant(Array.from({ length: 513 }, () => ({ name: "volume-0", mountPath: "/host" }))) },
);
const volumes = fc.oneof(
  {
    weight: 40,
    arbitrary: fc
      .array(fc.oneof({ weight: 8, arbitrary: hostPath.map((path) => ({ hostPath: { path } })) }, { weight: 1, arbitrary: fc.constantFrom({ emptyDir: {} }, { hostPath: null }, { hostPath: {} }, null) }), { minLength: 1, maxLength: 3 })
      .map((list) => list.map((volume, index) => volume && { name: `volume-${String(index)}`, ...volume })),
  },
  // The API server refuses two volumes of one name.
  { weight: 2, arbitrary: fc.array(hostPath.map((path) => ({ name: "volume-0", hostPath: { path } })), { minLength: 2, maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constant(Array.from({ length: 257 }, (_, index) => ({ name: `volume-${String(index)}`, hostPath: { path: "/etc" } }))) },
);

/** Quantities as texts and as numbers, odd ones, and the ways to write none. */
const quantity = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom<unknown>("1E", "1Ei", "1e18", "1E-9", "0.5Gi", "+0.5", "1E+3", "9223372036854775808", "123456789012345678901234567890Ei", "0.0000000001", "1.") },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(1e3, 999_999, 1e6, 2 ** 32, 1e15, 2 ** 53, 1e21, 0.1, 1.25, 1.5e-7, 1e-9, 0.1234567) },
  { weight: 5, arbitrary: fc.constantFrom<unknown>("100m", "64Mi", "0.5", "1e3", "+1", ".5", 1, 0.5, 2, 134_217_728) },
  { weight: 2, arbitrary: fc.constantFrom<unknown>("0", "0Mi", "0.0", "0e3", "00", "-0m", ".0", "", 0, null) },
);
const amounts = json({ cpu: orUnset(quantity, 6), memory: orUnset(quantity, 6), "ephemeral-storage": orUnset(quantity, 1) });
const resources = fc.oneof(
  { weight: 8, arbitrary: json({ requests: orUnset(amounts, 4), limits: orUnset(amounts, 4) }) },
  { weight: 1, arbitrary: fc.constantFrom(null, {}, { requests: {} }, { limits: { memory: "64Mi" }, requests: { cpu: 1 } }) },
);
/** The value, or more often nothing. */
const seldom = <T>(value: Arbitrary<T>, weight = 4): Arbitrary<T | undefined> =>
  fc.oneof({ weight, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });

const containerArbitrary = (restartPolicy: Arbitrary<unknown>): Arbitrary<Json> =>
  json({
    image: orUnset(image, 12),
    restartPolicy,
    command: orUnset(words(2), 1),
    args: orUnset(words(3), 8),
    env: orUnset(fc.array(fc.option(envVar, { freq: 20 }), { maxLength: 2 }), 2),
    ports: orUnset(listOf(portArbitrary, 4), 12),
    livenessProbe: seldom(fc.oneof(probe, fc.constant(null)), 3),
    readinessProbe: seldom(probe),
    startupProbe: seldom(probe, 8),
    volumeMounts: orUnset(mounts, 6),
    resources: orUnset(resources, 6),
  });

const mainContainer = containerArbitrary(fc.constant(undefined));
const initContainer = containerArbitrary(fc.constantFrom("Always", "Always", undefined, null));

/** Names differ within a Pod, as the API server demands; the number comes first, so that they differ where they are cut. */
const named = (prefix: string, containers: Arbitrary<(Json | null)[]>): Arbitrary<(Json | null)[]> =>
  fc
    .tuple(containers, fc.oneof({ weight: 6, arbitrary: fc.constant("") }, { weight: 1, arbitrary: anyText(12) }))
    .map(([list, odd]) =>
      list.map((container, index) => container && { name: `${prefix}-${String(index)}${odd}`, ...container }),
    );

const containerList = (container: Arbitrary<Json>, maxLength: number): Arbitrary<(Json | null)[]> =>
  fc.oneof(
    { weight: 30, arbitrary: fc.array(container, { minLength: 1, maxLength }) },
    { weight: 10, arbitrary: fc.array(container, { maxLength }) },
    { weight: 1, arbitrary: fc.array(fc.option(container), { maxLength }) },
    { weight: 1, arbitrary: fc.constant(Array.from({ length: 65 }, () => ({ image: "x", ports: [{ containerPort: 8080 }] }))) },
  );

/** What a selector asks of a label; of nodes and of Pods alike. */
export const requirement = json({
  key: fc.constantFrom("kubernetes.io/os", "zone", "app", "tier"),
  operator: fc.constantFrom("In", "In", "NotIn", "Exists", "DoesNotExist", "Gt", null),
  values: orUnset(fc.uniqueArray(fc.constantFrom("linux", "windows", "a", "b", "agent", "node", ""), { maxLength: 2 }), 6),
});
export const requirements = orUnset(fc.array(fc.option(requirement, { freq: 30 }), { maxLength: 2 }), 12);
const affinity = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(undefined, undefined, undefined, null, {}, { podAffinity: {} }, { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: null } }) },
  {
    weight: 2,
    arbitrary: fc
      .array(json({ matchExpressions: requirements }), { maxLength: 2 })
      .map((nodeSelectorTerms) => ({ nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } })),
  },
);
const podLabels = fc.constantFrom({ app: "agent" }, { app: "agent" }, { app: "agent", tier: "node" }, { app: "web", zone: "" }, { app: null }, {}, null, undefined);

const podSpecArbitrary = json({
  hostNetwork: fc.oneof(
    { weight: 7, arbitrary: fc.constant(true) },
    { weight: 2, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom(false, null) },
  ),
  hostPID: orUnset(fc.boolean(), 1),
  hostIPC: orUnset(fc.boolean(), 1),
  dnsPolicy: orUnset(fc.constantFrom("ClusterFirst", "ClusterFirst", "ClusterFirst", "ClusterFirstWithHostNet", "Default", "None", ""), 2),
  os: fc.constantFrom(undefined, undefined, undefined, undefined, undefined, undefined, null, {}, { name: null }, { name: "linux" }, { name: "windows" }),
  nodeSelector: fc.constantFrom(
    ...[undefined, undefined, undefined, undefined, undefined, null, {}, { zone: "a" }],
    ...[{ "kubernetes.io/os": null }, { "kubernetes.io/os": "linux", zone: "a" }, { "kubernetes.io/os": "windows" }],
  ),
  affinity,
  serviceAccountName: orUnset(fc.constantFrom("agent", "default", ""), 1),
  containers: orUnset(named("main", containerList(mainContainer, 3)), 30),
  initContainers: orUnset(named("init", containerList(initContainer, 2)), 2),
  ephemeralContainers: orUnset(named("debug", containerList(mainContainer, 1)), 1),
  volumes: orUnset(volumes, 12),
  resources: seldom(resources, 8),
});

/** A number of Pods or a percentage of them. */
const podCount = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<unknown>(0, 1, 2, "0%", "1%", "10%", "25%", "34%", "50%", "100%") },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(999_999, 1_000_000, 2 ** 31 - 1, "2147483647%", "999999999%", "1000000000%", "007%", "+5%", "1e1%", "0x1%") },
  { weight: 1, arbitrary: fc.constantFrom<unknown>("", "%", "00%", "x", "x%", "1.5%", "10", -1, 1000) },
);
const rollingUpdate = json({ maxUnavailable: orUnset(podCount, 2), maxSurge: orUnset(podCount, 2) });
const strategyOf = (...others: string[]): Arbitrary<unknown> =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(undefined, undefined, null, {}) },
    {
      weight: 5,
      arbitrary: json({
        type: fc.constantFrom<unknown>("RollingUpdate", "RollingUpdate", "RollingUpdate", undefined, null, "", ...others),
        rollingUpdate: orUnset(rollingUpdate),
      }),
    },
  );
/** What stands beside the template. Fields that a kind has not are there as well: nothing may read them. */
const besideTemplate = json({
  replicas: fc.constantFrom(undefined, undefined, undefined, null, 0, 1, 1, 2, 3, 4, 5, 100, 1_000_000, 2 ** 31 - 1),
  strategy: strategyOf("Recreate"),
  updateStrategy: strategyOf("OnDelete"),
  suspend: fc.constantFrom(undefined, undefined, undefined, undefined, undefined, null, false, true),
});

const kinds = fc.constantFrom(...workloadKinds.map((row) => row.kind), "Node", "");
const objectName = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom("agent", "agent-5d4f8", "node-agent", "web-29200000") },
  { weight: 1, arbitrary: fc.constantFrom("a".repeat(253), 'a"b\nc') },
);
const namespace = fc.constantFrom("default", "monitoring", "kube-system");

const owner = json({
  apiVersion: fc.constant("v1"),
  kind: fc.constantFrom("DaemonSet", "ReplicaSet", "Job", "Deployment", "Node"),
  name: objectName,
  controller: fc.constantFrom(true, true, false, null, undefined),
});

const metadataArbitrary = fc
  .tuple(
    json({
      namespace: orUnset(namespace),
      labels: podLabels,
      ownerReferences: orUnset(fc.array(fc.option(owner, { freq: 20 }), { maxLength: 2 }), 1),
    }),
    fc.oneof(
      { weight: 6, arbitrary: objectName.map((name) => ({ name })) },
      { weight: 2, arbitrary: fc.constantFrom({ generateName: "agent-" }, { generateName: "agent-", name: null }) },
      { weight: 1, arbitrary: fc.constantFrom({ generateName: "agent-", name: "agent-x7k2p" }, { name: "" }, {}) },
    ),
  )
  .map(([metadata, naming]): Json => ({ ...metadata, ...naming }));

/** The object of a kind around a pod spec. */
function wrap(row: WorkloadKind, metadata: unknown, podSpec: unknown, beside: Json, labels: unknown, status: unknown): Json {
  const pod = present({ ...(row.template.length === 0 ? { status } : { metadata: present({ labels }) }), spec: podSpec });
  const [first, ...rest] = row.template;
  const inner = rest.reduceRight((below: Json, name) => ({ [name]: below }), pod);
  return present({
    apiVersion: row.group === "" ? row.version : `${row.group}/${row.version}`,
    kind: row.kind,
    ...(first === undefined ? pod : { [first]: first === "spec" ? { ...beside, ...inner } : inner, status }),
    metadata,
  });
}

const statusArbitrary = fc.constantFrom(
  ...[undefined, undefined, undefined, undefined, undefined, undefined, null, {}, { phase: "Running" }],
  ...[{ phase: "Succeeded" }, { phase: "Failed" }, { phase: null }, { completionTime: "2026-01-01T00:00:00Z" }],
);

/** One of the nine kinds; more often one of the two that roll out Pods in a way of their own. */
const workloadKind = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(...workloadKinds) },
  { weight: 1, arbitrary: fc.constantFrom(...workloadKinds.filter((row) => row.kind === "Deployment" || row.kind === "DaemonSet")) },
);

/** An object of one of the nine workload kinds. */
export const workloadArbitrary: Arbitrary<Json> = fc
  .tuple(workloadKind, orUnset(metadataArbitrary, 60), orUnset(podSpecArbitrary, 60), besideTemplate, podLabels, statusArbitrary)
  .map((parts) => wrap(...parts));

const matcherFields = {
  namespace: fc.constantFrom("default", "monitoring", "mon*", "*ing", "*", "other"),
  kind: fc.constantFrom("Pod", "DaemonSet", "Deployment", "CronJob", "*Set", "*"),
  name: fc.constantFrom("agent", "agent-*", "*agent", "*gen*", "a*t", "node-agent", "web", "**", ""),
  serviceAccountName: fc.constantFrom("agent", "default", "*"),
};
/** A matcher of at least one field. */
const matcher = fc.record(matcherFields, { requiredKeys: [] }).filter((fields) => Object.keys(fields).length > 0);

const matchers = fc.array(matcher, { maxLength: 2 });
const portRange = fc
  .tuple(portNumber, portNumber, fc.option(protocol, { nil: undefined }))
  .map(([one, other, only]): Json => ({
    from: Math.min(one, other),
    to: Math.max(one, other),
    ...(only === undefined ? {} : { protocol: only }),
  }));
const profiles = fc.uniqueArray(
  fc.constantFrom("ack", "antrea", "aws", "calico", "cilium", "kubernetes", "metallb", "node-exporter"),
  { maxLength: 3 },
);
const scope = fc.constantFrom("everywhere", "image", "off");
const optional = (fields: Readonly<Record<string, Arbitrary<unknown>>>): Arbitrary<Json> =>
  fc.record(fields, { requiredKeys: [] });

/** Most workloads must not be exempt, or nothing is compared. */
const exempt = fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: matchers });

/** How a rule learns what a process listens on. */
const listenOptions = {
  exempt,
  listenFlags: fc.oneof(
    fc.constant(["port", "-listen", "--metrics-bind-address", "--web.listen-address"]),
    fc.array(fc.constantFrom("--port", "-port", "port", "--listen", "--other", "--", ""), { maxLength: 4 }),
  ),
  listenVariables: fc.array(fc.constantFrom("PORT", "METRICS_PORT", "TOKEN", ""), { maxLength: 3 }),
  ignoreLoopback: fc.boolean(),
};
const listedPaths = (maxLength: number): Arbitrary<string[]> =>
  fc.array(fc.constantFrom("/", "/etc", "/etc/cni", "etc", "/run", "/var/run/", "/sys/fs", "/proc//", "//", "", "/var/lib/agent"), { maxLength });
const resourceNames = fc.array(fc.constantFrom("cpu", "memory", "ephemeral-storage", "example.com/gpu", ""), { maxLength: 3 });

/** Values that hit what workloads have, where those of the schema seldom would. */
const parameters: Readonly<Record<string, Arbitrary<Json>>> = {
  "host-network-declared-ports": optional({ ...listenOptions, requirePorts: fc.boolean() }),
  "host-network-dns-policy": optional({
    exempt,
    dnsPolicies: fc.oneof(
      fc.uniqueArray(fc.constantFrom("ClusterFirstWithHostNet", "Default", "None"), { minLength: 1 }),
      fc.uniqueArray(fc.constantFrom("ClusterFirstWithHostNet", "Default", "None", "ClusterFirst"), { minLength: 1 }),
    ),
  }),
  "host-network-immutable": optional({ exempt, forbidDisabling: fc.boolean() }),
  "host-network-network-policy": optional({ exempt, includeNamespaceWide: fc.boolean() }),
  "host-network-pod-security": optional({ exempt, defaultLevel: fc.constantFrom("privileged", "baseline", "restricted") }),
  "host-network-listen-port": optional(listenOptions),
  "host-network-port-conflict": optional({ exempt }),
  "host-network-port-range": optional({ exempt, allowed: fc.array(portRange, { maxLength: 3 }), exceptProfiles: profiles }),
  "host-network-read-only-host-path": optional({ exempt, paths: listedPaths(4), except: listedPaths(2) }),
  "host-network-reserved-ports": optional({
    exempt,
    profiles,
    reserved: fc.array(
      fc
        .tuple(portRange, optional({ owners: matchers }), fc.constantFrom("the gateway", '"x"\ny', "集群"))
        .map(([range, owners, usedBy]): Json => ({ ...range, ...owners, usedBy })),
      { maxLength: 2 },
    ),
  }),
  "host-network-resource-limits": optional({ exempt, requests: resourceNames, limits: resourceNames }),
  "host-network-shared-port": optional({ exempt }),
  "host-network-update-strategy": optional({ exempt }),
  "restrict-host-namespaces": optional({
    // Of two fields at least; that both may be the permissions makes an entry that names nobody.
    allowed: fc.array(
      fc.record({ ...matcherFields, hostPID: fc.boolean(), hostIPC: fc.boolean() }, { requiredKeys: [] }).filter((fields) => Object.keys(fields).length > 1),
      { maxLength: 2 },
    ),
  }),
  "restrict-host-network": optional({ allowed: matchers }),
  "restrict-privileged-namespace": optional({
    allowed: fc.array(fc.constantFrom("kube-*", "monitoring", "*ing", "node-agent", "*"), { maxLength: 2 }),
    requireLabel: fc.boolean(),
  }),
  "unresolved-placeholder": optional({ exempt, patterns: optional({ angle: scope, dollar: scope, braces: scope }) }),
};

/** Parameters of a rule as a user may write them: any of them may be left out. A rule that is not listed above has what its schema allows. */
export function parametersArbitrary(rule: string): Arbitrary<Json> {
  const own = parameters[rule];
  if (own !== undefined) return own;
  // Mostly the defaults: they fit workloads better than random values do.
  return fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: recordArbitrary(compiledRule(rule).schema, { exempt }) });
}

/** An object that is seldom no workload at all. */
const objectArbitrary = fc.oneof(
  { weight: 30, arbitrary: workloadArbitrary },
  { weight: 1, arbitrary: fc.tuple(workloadArbitrary, kinds).map(([object, kind]): Json => ({ ...object, kind })) },
);

/** A request to create or to update an object, or an audit. An UPDATE changes little or nothing, mostly. */
export const requestArbitrary: Arbitrary<ReviewRequest> = fc.oneof(
  { weight: 4, arbitrary: objectArbitrary.map((object): ReviewRequest => ({ object })) },
  { weight: 3, arbitrary: objectArbitrary.map((object): ReviewRequest => ({ operation: "CREATE", object })) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(objectArbitrary, mutationArbitrary)
      .map(([oldObject, mutate]): ReviewRequest => ({ operation: "UPDATE", oldObject, object: mutate(oldObject) })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(objectArbitrary, objectArbitrary)
      .map(([oldObject, object]): ReviewRequest => ({ operation: "UPDATE", oldObject, object })),
  },
);
