/** Small changes of a workload, as an UPDATE makes them: some that a rule reads, and some that no rule does. */
import { isMapping } from "../manifest/mapping.js";
import fc, { type Arbitrary } from "fast-check";
import { workloadKindOf } from "../manifest/view.js";

type Json = Readonly<Record<string, unknown>>;
export type Mutation = (object: Json) => Json;

/** `object` with the value at `path` changed; objects that are missing on the way are made. */
function change(object: Json, path: readonly string[], to: (value: unknown) => unknown): Json {
  const [name, ...rest] = path;
  if (name === undefined) return object;
  const value = object[name];
  return { ...object, [name]: rest.length === 0 ? to(value) : change(isMapping(value) ? value : {}, rest, to) };
}

/** A change below the pod spec of a workload; other objects stay as they are. */
export const inPodSpec =
  (field: string, to: (value: unknown) => unknown): Mutation =>
  (object) => {
    const row = workloadKindOf(object);
    return row === undefined ? object : change(object, [...row.template, "spec", field], to);
  };

const inContainers = (to: (container: Json) => Json): Mutation =>
  inPodSpec("containers", (list) => (Array.isArray(list) ? list.map((entry: unknown) => (isMapping(entry) ? to(entry) : entry)) : null));

/** Named, so that a counterexample says which it was. */
const mutations: Readonly<Record<string, Mutation>> = {
  nothing: (object) => object,
  labels: (object) => change(object, ["metadata", "labels"], () => ({ tier: "node" })),
  replicas: (object) => change(object, ["spec", "replicas"], () => 0),
  moreReplicas: (object) => change(object, ["spec", "replicas"], () => 5),
  surge: (object) => change(object, ["spec", "updateStrategy"], () => ({ rollingUpdate: { maxSurge: 1 } })),
  noSurge: (object) => change(object, ["spec", "strategy", "rollingUpdate"], () => ({ maxUnavailable: "50%", maxSurge: 0 })),
  // As the API server fills it in: nothing changes for a rule that knows what absence means.
  strategyType: (object) => change(object, ["spec", "strategy", "type"], (value) => value ?? "RollingUpdate"),
  name: (object) => change(object, ["metadata", "name"], () => "agent"),
  owners: (object) => change(object, ["metadata", "ownerReferences"], () => [{ kind: "DaemonSet", name: "agent", controller: true }]),
  deletion: (object) => change(object, ["metadata", "deletionTimestamp"], () => "2026-01-01T00:00:00Z"),
  noDeletion: (object) => change(object, ["metadata", "deletionTimestamp"], () => null),
  hostNetworkOn: inPodSpec("hostNetwork", () => true),
  hostNetworkOff: inPodSpec("hostNetwork", (value) => (value === true ? false : null)),
  hostPIDOn: inPodSpec("hostPID", () => true),
  hostIPCOff: inPodSpec("hostIPC", () => false),
  volumes: inPodSpec("volumes", () => [{ name: "volume-0", hostPath: { path: "/etc" } }]),
  podResources: inPodSpec("resources", () => ({ limits: { cpu: 2 } })),
  dnsPolicyDefault: inPodSpec("dnsPolicy", (value) => value ?? "ClusterFirst"),
  dnsPolicy: inPodSpec("dnsPolicy", () => "Default"),
  serviceAccount: inPodSpec("serviceAccountName", () => "agent"),
  nodeSelector: inPodSpec("nodeSelector", () => ({ zone: "b" })),
  windows: inPodSpec("os", () => ({ name: "windows" })),
  images: inContainers((container) => ({ ...container, image: "example.com/<TEAM>:2" })),
  noPorts: inContainers((container) => ({ ...container, ports: null })),
  portNames: inContainers((container) => ({ ...container, ports: renamed(container["ports"]) })),
  resources: inContainers((container) => ({ ...container, resources: { limits: { memory: "1Gi" } } })),
  probes: inContainers((container) => ({ ...container, livenessProbe: { httpGet: { port: 9001 } } })),
  probePaths: inContainers((container) => ({ ...container, livenessProbe: pathChanged(container["livenessProbe"] ?? null) })),
  arguments: inContainers((container) => ({ ...container, args: ["--port=9001"] })),
  mounts: inContainers((container) => ({ ...container, volumeMounts: [{ name: "volume-0", mountPath: "/host" }] })),
  // As Gatekeeper expands a workload: the Pod comes with the workload as its old object.
  expansion: (object) => {
    const template = (workloadKindOf(object)?.template ?? []).reduce<unknown>((value, name) => (isMapping(value) ? value[name] : undefined), object);
    return { apiVersion: "v1", kind: "Pod", metadata: { name: "agent-pod" }, spec: isMapping(template) ? (template["spec"] ?? null) : {} };
  },
};

function renamed(ports: unknown): unknown {
  return Array.isArray(ports) ? ports.map((port: unknown) => (isMapping(port) ? { ...port, name: "renamed" } : port)) : null;
}

/** Another path of the same port. */
function pathChanged(probe: unknown): unknown {
  return isMapping(probe) && isMapping(probe["httpGet"]) ? { ...probe, httpGet: { ...probe["httpGet"], path: "/ready" } } : probe;
}

/** One or two changes, one after the other. */
export const mutationArbitrary: Arbitrary<Mutation> = fc
  .array(fc.constantFrom(...Object.entries(mutations)), { minLength: 1, maxLength: 2 })
  .map((chosen) => {
    const mutate: Mutation = (object) => chosen.reduce((changed, [, one]) => one(changed), object);
    return Object.assign(mutate, { [fc.toStringMethod]: () => chosen.map(([name]) => name).join(" and ") });
  });
