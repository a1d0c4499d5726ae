/** What rules are given beyond the object under review: the Namespace that it lies in, and the other objects of its cluster. */
import type { ReviewRequest } from "../manifest/run.js";
import type { Need } from "../policies/kit/view.js";
import { identityOf, isNamespace, namespaceOf, writtenNameOf, type KubernetesObject } from "./identity.js";
import { indexNeighbours, neighboursOf, type NeighbourIndex } from "./neighbours.js";
import type { ActiveRule } from "./rules.js";
import type { SubjectKind } from "./subject.js";

/** The context of the objects of one file. */
export interface Context {
  /** The part of a request to review `object` that speaks of its surroundings, as far as `needs` asks for it; the cluster is found when it is asked for. */
  readonly of: (object: KubernetesObject, needs: ReadonlySet<Need>) => Pick<ReviewRequest, "namespaceObject" | "inventory">;
  /** The Namespace of that name, where it is known. */
  readonly namespaceNamed: (name: string) => KubernetesObject | undefined;
}

/** The kinds of objects that rules which need these things look at, beside the object under review. */
export function contextKindsFor(rules: readonly Pick<ActiveRule, "needs" | "match">[]): ReadonlySet<SubjectKind> {
  const needs = needsOf(rules);
  if (needs.has("inventory")) return new Set(["workload", "namespace", "networkPolicy"]);
  return new Set(needs.has("namespace") || rules.some(({ match }) => match?.namespaceSelector !== undefined) ? ["namespace"] : []);
}

export function needsOf(rules: readonly Pick<ActiveRule, "needs">[]): ReadonlySet<Need> {
  return new Set(rules.flatMap((rule) => rule.needs));
}

/**
 * Prepares what is the same for all files.
 * @param cluster objects of the cluster beside those of a file, each identity once
 * @param isIndexed whether to give an object only those that can matter to it (neighbours.ts), instead of the whole cluster
 * @returns the context of a file that holds the objects `given`; its own version of an object stands for the cluster's
 */
export function createContexts(cluster: readonly KubernetesObject[], isIndexed = false): (given: readonly KubernetesObject[]) => Context {
  const identities = new Map(cluster.flatMap((object) => pair(identityOf(object), object)));
  const namespaces = namespacesOf(cluster);
  let clusterIndex: NeighbourIndex | undefined;
  return (given) => {
    const own = lastOfEach(given);
    // Made when the first object asks, once a file: engines know a cluster by its list.
    let inventory: readonly KubernetesObject[] | undefined;
    let ownIndex: NeighbourIndex | undefined;
    let ownNamespaces: ReadonlyMap<string, KubernetesObject> | undefined;
    const replaced = new Set(cluster.length === 0 ? [] : own.flatMap((object) => identities.get(identityOf(object) ?? "") ?? []));
    const remaining = (objects: readonly KubernetesObject[]): readonly KubernetesObject[] => (replaced.size === 0 ? objects : objects.filter((object) => !replaced.has(object)));
    const all = (): readonly KubernetesObject[] => (own.length === 0 ? cluster : [...own, ...remaining(cluster)]);
    const near = (object: KubernetesObject): readonly KubernetesObject[] => [
      ...neighboursOf(object, (ownIndex ??= indexNeighbours(own))),
      ...remaining(neighboursOf(object, (clusterIndex ??= indexNeighbours(cluster)))),
    ];
    const namespaceNamed = (name: string): KubernetesObject | undefined => (ownNamespaces ??= namespacesOf(own)).get(name) ?? namespaces.get(name);
    return {
      namespaceNamed,
      of(object, needs) {
        // The name is empty for a Namespace, which lies in none.
        const namespaceObject = needs.has("namespace") ? namespaceNamed(namespaceOf(object)) : undefined;
        const known = namespaceObject === undefined ? {} : { namespaceObject };
        if (!needs.has("inventory")) return known;
        // Most objects are none that a rule would look at the cluster for.
        let neighbours: readonly KubernetesObject[] | undefined;
        return {
          ...known,
          get inventory() {
            return isIndexed ? (neighbours ??= near(object)) : (inventory ??= all());
          },
        };
      },
    };
  };
}

/** Of an object that is there twice the last version stays, as with `kubectl apply`. */
function lastOfEach(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  const last = new Map(objects.map((object) => [identityOf(object) ?? object, object]));
  return last.size === objects.length ? objects : [...last.values()];
}

/** By name. Of one that is there twice the last stays, as with `kubectl apply`. */
function namespacesOf(objects: readonly KubernetesObject[]): ReadonlyMap<string, KubernetesObject> {
  return new Map(objects.filter(isNamespace).flatMap((object) => pair(writtenNameOf(object), object)));
}

/** An entry for an object that has a name. */
function pair(key: string | undefined, object: KubernetesObject): [string, KubernetesObject][] {
  return key === undefined || key === "" ? [] : [[key, object]];
}
