/** What the programs that run a rule can make of it: the one table that the pages print and that decides which files there are. */
import type { CompiledRule } from "../compiled.js";

/** A kind of policy that the library has, each with files of its own. */
export type Target = "gatekeeper" | "validating-policy" | "cluster-policy" | "admission-policy";

/** What one program can find of a rule. A program, not a language: the same CEL knows more in one than in another. */
export interface Capability {
  readonly runner: string;
  /** The files that it runs; absent for policy-test, which brings its own. */
  readonly target?: Target;
  readonly can: "yes" | "no" | "partly";
  /** What is missing, unless it can find everything. */
  readonly why?: string;
}

const sameObject = "the command line shows the object as its own old one, so no UPDATE ever changes anything";

/** In the order in which a reader asks. */
export function capabilitiesOf(_rule: CompiledRule): readonly Capability[] {
  return [
    { runner: "policy-test", can: "yes" },
    { runner: "Gatekeeper, gator (CEL)", target: "gatekeeper", can: "yes" },
    { runner: "Gatekeeper, gator (Rego)", target: "gatekeeper", can: "yes" },
    { runner: "Kyverno ValidatingPolicy, controller", target: "validating-policy", can: "yes" },
    { runner: "Kyverno ValidatingPolicy, command line", target: "validating-policy", can: "partly", why: sameObject },
    { runner: "Kyverno ClusterPolicy, controller", target: "cluster-policy", can: "yes" },
    { runner: "Kyverno ClusterPolicy, command line", target: "cluster-policy", can: "partly", why: sameObject },
    { runner: "ValidatingAdmissionPolicy", target: "admission-policy", can: "yes" },
  ];
}

/** Whether the library has files of the rule for a target: not where no program that runs them could find anything. */
export function hasArtefact(rule: CompiledRule, target: Target): boolean {
  return capabilitiesOf(rule).some((capability) => capability.target === target && capability.can !== "no");
}

/** Why there are no such files. */
export function whyNoArtefact(rule: CompiledRule, target: Target): string {
  const reasons = capabilitiesOf(rule).flatMap((capability) => (capability.target === target ? [capability.why ?? ""] : []));
  return [...new Set(reasons.filter((reason) => reason !== ""))].join("; ");
}
