/** What rules are given beyond the object under review: the Namespace that it lies in, and the other objects of its cluster. */
import type { ReviewRequest } from "../manifest/run.js";
import type { Need } from "../policies/kit/view.js";
import { identityOf, isNamespace, namespaceOf, writtenNameOf, type KubernetesObject } from "./identity.js";
import type { ActiveRule } from "./rules.js";
import type { SubjectKind } from "./subject.js";

/** The context of the objects of one file. */
export interface Context {
  /** The part of a request to review `object` that speaks of its surroundings, as far as `needs` asks for it. */
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
 * @returns the context of a file that holds the objects `own`; its own version of an object stands for the cluster's
 */
export function createContexts(cluster: readonly KubernetesObject[]): (own: readonly KubernetesObject[]) => Context {
  const identities = new Map(cluster.flatMap((object) => pair(identityOf(object), object)));
  const namespaces = namespacesOf(cluster);
  return (own) => {
    // Made when the first object asks, once a file: engines know a cluster by its list.
    let inventory: readonly KubernetesObject[] | undefined;
    let ownNamespaces: ReadonlyMap<string, KubernetesObject> | undefined;
    const all = (): readonly KubernetesObject[] => {
      if (own.length === 0) return cluster;
      const replaced = new Set(own.flatMap((object) => identities.get(identityOf(object) ?? "") ?? []));
      return [...own, ...(replaced.size === 0 ? cluster : cluster.filter((object) => !replaced.has(object)))];
    };
    const namespaceNamed = (name: string): KubernetesObject | undefined => (ownNamespaces ??= namespacesOf(own)).get(name) ?? namespaces.get(name);
    return {
      namespaceNamed,
      of(object, needs) {
        // The name is empty for a Namespace, which lies in none.
        const namespaceObject = needs.has("namespace") ? namespaceNamed(namespaceOf(object)) : undefined;
        return {
          ...(namespaceObject === undefined ? {} : { namespaceObject }),
          ...(needs.has("inventory") ? { inventory: (inventory ??= all()) } : {}),
        };
      },
    };
  };
}

/** By name. Of one that is there twice the last stays, as with `kubectl apply`. */
function namespacesOf(objects: readonly KubernetesObject[]): ReadonlyMap<string, KubernetesObject> {
  return new Map(objects.filter(isNamespace).flatMap((object) => pair(writtenNameOf(object), object)));
}

/** An entry for an object that has a name. */
function pair(key: string | undefined, object: KubernetesObject): [string, KubernetesObject][] {
  return key === undefined || key === "" ? [] : [[key, object]];
}
