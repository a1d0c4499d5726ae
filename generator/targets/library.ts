import type { Bundle } from "../bundles.js";
import type { CompiledRule } from "../compiled.js";
import type { LibraryRelease } from "../versions.js";
import { admissionPolicyFiles } from "./admission-policy.js";
import { artifactHubFiles } from "./artifact-hub.js";
import { bundleFiles } from "./bundles.js";
import type { Case } from "./cases.js";
import { catalogueFiles } from "./catalogue.js";
import { gatekeeperFiles } from "./gatekeeper.js";
import { isExpressible, type Form } from "./known.js";
import { kustomization } from "./kustomization.js";
import { kyvernoFiles } from "./kyverno-test.js";
import { mutationFiles } from "./mutation.js";
import { readmes } from "./readmes.js";
import { yamlFile, type Files } from "./yaml.js";

/** The folders of the library, and the form of a rule that each of them is for. */
const folders = [
  ["gatekeeper", "gatekeeper-rego"],
  ["kyverno", "validating-policy"],
  ["admission-policy", "admission-policy"],
] as const satisfies readonly (readonly [string, Form])[];

/**
 * Every file of the library, below its folder.
 * @param library what its catalogues say of it; absent where it is not released, which then has none
 */
export function libraryFiles(
  rules: readonly CompiledRule[],
  casesOf: (rule: CompiledRule) => readonly Case[],
  source: string,
  bundles: readonly Bundle[] = [],
  library?: LibraryRelease,
): Files {
  const idsWith = (form: Form): string[] => rules.filter((rule) => isExpressible(rule, form)).map((rule) => rule.meta.id);
  const files = new Map([
    ...rules.flatMap((rule) => {
      const cases = casesOf(rule);
      return [...gatekeeperFiles(rule, cases), ...kyvernoFiles(rule, cases), ...admissionPolicyFiles(rule), ...mutationFiles(rule)];
    }),
    ...folders.map(([folder, form]): [string, string] => [`${folder}/kustomization.yaml`, yamlFile(source, [kustomization(idsWith(form))])]),
    ...bundles.flatMap((bundle) => [...bundleFiles(bundle)]),
    ...readmes(rules, source, bundles),
  ]);
  if (library === undefined) return files;
  return new Map([...files, ...artifactHubFiles(rules, files, library), ...catalogueFiles(rules, bundles, library, source)]);
}
