/**
 * The total view: what a rule sees of a Kubernetes object. Nothing in it is ever undefined.
 *
 * This table is the only place that says where a value lies and what its absence means. From it come
 * the TypeScript types below, the view that Node builds (manifest/view.ts), the Rego and the CEL that
 * build the same view in the engines (generator/rego, generator/cel) and the type check of manifests.
 *
 * Source of paths and defaults: k8s.io/api and pkg/apis/core/v1/defaults.go of Kubernetes 1.36.
 */
import { boolean, integer, integerOr, map, numberOrText, objects, quantities, records, source, text, texts, type Field, type Limits, type RecordOf } from "./fields.js";

export type Protocol = "TCP" | "UDP" | "SCTP";
export type DnsPolicy = "ClusterFirst" | "ClusterFirstWithHostNet" | "Default" | "None";
export type ContainerSource = "containers" | "initContainers" | "ephemeralContainers";

const owner = {
  kind: text("", "kind"),
  name: text("", "name"),
  controller: boolean("controller"),
};
/** An entry of `metadata.ownerReferences`. */
export interface Owner extends RecordOf<typeof owner> {}

const workload = {
  kind: text("", "kind"),
  /** The namespace; an object without one lies in `default`. */
  namespace: text("default", "metadata", "namespace"),
  /** Empty where only generateName is given; `nameOf` gives what to call the object. */
  name: text("", "metadata", "name"),
  generateName: text("", "metadata", "generateName"),
  owners: records<Owner>("Owner", [["metadata", "ownerReferences"]]),
  /** How many Pods are wanted, where the kind has replicas. */
  replicas: integerOr(1, "spec", "replicas"),
  /** A Deployment's strategy. */
  strategy: text("RollingUpdate", "spec", "strategy", "type"),
  maxUnavailable: numberOrText("spec", "strategy", "rollingUpdate", "maxUnavailable"),
  maxSurge: numberOrText("spec", "strategy", "rollingUpdate", "maxSurge"),
  /** A DaemonSet's (or StatefulSet's) strategy. */
  updateStrategy: text("RollingUpdate", "spec", "updateStrategy", "type"),
  updateMaxSurge: numberOrText("spec", "updateStrategy", "rollingUpdate", "maxSurge"),
};
/** The object under review itself: a Pod, or what makes Pods of a template. */
export interface Workload extends RecordOf<typeof workload> {}

const port = {
  name: text("", "name"),
  containerPort: integer("containerPort"),
  hostPort: integer("hostPort"),
  hostIP: text("0.0.0.0", "hostIP"),
  protocol: text<Protocol>("TCP", "protocol"),
};
/** A declared port of a container. `nodePort` says which port of the node it takes. */
export interface Port extends RecordOf<typeof port> {}

const envVar = {
  name: text("", "name"),
  /** The plain value; empty where `valueFrom` gives it. */
  value: text("", "value"),
};
export interface EnvVar extends RecordOf<typeof envVar> {}

const volumeMount = {
  /** The volume. */
  name: text("", "name"),
  mountPath: text("", "mountPath"),
  readOnly: boolean("readOnly"),
  mountPropagation: text("", "mountPropagation"),
};
export interface VolumeMount extends RecordOf<typeof volumeMount> {}

const probe = {
  /** Which of the container's probes it is: `livenessProbe`, `readinessProbe`, `startupProbe`. */
  source: source<"livenessProbe" | "readinessProbe" | "startupProbe">(),
  /** Number or name of the port; empty where the probe is of another kind. */
  httpPort: numberOrText("httpGet", "port"),
  /** The host that is asked; empty for the Pod itself. */
  httpHost: text("", "httpGet", "host"),
  tcpPort: numberOrText("tcpSocket", "port"),
  tcpHost: text("", "tcpSocket", "host"),
  grpcPort: numberOrText("grpc", "port"),
};
/** A probe of a container. */
export interface Probe extends RecordOf<typeof probe> {}

const container = {
  /** The list that holds it; `roleOf` says what it is. */
  source: source<ContainerSource>(),
  name: text("", "name"),
  image: text("", "image"),
  restartPolicy: text("", "restartPolicy"),
  command: texts("arguments", "command"),
  args: texts("arguments", "args"),
  env: records<EnvVar>("EnvVar", [["env"]], "env"),
  ports: records<Port>("Port", [["ports"]], "ports"),
  probes: objects<Probe>("Probe", [["livenessProbe"], ["readinessProbe"], ["startupProbe"]]),
  volumeMounts: records<VolumeMount>("VolumeMount", [["volumeMounts"]], "volumeMounts"),
  requests: quantities("resources", "requests"),
  limits: quantities("resources", "limits"),
};
/** A container of any role. */
export interface Container extends RecordOf<typeof container> {}

const volume = {
  name: text("", "name"),
  /** The node's path; empty for a volume of another kind. */
  hostPath: text("", "hostPath", "path"),
};
export interface Volume extends RecordOf<typeof volume> {}

const pod = {
  hostNetwork: boolean("spec", "hostNetwork"),
  hostPID: boolean("spec", "hostPID"),
  hostIPC: boolean("spec", "hostIPC"),
  dnsPolicy: text<DnsPolicy>("ClusterFirst", "spec", "dnsPolicy"),
  osName: text("", "spec", "os", "name"),
  nodeSelector: map("spec", "nodeSelector"),
  serviceAccountName: text("default", "spec", "serviceAccountName"),
  /** Every container: the main ones, then the init and sidecar ones, then the ephemeral ones. */
  containers: records<Container>(
    "Container",
    [["spec", "containers"], ["spec", "initContainers"], ["spec", "ephemeralContainers"]],
    "containers",
  ),
  volumes: records<Volume>("Volume", [["spec", "volumes"]], "volumes"),
  /** Requests and limits of the Pod as a whole (Kubernetes 1.34). */
  requests: quantities("spec", "resources", "requests"),
  limits: quantities("spec", "resources", "limits"),
};
/** The Pod, or the template that Pods are made from. */
export interface Pod extends RecordOf<typeof pod> {}

/** What `check` is given. `workload` is read from the object itself, `pod` from the object's pod template. */
export interface Review {
  readonly workload: Workload;
  readonly pod: Pod;
}

export interface ViewTypes {
  readonly Workload: Workload;
  readonly Owner: Owner;
  readonly Pod: Pod;
  readonly Container: Container;
  readonly EnvVar: EnvVar;
  readonly Port: Port;
  readonly Probe: Probe;
  readonly VolumeMount: VolumeMount;
  readonly Volume: Volume;
}

/** The name of a type of record of the view. */
export type RecordName = keyof ViewTypes;

/** The table, in the order in which records are built. */
export const viewTable: Readonly<Record<RecordName, Readonly<Record<string, Field<unknown>>>>> = {
  Workload: workload,
  Owner: owner,
  Pod: pod,
  Container: container,
  EnvVar: envVar,
  Port: port,
  Probe: probe,
  VolumeMount: volumeMount,
  Volume: volume,
};

/** The records that a review starts from. */
export const roots = { workload: "Workload", pod: "Pod" } as const satisfies Record<keyof Review, RecordName>;

/**
 * How many elements of an object's lists a rule looks at, counted over the whole Pod. Beyond it the rule
 * denies with a message that says so: CEL has a budget, and what is cut silently is passed unseen.
 */
export const defaultLimits: Limits = { containers: 64, ports: 128, env: 1024, arguments: 1024, volumes: 256, volumeMounts: 512 };
