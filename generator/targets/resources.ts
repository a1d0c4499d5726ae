/** The nine workload kinds as the match blocks of the engines. */
import { apiPrefix, workloadKinds, type WorkloadKind } from "../../policies/kit/workload-kinds.js";

function byGroup(): [string, readonly WorkloadKind[]][] {
  const groups = [...new Set(workloadKinds.map((kind) => kind.group))];
  return groups.map((group) => [group, workloadKinds.filter((kind) => kind.group === group)]);
}

/** `match.kinds` of a Constraint. */
export function matchKinds(): object[] {
  return byGroup().map(([group, kinds]) => ({ apiGroups: [group], kinds: kinds.map((kind) => kind.kind) }));
}

/**
 * `resourceRules` of an admission policy, one for each API group. Ephemeral containers are added to a Pod through a
 * subresource of its own.
 */
export function resourceRules(subresources: readonly string[] = []): object[] {
  return byGroup().map(([group, kinds]) => ({
    apiGroups: [group],
    apiVersions: [...new Set(kinds.map((kind) => kind.version))],
    operations: ["CREATE", "UPDATE"],
    resources: [...kinds.map((kind) => kind.resource), ...(group === "" ? subresources : [])],
  }));
}

/** What a mutation may happen in: a template that cannot change is only ever changed when it is created. */
export function mutationOperations(kind: WorkloadKind): readonly string[] {
  return kind.isFrozen ? ["CREATE"] : ["CREATE", "UPDATE"];
}

/** `resourceRules` of a policy that changes pod templates. */
export function mutationResourceRules(): object[] {
  return byGroup().flatMap(([group, kinds]) =>
    [true, false].flatMap((isFrozen) => {
      const [first, ...others] = kinds.filter((kind) => kind.isFrozen === isFrozen);
      if (first === undefined) return [];
      const all = [first, ...others];
      return [{ apiGroups: [group], apiVersions: [...new Set(all.map((kind) => kind.version))], operations: mutationOperations(first), resources: all.map((kind) => kind.resource) }];
    }),
  );
}

/** `resources.kinds` of a ClusterPolicy: `v1/Pod`, `apps/v1/Deployment`. */
export function groupVersionKinds(kinds: readonly WorkloadKind[] = workloadKinds): string[] {
  return kinds.map((kind) =>
    kind.group === "" ? `${kind.version}/${kind.kind}` : `${apiPrefix(kind)}/${kind.version}/${kind.kind}`,
  );
}
