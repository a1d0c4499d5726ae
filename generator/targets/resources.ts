/** The kinds that a rule reviews as the match blocks of the engines. */
import type { Reviews } from "../../policies/kit/view.js";
import { apiVersionOf, namespaceKind, workloadKinds, type ObjectKind, type WorkloadKind } from "../../policies/kit/workload-kinds.js";

const reviewedKinds: Readonly<Record<Reviews, readonly ObjectKind[]>> = { workloads: workloadKinds, namespaces: [namespaceKind] };

function byGroup<Kind extends ObjectKind>(kinds: readonly Kind[]): [string, readonly Kind[]][] {
  const groups = [...new Set(kinds.map((kind) => kind.group))];
  return groups.map((group) => [group, kinds.filter((kind) => kind.group === group)]);
}

/** `match.kinds` of a Constraint. */
export function matchKinds(reviews: Reviews): object[] {
  return byGroup(reviewedKinds[reviews]).map(([group, kinds]) => ({ apiGroups: [group], kinds: kinds.map((kind) => kind.kind) }));
}

/**
 * `resourceRules` of an admission policy, one for each API group. Ephemeral containers are added to a Pod through a
 * subresource of its own.
 * @param isWanted which of the kinds; all by default
 */
export function resourceRules(reviews: Reviews, isWanted: (kind: ObjectKind) => boolean = () => true): object[] {
  return byGroup(reviewedKinds[reviews].filter(isWanted)).map(([group, kinds]) => ({
    apiGroups: [group],
    apiVersions: [...new Set(kinds.map((kind) => kind.version))],
    operations: ["CREATE", "UPDATE"],
    resources: [...kinds.map((kind) => kind.resource), ...(kinds.some(({ kind }) => kind === "Pod") ? ["pods/ephemeralcontainers"] : [])],
  }));
}

/** What a mutation may happen in: a template that cannot change is only ever changed when it is created. */
export function mutationOperations(kind: WorkloadKind): readonly string[] {
  return kind.isFrozen ? ["CREATE"] : ["CREATE", "UPDATE"];
}

/** `resourceRules` of a policy that changes pod templates. */
export function mutationResourceRules(): object[] {
  return byGroup(workloadKinds).flatMap(([group, kinds]) =>
    [true, false].flatMap((isFrozen) => {
      const [first, ...others] = kinds.filter((kind) => kind.isFrozen === isFrozen);
      if (first === undefined) return [];
      const all = [first, ...others];
      return [{ apiGroups: [group], apiVersions: [...new Set(all.map((kind) => kind.version))], operations: mutationOperations(first), resources: all.map((kind) => kind.resource) }];
    }),
  );
}

/** `resources.kinds` of a ClusterPolicy: `v1/Pod`, `apps/v1/Deployment`. */
export const groupVersionKinds = (reviews: Reviews): string[] => reviewedKinds[reviews].map(groupVersionKind);

/** A kind as a ClusterPolicy names it. */
export const groupVersionKind = (kind: ObjectKind): string => `${apiVersionOf(kind)}/${kind.kind}`;
