import type { Bundle } from "../bundles.js";
import type { CompiledRule } from "../compiled.js";
import { isExpressible } from "./known.js";
import { mutatingClusterPolicy, mutatingRule } from "./mutation.js";
import { kindOf } from "./names.js";
import { render } from "./render.js";
import type { Files } from "./yaml.js";

const folders = [
  ["gatekeeper", "gatekeeper-rego"],
  ["kyverno", "validating-policy"],
  ["admission-policy", "admission-policy"],
] as const;

/** The page of each library folder that says how to install what lies there. */
export function readmes(rules: readonly CompiledRule[], source: string, bundles: readonly Bundle[]): Files {
  const mutations = rules.flatMap((rule) => mutatingRule(rule) ?? []).map((mutating) => ({
    id: mutating.rule.meta.id,
    title: mutating.title,
    clusterPolicy: mutatingClusterPolicy(mutating) !== undefined,
  }));
  return new Map(
    folders.map(([folder, form]) => {
      const rows = rules.filter((rule) => isExpressible(rule, form)).map(({ meta }) => ({ ...meta, kind: kindOf(meta.id) }));
      const missing = rules.filter((rule) => !isExpressible(rule, form)).map(({ meta }) => meta.id);
      return [`${folder}/README.md`, render(`${folder}-readme`, { source, rules: rows, missing, mutations, bundles })];
    }),
  );
}
