import type { Bundle } from "../bundles.js";
import type { CompiledRule } from "../compiled.js";
import { admissionPolicyFiles } from "./admission-policy.js";
import { bundleFiles } from "./bundles.js";
import type { Case } from "./cases.js";
import { gatekeeperFiles } from "./gatekeeper.js";
import { kustomization } from "./kustomization.js";
import { kyvernoFiles } from "./kyverno-test.js";
import { readmes } from "./readmes.js";
import { yamlFile, type Files } from "./yaml.js";

/** Every file of the library, below its folder. */
export function libraryFiles(
  rules: readonly CompiledRule[],
  casesOf: (rule: CompiledRule) => readonly Case[],
  source: string,
  bundles: readonly Bundle[] = [],
): Files {
  const ids = rules.map((rule) => rule.meta.id);
  return new Map([
    ...rules.flatMap((rule) => {
      const cases = casesOf(rule);
      return [...gatekeeperFiles(rule, cases), ...kyvernoFiles(rule, cases), ...admissionPolicyFiles(rule)];
    }),
    ...["gatekeeper", "kyverno", "admission-policy"].map((folder): [string, string] => [
      `${folder}/kustomization.yaml`,
      yamlFile(source, [kustomization(ids)]),
    ]),
    ...bundles.flatMap((bundle) => [...bundleFiles(bundle)]),
    ...readmes(rules, source, bundles),
  ]);
}
