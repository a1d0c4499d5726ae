/**
 * The total view: what a rule sees of a Kubernetes object. Nothing in it is ever undefined.
 *
 * This table is the only place that says where a value lies and what its absence means. From it come
 * the TypeScript types below, the view that Node builds (manifest/view.ts), the Rego and the CEL that
 * build the same view in the engines (generator/rego, generator/cel) and the type check of manifests.
 *
 * Source of paths and defaults: k8s.io/api and pkg/apis/core/v1/defaults.go of Kubernetes 1.36.
 */
import { boolean, counts, integer, integerOr, listed, map, numberOrText, objects, portNumbers, portNumbersOrNone, quantities, quiet, records, source, text, texts, view, type Field, type Limits, type RecordOf } from "./fields.js";
import { namespaceKind, networkPolicyKind, workloadKinds } from "./workload-kinds.js";

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
  replicas: quiet(integerOr(1, counts, "spec", "replicas")),
  /** Whether a Job or CronJob starts no Pods for now. */
  suspend: quiet(boolean("spec", "suspend")),
  /** When a Job was done; empty as long as it is not. */
  completionTime: quiet(text("", "status", "completionTime")),
  /** A Deployment's strategy. */
  strategy: text("RollingUpdate", "spec", "strategy", "type"),
  maxUnavailable: numberOrText(counts, "spec", "strategy", "rollingUpdate", "maxUnavailable"),
  maxSurge: numberOrText(counts, "spec", "strategy", "rollingUpdate", "maxSurge"),
  /** A DaemonSet's (or StatefulSet's) strategy. */
  updateStrategy: text("RollingUpdate", "spec", "updateStrategy", "type"),
  updateMaxSurge: numberOrText(counts, "spec", "updateStrategy", "rollingUpdate", "maxSurge"),
};
/** The object under review itself: a Pod, or what makes Pods of a template. */
export interface Workload extends RecordOf<typeof workload> {}

