/**
 * What a program cannot be asked, and why: the one table of it. Cases that need it are skipped there, by this name, and so are all
 * cases of a rule that has no form for the program.
 */
import type { Form } from "../../generator/targets/known.js";
import { isReviewable } from "../../manifest/view.js";
import type { RuleCase } from "../cases.js";
import { compiledRule } from "../compiled.js";
import type { RunnerName } from "./runner.js";

/** What a case needs of a program beyond an object and parameters. */
export const needs = {
  oldObject: ({ request }: RuleCase): boolean => request.oldObject !== undefined,
  "an object of a kind that the rule does not review": ({ rule, request }: RuleCase): boolean => !isReviewable(request.object, compiledRule(rule).meta.reviews),
  // What a rule looks for is asked for even where a case has none: a program that has something else to show shows that.
  "the Namespace": ({ rule }: RuleCase): boolean => compiledRule(rule).needs.includes("namespace"),
  "other objects": ({ rule, request }: RuleCase): boolean => request.inventory !== undefined || compiledRule(rule).needs.includes("inventory"),
} satisfies Record<string, (one: RuleCase) => boolean>;
export type Need = keyof typeof needs;

export interface Gap {
  readonly runner: RunnerName;
  readonly need: Need;
  /** The rule that as a whole cannot be said without it, and so has no form for the program; absent where single cases need it. */
  readonly rule?: string;
  readonly reason: string;
}

/** The form of a rule that each program is given. */
export const forms: Readonly<Record<RunnerName, Form>> = {
  opa: "gatekeeper-rego",
  "gator with Rego": "gatekeeper-rego",
  "gator with CEL": "gatekeeper-cel",
  "kyverno with ValidatingPolicy": "validating-policy",
  "kyverno with ClusterPolicy": "cluster-policy",
};

const sameObject = "the CLI takes one object and shows it as the old one too, so nothing ever differs";
const namedKinds = "the policy names the kinds that the rule reviews, so no other object reaches its CEL";
const regoAlone = "gator's CEL is given neither Namespace nor cluster, so the template of the rule holds Rego alone";
const noCluster = "a ClusterPolicy cannot list objects of the cluster in CEL, so there is none of the rule";

export const gaps: readonly Gap[] = [
  { runner: "gator with CEL", need: "other objects", rule: "host-network-network-policy", reason: regoAlone },
  { runner: "gator with CEL", need: "the Namespace", rule: "host-network-pod-security", reason: regoAlone },
  { runner: "gator with CEL", need: "other objects", rule: "host-network-shared-port", reason: regoAlone },
  { runner: "kyverno with ClusterPolicy", need: "other objects", rule: "host-network-network-policy", reason: noCluster },
  { runner: "kyverno with ClusterPolicy", need: "other objects", rule: "host-network-shared-port", reason: noCluster },
  { runner: "kyverno with ValidatingPolicy", need: "oldObject", reason: sameObject },
  { runner: "kyverno with ClusterPolicy", need: "oldObject", reason: sameObject },
  { runner: "kyverno with ValidatingPolicy", need: "an object of a kind that the rule does not review", reason: namedKinds },
  { runner: "kyverno with ClusterPolicy", need: "an object of a kind that the rule does not review", reason: namedKinds },
  {
    runner: "kyverno with ValidatingPolicy",
    need: "other objects",
    reason: "the CLI's cluster lists one namespace at a time, and fails for kinds of which it holds no object; kyverno-cluster.test.ts asks what it can",
  },
  { runner: "kyverno with ClusterPolicy", need: "the Namespace", reason: "the CLI shows a ClusterPolicy a Namespace without labels for every object" },
];

/** Why `runner` cannot be asked about a case; undefined where it can. */
export function gapOf(runner: RunnerName, one: RuleCase): Gap | undefined {
  return gaps.find((gap) => gap.runner === runner && (gap.rule === undefined ? needs[gap.need](one) : gap.rule === one.rule));
}
