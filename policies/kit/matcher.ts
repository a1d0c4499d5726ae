import { beforeLast, trimPrefix, trimSuffix } from "./intrinsics.js";
import { nameOf } from "./names.js";
import type { Pod, Workload } from "./view.js";

/**
 * Picks workloads by who they are. Every given field must match; `*` may stand first or last.
 * @minProperties 1
 */
export interface Matcher {
  /** Namespace of the workload. */
  namespace?: string;
  /** Kind of the workload or of the controller that owns it. */
  kind?: string;
  /** Name of the workload or of the controller that owns it. */
  name?: string;
  /** spec.serviceAccountName of the Pod; `default` where unset. */
  serviceAccountName?: string;
}

/** Whether `pattern`, in which `*` may stand first or last, fits `value`. */
export function matchesGlob(pattern: string, value: string): boolean {
  const fixed = trimPrefix(trimSuffix(pattern, "*"), "*");
  if (pattern.startsWith("*") && pattern.endsWith("*")) return value.includes(fixed);
  if (pattern.startsWith("*")) return value.endsWith(fixed);
  if (pattern.endsWith("*")) return value.startsWith(fixed);
  return value === pattern;
}

/** Who a workload is, or who made it. */
interface Identity {
  kind: string;
  name: string;
}

/** The workload itself, the controllers that own it, and what in turn owns these: a Deployment's ReplicaSet, a CronJob's Job. */
function identities(workload: Workload): Identity[] {
  const controllers = workload.owners.filter((owner) => owner.controller);
  return [
    { kind: workload.kind, name: nameOf(workload) },
    ...controllers.map((owner) => ({ kind: owner.kind, name: owner.name })),
    ...controllers
      .filter((owner) => owner.kind === "ReplicaSet")
      .map((owner) => ({ kind: "Deployment", name: beforeLast(owner.name, "-") })),
    ...controllers
      .filter((owner) => owner.kind === "Job")
      .map((owner) => ({ kind: "CronJob", name: beforeLast(owner.name, "-") })),
  ];
}

/** Whether the matcher names anything: one that does not must pick nobody. */
export function isGiven(matcher: Matcher): boolean {
  const given = [matcher.namespace ?? "", matcher.kind ?? "", matcher.name ?? "", matcher.serviceAccountName ?? ""];
  return given.some((text) => text !== "");
}

/** Whether `matcher` picks the workload itself or, by kind and name, what it was made by; what it leaves out matches anything. */
export function matches(workload: Workload, pod: Pod, matcher: Matcher): boolean {
  return (
    matchesGlob(matcher.namespace ?? "*", workload.namespace) &&
    matchesGlob(matcher.serviceAccountName ?? "*", pod.serviceAccountName) &&
    identities(workload).some(
      (identity) => matchesGlob(matcher.kind ?? "*", identity.kind) && matchesGlob(matcher.name ?? "*", identity.name),
    )
  );
}
