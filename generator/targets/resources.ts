/** The kinds that a rule reviews as the match blocks of the engines. */
import type { Reviews } from "../../policies/kit/view.js";
import { apiVersionOf, namespaceKind, workloadKinds, type ObjectKind } from "../../policies/kit/workload-kinds.js";

const reviewedKinds: Readonly<Record<Reviews, readonly ObjectKind[]>> = { workloads: workloadKinds, namespaces: [namespaceKind] };

function byGroup(reviews: Reviews): [string, readonly ObjectKind[]][] {
  const kinds = reviewedKinds[reviews];
  const groups = [...new Set(kinds.map((kind) => kind.group))];
  return groups.map((group) => [group, kinds.filter((kind) => kind.group === group)]);
}

/** `match.kinds` of a Constraint. */
export function matchKinds(reviews: Reviews): object[] {
  return byGroup(reviews).map(([group, kinds]) => ({ apiGroups: [group], kinds: kinds.map((kind) => kind.kind) }));
}

/**
 * `resourceRules` of an admission policy, one for each API group. Ephemeral containers are added to a Pod through a
 * subresource of its own.
 */
export function resourceRules(reviews: Reviews): object[] {
  const subresources = reviews === "workloads" ? ["pods/ephemeralcontainers"] : [];
  return byGroup(reviews).map(([group, kinds]) => ({
    apiGroups: [group],
    apiVersions: [...new Set(kinds.map((kind) => kind.version))],
    operations: ["CREATE", "UPDATE"],
    resources: [...kinds.map((kind) => kind.resource), ...(group === "" ? subresources : [])],
  }));
}

/** `resources.kinds` of a ClusterPolicy: `v1/Pod`, `apps/v1/Deployment`. */
export function groupVersionKinds(reviews: Reviews): string[] {
  return reviewedKinds[reviews].map((kind) => `${apiVersionOf(kind)}/${kind.kind}`);
}
