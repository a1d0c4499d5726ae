import type { Enforcement } from "../../policies/kit/rule.js";
import type { RuleMeta } from "../compiled.js";

export { kindOf } from "../../manifest/constraint-kind.js";

/** A text as a file name or as the name of a Kubernetes object: lower case, words joined by `-`. */
export function kebab(text: string): string {
  return text
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

/** `name`, or with a number behind it where it is in `taken`; adds the result to `taken`. */
export function unique(name: string, taken: Set<string>): string {
  let candidate = name;
  for (let number = 2; taken.has(candidate); number++) candidate = `${name}-${String(number)}`;
  taken.add(candidate);
  return candidate;
}

/** What `metadata.gatekeeper.sh/version` says of a rule that was not released yet: the version that it will come out with. */
export const FIRST_VERSION = "1.0.0";

/** What an enforcement is called by each engine. */
export const enforcements = {
  deny: { gatekeeper: "deny", validationActions: ["Deny"], clusterPolicy: "Enforce" },
  warn: { gatekeeper: "warn", validationActions: ["Warn", "Audit"], clusterPolicy: "Audit" },
} as const satisfies Record<Enforcement, object>;

/** Rules on workloads that deny leave this namespace alone: the rightful users of the node's network and ports live there. */
export const EXCLUDED_NAMESPACE = "kube-system";

export const excludedNamespacesOf = ({ enforcement, reviews }: Pick<RuleMeta, "enforcement" | "reviews">): readonly string[] =>
  enforcement === "deny" && reviews === "workloads" ? [EXCLUDED_NAMESPACE] : [];

export const EXCLUSION_NOTE =
  "The components of the cluster itself, which rightfully use the node's network, live here. Remove it to review them too.";