const port = {
  name: text("", "name"),
  containerPort: integer(portNumbers, "containerPort"),
  hostPort: integer(portNumbersOrNone, "hostPort"),
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
  httpPort: numberOrText(portNumbers, "httpGet", "port"),
  /** The host that is asked; empty for the Pod itself. */
  httpHost: text("", "httpGet", "host"),
  tcpPort: numberOrText(portNumbers, "tcpSocket", "port"),
  tcpHost: text("", "tcpSocket", "host"),
  grpcPort: numberOrText(portNumbers, "grpc", "port"),
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

const labelRequirement = {
  key: text("", "key"),
  /** `In`, `NotIn`, `Exists`, `DoesNotExist`; of nodes also `Gt`, `Lt`. */
  operator: text("", "operator"),
  values: texts(undefined, "values"),
};
/** What a selector asks of one label. */
export interface LabelRequirement extends RecordOf<typeof labelRequirement> {}

const nodeSelectorTerm = {
  matchExpressions: records<LabelRequirement>("LabelRequirement", [["matchExpressions"]]),
};
/** A set of requirements on a node, all of which must hold; of several terms one must. */
export interface NodeSelectorTerm extends RecordOf<typeof nodeSelectorTerm> {}

const pod = {
  /** The labels of the Pod, in a template of those that it makes. */
  labels: map("metadata", "labels"),
  hostNetwork: boolean("spec", "hostNetwork"),
  hostPID: boolean("spec", "hostPID"),
  hostIPC: boolean("spec", "hostIPC"),
  dnsPolicy: text<DnsPolicy>("ClusterFirst", "spec", "dnsPolicy"),
  osName: text("", "spec", "os", "name"),
  nodeSelector: map("spec", "nodeSelector"),
  /** The terms of the required node affinity; none where the Pod asks for nothing. */
  nodeSelectorTerms: records<NodeSelectorTerm>("NodeSelectorTerm", [
    ["spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"],
  ]),
  /** `Pending`, `Running`, `Succeeded`, `Failed`; empty in templates and before the kubelet has seen the Pod. */
  phase: quiet(text("", "status", "phase")),
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

const namespace = {
  /** Empty where the Namespace is not known. */
  name: text("", "metadata", "name"),
  labels: map("metadata", "labels"),
  /** The Pod Security level that the Namespace enforces; empty where it has no such label. A change of other labels is none of it. */
  podSecurityLevel: text("", "metadata", "labels", "pod-security.kubernetes.io/enforce"),
};
/** A Namespace of the cluster. */
export interface Namespace extends RecordOf<typeof namespace> {}

const networkPolicy = {
  namespace: text("default", "metadata", "namespace"),
  name: text("", "metadata", "name"),
  /** What the policy asks of the labels of the Pods that it is for; one that asks nothing is for all of its Namespace. */
  matchLabels: map("spec", "podSelector", "matchLabels"),
  matchExpressions: records<LabelRequirement>("LabelRequirement", [["spec", "podSelector", "matchExpressions"]]),
};
export interface NetworkPolicy extends RecordOf<typeof networkPolicy> {}

const clusterWorkload = {
  workload: view<Workload>("Workload"),
  pod: view<Pod>("Pod"),
};
/** A workload of the cluster, in the state in which it is stored: also the one under review, where it exists already. */
export interface ClusterWorkload extends RecordOf<typeof clusterWorkload> {}

const cluster = {
  workloads: listed<ClusterWorkload>("ClusterWorkload", workloadKinds),
  namespaces: listed<Namespace>("Namespace", [namespaceKind]),
  networkPolicies: listed<NetworkPolicy>("NetworkPolicy", [networkPolicyKind]),
};
/** The other objects of the cluster, as far as the engine knows them. */
export interface Cluster extends RecordOf<typeof cluster> {}

/**
 * `UPDATE`: an object of the same kind changes. Everything else is `CREATE`: a new object, an audit, a file, and a Pod that
 * Gatekeeper expands from a workload that changes.
 */
export type Operation = "CREATE" | "UPDATE";

/** What a rule is given; it names what it needs by using it. */
export interface Review {
  readonly operation: Operation;
  /** Read from the object itself. */
  readonly workload: Workload;
  /** Read from the object's pod template. */
  readonly pod: Pod;
  /** What the object was before an UPDATE; else one with nothing but defaults. */
  readonly oldWorkload: Workload;
  readonly oldPod: Pod;
  /** The Namespace that the object lies in; for a rule on Namespaces the one under review. */
  readonly namespace: Namespace;
  readonly cluster: Cluster;
}

export interface ViewTypes {
  readonly Workload: Workload;
  readonly Owner: Owner;
  readonly Pod: Pod;
  readonly NodeSelectorTerm: NodeSelectorTerm;
  readonly LabelRequirement: LabelRequirement;
  readonly Container: Container;
  readonly EnvVar: EnvVar;
  readonly Port: Port;
  readonly Probe: Probe;
  readonly VolumeMount: VolumeMount;
  readonly Volume: Volume;
  readonly Namespace: Namespace;
  readonly NetworkPolicy: NetworkPolicy;
  readonly ClusterWorkload: ClusterWorkload;
  readonly Cluster: Cluster;
}

/** The name of a type of record of the view. */
export type RecordName = keyof ViewTypes;

/** The table, in the order in which records are built. */
export const viewTable: Readonly<Record<RecordName, Readonly<Record<string, Field<unknown>>>>> = {
  Workload: workload,
  Owner: owner,
  Pod: pod,
  NodeSelectorTerm: nodeSelectorTerm,
  LabelRequirement: labelRequirement,
  Container: container,
  EnvVar: envVar,
  Port: port,
  Probe: probe,
  VolumeMount: volumeMount,
  Volume: volume,
  Namespace: namespace,
  NetworkPolicy: networkPolicy,
  ClusterWorkload: clusterWorkload,
  Cluster: cluster,
};

/** What a rule reviews. */
export type Reviews = "workloads" | "namespaces";

/** What an engine must know beyond the object and the parameters. */
export type Need = "oldObject" | "namespace" | "inventory";

/** Something that a review starts from. */
export interface Root {
  /** The record that it is; a text where absent. */
  readonly record?: RecordName;
  /** What the record is read from. */
  readonly from: "object" | "oldObject" | "namespace" | "inventory";
}

/** What rules of each sort are given, of the fields of `Review`. */
export const rootsOf: Readonly<Record<Reviews, Readonly<Partial<Record<keyof Review, Root>>>>> = {
  workloads: {
    operation: { from: "oldObject" },
    workload: { record: "Workload", from: "object" },
    pod: { record: "Pod", from: "object" },
    oldWorkload: { record: "Workload", from: "oldObject" },
    oldPod: { record: "Pod", from: "oldObject" },
    namespace: { record: "Namespace", from: "namespace" },
    cluster: { record: "Cluster", from: "inventory" },
  },
  namespaces: {
    operation: { from: "oldObject" },
    namespace: { record: "Namespace", from: "object" },
    cluster: { record: "Cluster", from: "inventory" },
  },
};

/**
 * How many elements of an object's lists a rule looks at, counted over the whole Pod. Beyond it the rule
 * denies with a message that says so: CEL has a budget, and what is cut silently is passed unseen.
 */
export const defaultLimits: Limits = { containers: 64, ports: 128, env: 1024, arguments: 1024, volumes: 256, volumeMounts: 512 };
