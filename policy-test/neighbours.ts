/**
 * Which objects of a cluster can matter to one object under review. The rules that look at the cluster compare each object with every
 * other; those that they would pass over anyway are not even given to them. neighbours.test.ts holds what they find equal.
 */
import { viewOf } from "../manifest/view.js";
import { nodePort, runsOn } from "../policies/kit/index.js";
import { isNamespace, namespaceOf, writtenNameOf, type KubernetesObject } from "./identity.js";
import type { ActiveRule } from "./rules.js";

/**
 * The rules of this package that look at the cluster, and what of it they look at: workloads that take one of the object's own node
 * ports, NetworkPolicies and the Namespace of its own namespace.
 */
const LOOKING: ReadonlySet<string> = new Set(["host-network-network-policy", "host-network-shared-port"]);

/** Whether `neighboursOf` finds all that these rules of this package look at. */
export function lookAtNeighbours(rules: readonly Pick<ActiveRule, "id" | "needs">[]): boolean {
  return rules.every(({ id, needs }) => !needs.includes("inventory") || LOOKING.has(id));
}

/** Objects of a cluster, by what makes them neighbours of others. */
export type NeighbourIndex = ReadonlyMap<string, readonly KubernetesObject[]>;

export function indexNeighbours(objects: readonly KubernetesObject[]): NeighbourIndex {
  const index = new Map<string, KubernetesObject[]>();
  for (const object of objects) {
    for (const key of ownKeys(object)) {
      const known = index.get(key);
      if (known === undefined) index.set(key, [object]);
      else known.push(object);
    }
  }
  return index;
}

/** The objects of the index that can matter to a review of `object`, each once. */
export function neighboursOf(object: KubernetesObject, index: NeighbourIndex): KubernetesObject[] {
  const found = keysOf(object).flatMap((key) => index.get(key) ?? []);
  return found.length < 2 ? found : [...new Set(found)];
}

/** What an object is looked for by. */
function ownKeys(object: KubernetesObject): string[] {
  if (isNamespace(object)) return [`namespace ${writtenNameOf(object)}`];
  return object["kind"] === "NetworkPolicy" ? [`policies ${namespaceOf(object)}`] : portKeys(object);
}

/** What an object under review looks for. */
function keysOf(object: KubernetesObject): string[] {
  const namespace = namespaceOf(object);
  return [`namespace ${namespace}`, `policies ${namespace}`, ...portKeys(object)];
}

/** The node ports that the Pods of a workload take while they run, in the rules' own words. */
function portKeys(object: KubernetesObject): string[] {
  const { pod } = viewOf(object);
  const ports = pod.containers.flatMap((container) => (runsOn(container) ? container.ports.map((port) => nodePort(pod, container, port)) : []));
  return [...new Set(ports)].filter((number) => number !== 0).map((number) => `port ${String(number)}`);
}
