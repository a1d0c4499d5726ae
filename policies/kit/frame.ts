/**
 * What stands around the `check` of every rule, in every engine: which requests are reviewed, who is
 * exempt, and the bounds on an object's lists. The compiler puts the same steps around the compiled rule
 * (generator/ir/frame.ts); the functions here that speak of view records are compiled from this source.
 */
import { defaultLimits, type Pod, type Workload } from "./view.js";
import type { LimitName, Limits } from "./fields.js";
import type { Matcher } from "./matcher.js";
import { matches } from "./matcher.js";
import { sum } from "./intrinsics.js";

/** Whether one of the rule's `exempt` entries picks the workload. */
export function isExempt(workload: Workload, pod: Pod, exempt: readonly Matcher[]): boolean {
  return exempt.some((matcher) => matches(workload, pod, matcher));
}

export function countContainers(pod: Pod): number {
  return pod.containers.length;
}

export function countPorts(pod: Pod): number {
  return sum(pod.containers.map((container) => container.ports.length));
}

export function countEnv(pod: Pod): number {
  return sum(pod.containers.map((container) => container.env.length));
}

export function countCommand(pod: Pod): number {
  return sum(pod.containers.map((container) => container.command.length));
}

export function countArgs(pod: Pod): number {
  return sum(pod.containers.map((container) => container.args.length));
}

export function countVolumes(pod: Pod): number {
  return pod.volumes.length;
}

export function countVolumeMounts(pod: Pod): number {
  return sum(pod.containers.map((container) => container.volumeMounts.length));
}

/** How elements are counted, by the names that the compiler reads their source by. */
export const counters = { countContainers, countPorts, countEnv, countCommand, countArgs, countVolumes, countVolumeMounts };

/** A bound on a list: the fields of the view that it bounds, and how their elements are counted. */
export interface Bound {
  readonly limit: LimitName;
  /** The bound applies to a rule that reads this field. */
  readonly reads: { readonly record: "Pod" | "Container"; readonly field: string };
  /** What the message calls the elements. */
  readonly elements: string;
  readonly count: keyof typeof counters;
}

/** The bounds, in the order in which they are checked. */
export const bounds: readonly Bound[] = [
  { limit: "containers", reads: { record: "Pod", field: "containers" }, elements: "containers", count: "countContainers" },
  { limit: "ports", reads: { record: "Container", field: "ports" }, elements: "declared ports", count: "countPorts" },
  { limit: "env", reads: { record: "Container", field: "env" }, elements: "environment variables", count: "countEnv" },
  { limit: "arguments", reads: { record: "Container", field: "command" }, elements: "command entries", count: "countCommand" },
  { limit: "arguments", reads: { record: "Container", field: "args" }, elements: "arguments", count: "countArgs" },
  { limit: "volumes", reads: { record: "Pod", field: "volumes" }, elements: "volumes", count: "countVolumes" },
  { limit: "volumeMounts", reads: { record: "Container", field: "volumeMounts" }, elements: "volume mounts", count: "countVolumeMounts" },
];

/** The bound on a rule's list: its own where it sets one, else the view's. */
export function limitOf(limit: LimitName, limits: Partial<Limits> = {}): number {
  return limits[limit] ?? defaultLimits[limit];
}

/** The finding where an object has more than `limit` elements. */
export function excessMessage(elements: string, limit: number): string {
  return `more than ${String(limit)} ${elements} are too many for this rule to review, so it denies rather than pass them unseen; split the workload, or exempt it after a review`;
}

/** Longest text of findings, in bytes, that is shown; beyond it CEL engines show `tooLongMessage`. */
export const MAX_TEXT_BYTES = 4000;

/** The one message that stands for findings whose texts pass MAX_TEXT_BYTES together. */
export function tooLongMessage(id: string): string {
  return `${id}: more findings than one message holds; run policy-test on the manifest to see each of them`;
}
