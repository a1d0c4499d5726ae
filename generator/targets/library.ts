import type { CompiledRule } from "../compiled.js";
import { admissionPolicyFiles } from "./admission-policy.js";
import type { Case } from "./cases.js";
import { gatekeeperFiles } from "./gatekeeper.js";
import { kustomization } from "./kustomization.js";
import { kyvernoFiles } from "./kyverno-test.js";
import { mutationFiles } from "./mutation.js";
import { readmes } from "./readmes.js";
import { yamlFile, type Files } from "./yaml.js";

/** Every file of the library, below its folder. */
export function libraryFiles(
  rules: readonly CompiledRule[],
  casesOf: (rule: CompiledRule) => readonly Case[],
  source: string,
): Files {
  const ids = rules.map((rule) => rule.meta.id);
  return new Map([
    ...rules.flatMap((rule) => {
      const cases = casesOf(rule);
      return [...gatekeeperFiles(rule, cases), ...kyvernoFiles(rule, cases), ...admissionPolicyFiles(rule), ...mutationFiles(rule)];
    }),
    ...["gatekeeper", "kyverno", "admission-policy"].map((folder): [string, string] => [
      `${folder}/kustomization.yaml`,
      yamlFile(source, [kustomization(ids)]),
    ]),
    ...readmes(rules, source),
  ]);
}
