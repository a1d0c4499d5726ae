/** What the programs that run a rule can make of it: what the pages print. */
import type { Need } from "../../policies/kit/view.js";
import type { CompiledRule } from "../compiled.js";
import { isExpressible, knownTo, needNames, type Form } from "./known.js";

/** A kind of policy that the library has, each with files of its own. */
export type Target = "gatekeeper" | "validating-policy" | "cluster-policy" | "admission-policy";

/** What one program can find of a rule. A program, not a language: the same CEL knows more in one than in another. */
export interface Capability {
  readonly runner: string;
  readonly can: "yes" | "no" | "partly";
  /** What is missing, unless it can find everything. */
  readonly why?: string;
}

interface Runner {
  readonly runner: string;
  /** Absent for policy-test, to which everything can be given. */
  readonly form?: Form;
  /** What the program knows, where that is less than the form could be told. */
  readonly known?: ReadonlySet<Need>;
}

/** In the order in which a reader asks. */
const runners: readonly Runner[] = [
  { runner: "policy-test" },
  { runner: "Gatekeeper, gator (Rego)", form: "gatekeeper-rego" },
  { runner: "Gatekeeper, gator (CEL)", form: "gatekeeper-cel" },
  { runner: "Kyverno ValidatingPolicy, controller", form: "validating-policy" },
  // It shows the object as its own old one, takes labels from a values file, and lists one Namespace of its fake cluster at a time.
  { runner: "Kyverno ValidatingPolicy, command line", form: "validating-policy", known: new Set(["namespace"]) },
  { runner: "Kyverno ClusterPolicy, controller", form: "cluster-policy" },
  { runner: "Kyverno ClusterPolicy, command line", form: "cluster-policy", known: new Set() },
  { runner: "ValidatingAdmissionPolicy", form: "admission-policy" },
];

export function capabilitiesOf(rule: CompiledRule): readonly Capability[] {
  return runners.map((runner): Capability => ({ runner: runner.runner, ...capabilityOf(rule, runner) }));
}

const words = { whole: "yes", part: "partly", none: "no" } as const;

function capabilityOf(rule: CompiledRule, { form, known: given }: Runner): Omit<Capability, "runner"> {
  if (form === undefined) return { can: "yes" };
  if (!isExpressible(rule, form) && form !== "gatekeeper-cel") return { can: "no", why: missing(rule, knownTo[form]) };
  const known = given ?? knownTo[form];
  const can = rule.expressible(known);
  // A template with both languages runs its CEL alone, so there is CEL for the whole of a rule or none.
  if (form === "gatekeeper-cel" && can !== "whole") return { can: "no", why: `${missing(rule, known)}; the template holds the rule as Rego alone` };
  if (can !== "whole") return { can: words[can], why: missing(rule, known) };
  return known.has("oldObject") ? { can: "yes" } : { can: "partly", why: "the command line shows the object as its own old one, so no UPDATE ever changes anything" };
}

function missing(rule: CompiledRule, known: ReadonlySet<Need>): string {
  const names = rule.needs.filter((need) => !known.has(need)).map((need) => needNames[need]);
  return `does not see ${names.join(" and ")}`;
}

const forms = {
  gatekeeper: "gatekeeper-rego",
  "validating-policy": "validating-policy",
  "cluster-policy": "cluster-policy",
  "admission-policy": "admission-policy",
} as const satisfies Record<Target, Form>;

/** Whether the library has files of the rule for a target: not where no program that runs them could find anything. */
export const hasArtefact = (rule: CompiledRule, target: Target): boolean => isExpressible(rule, forms[target]);

/** Why there are no such files. */
export const whyNoArtefact = (rule: CompiledRule, target: Target): string => missing(rule, knownTo[forms[target]]);
