/** What a program cannot be asked, and why: the one table of it. Cases that need it are skipped there, by this name. */
import { workloadKindOf } from "../../manifest/view.js";
import type { RuleCase } from "../cases.js";
import type { RunnerName } from "./runner.js";

/** What a case needs of a program beyond an object and parameters. */
export const needs = {
  oldObject: ({ request }: RuleCase): boolean => request.oldObject !== undefined,
  "an object that is no workload": ({ request }: RuleCase): boolean => workloadKindOf(request.object) === undefined,
} satisfies Record<string, (one: RuleCase) => boolean>;
export type Need = keyof typeof needs;

export interface Gap {
  readonly runner: RunnerName;
  readonly need: Need;
  readonly reason: string;
}

const sameObject = "the CLI takes one object and shows it as the old one too, so nothing ever differs";
const namedKinds = "the policy names the workload kinds, so no other object reaches its CEL";

export const gaps: readonly Gap[] = [
  { runner: "kyverno with ValidatingPolicy", need: "oldObject", reason: sameObject },
  { runner: "kyverno with ClusterPolicy", need: "oldObject", reason: sameObject },
  { runner: "kyverno with ValidatingPolicy", need: "an object that is no workload", reason: namedKinds },
  { runner: "kyverno with ClusterPolicy", need: "an object that is no workload", reason: namedKinds },
];

/** Why `runner` cannot be asked about a case; undefined where it can. */
export function gapOf(runner: RunnerName, one: RuleCase): Gap | undefined {
  return gaps.find((gap) => gap.runner === runner && needs[gap.need](one));
}
