/** What rules are given beyond the object under review: the Namespace that it lies in, and the other objects of its cluster. */
import type { ReviewRequest } from "../manifest/run.js";
import type { Need } from "../wasm/manifest.js";
import { identityOf, isNamespace, namespaceOf, writtenNameOf, type KubernetesObject } from "./identity.js";
import type { ActiveRule } from "./rules.js";
import type { SubjectKind } from "./subject.js";

/** The context of the objects of one file. */
export interface Context {
  /** The part of a request to review `object` that speaks of its surroundings, as far as `needs` asks for it. */
  readonly of: (object: KubernetesObject, needs: ReadonlySet<Need>) => Pick<ReviewRequest, "namespaceObject" | "inventory">;
}

/** The kinds of objects that rules which need these things look at, beside the object under review. */
export function contextKindsFor(rules: readonly Pick<ActiveRule, "needs">[]): ReadonlySet<SubjectKind> {
  const needs = needsOf(rules);
  if (needs.has("inventory")) return new Set(["workload", "namespace", "networkPolicy"]);
  return new Set(needs.has("namespace") ? ["namespace"] : []);
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
  const known = cluster.map((object) => ({ object, identity: identityOf(object) }));
  return (own) => {
    // Made when the first object asks, once a file: engines know a cluster by its list.
    let inventory: readonly KubernetesObject[] | undefined;
    let namespaces: ReadonlyMap<string, KubernetesObject> | undefined;
    const all = (): readonly KubernetesObject[] => {
      if (own.length === 0) return cluster;
      const identities = new Set(own.map((object) => identityOf(object)));
      return [...own, ...known.filter(({ identity }) => identity === undefined || !identities.has(identity)).map(({ object }) => object)];
    };
    return {
      of(object, needs) {
        if (!needs.has("inventory") && !needs.has("namespace")) return {};
        inventory ??= all();
        // Of a Namespace that a file holds twice the last one stays, as with `kubectl apply`.
        namespaces ??= new Map(inventory.filter(isNamespace).map((each) => [writtenNameOf(each), each]));
        const namespaceObject = needs.has("namespace") && !isNamespace(object) ? namespaces.get(namespaceOf(object)) : undefined;
        return {
          ...(namespaceObject === undefined ? {} : { namespaceObject }),
          ...(needs.has("inventory") ? { inventory } : {}),
        };
      },
    };
  };
}
