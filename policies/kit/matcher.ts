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

/** Whether `matcher` names this kind and name; what it leaves out matches anything. */
function namesIt(matcher: Matcher, kind: string, name: string): boolean {
  return matchesGlob(matcher.kind ?? "*", kind) && matchesGlob(matcher.name ?? "*", name);
}

/** Whether `matcher` names the controller, or what in turn owns it: a Deployment's ReplicaSet, a CronJob's Job. */
function namesController(matcher: Matcher, kind: string, name: string): boolean {
  return (
    namesIt(matcher, kind, name) ||
    (kind === "ReplicaSet" && namesIt(matcher, "Deployment", beforeLast(name, "-"))) ||
    (kind === "Job" && namesIt(matcher, "CronJob", beforeLast(name, "-")))
  );
}

/** Whether `matcher` picks the workload itself or, by kind and name, the controller that owns it. */
export function matches(workload: Workload, pod: Pod, matcher: Matcher): boolean {
  if (!matchesGlob(matcher.namespace ?? "*", workload.namespace)) return false;
  if (!matchesGlob(matcher.serviceAccountName ?? "*", pod.serviceAccountName)) return false;
  return (
    namesIt(matcher, workload.kind, nameOf(workload)) ||
    workload.owners.some((owner) => owner.controller && namesController(matcher, owner.kind, owner.name))
  );
}
