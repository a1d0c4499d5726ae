/** A kind of object that rules can review or see in the cluster. */
export interface ObjectKind {
  /** API group; empty for the core group. */
  readonly group: string;
  /** The version that the API server serves. */
  readonly version: string;
  readonly kind: string;
  /** Plural name, as in a resource rule. */
  readonly resource: string;
  /** Whether its objects lie in Namespaces. */
  readonly namespaced: boolean;
}

/** A kind of object that makes Pods, and where its pod template lies. */
export interface WorkloadKind extends ObjectKind {
  /** Path from the object to the template (which has `metadata` and `spec`); empty for a Pod. */
  readonly template: readonly string[];
  /** Whether the API server refuses changes of the template once the object is there. */
  readonly isFrozen: boolean;
}

/** Kinds whose pod template cannot be changed. */
const frozen: ReadonlySet<string> = new Set(["Job", "Pod"]);

const row = (group: string, kind: string, ...template: string[]): WorkloadKind => ({
  group,
  version: "v1",
  kind,
  resource: `${kind.toLowerCase()}s`,
  namespaced: true,
  template,
  isFrozen: frozen.has(kind),
});

/** The nine kinds of Kubernetes 1.36 that hold a pod template (k8s.io/api/core/v1, apps/v1, batch/v1). */
export const workloadKinds: readonly WorkloadKind[] = [
  row("", "Pod"),
  row("", "PodTemplate", "template"),
  row("", "ReplicationController", "spec", "template"),
  row("apps", "DaemonSet", "spec", "template"),
  row("apps", "Deployment", "spec", "template"),
  row("apps", "ReplicaSet", "spec", "template"),
  row("apps", "StatefulSet", "spec", "template"),
  row("batch", "CronJob", "spec", "jobTemplate", "spec", "template"),
  row("batch", "Job", "spec", "template"),
];

export const namespaceKind: ObjectKind = { group: "", version: "v1", kind: "Namespace", resource: "namespaces", namespaced: false };
export const networkPolicyKind: ObjectKind = { group: "networking.k8s.io", version: "v1", kind: "NetworkPolicy", resource: "networkpolicies", namespaced: true };

/** The apiVersion of a kind's objects: `v1`, `apps/v1`. */
export const apiVersionOf = ({ group, version }: ObjectKind): string => (group === "" ? version : `${group}/${version}`);

/** The first segment of a kind's apiVersion: its group, or for the core group its version. */
export const apiPrefix = (kind: ObjectKind): string => (kind.group === "" ? kind.version : kind.group);
