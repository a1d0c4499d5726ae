import type { CompiledRule } from "../compiled.js";
import type { Case } from "./cases.js";
import { groupCases } from "./gatekeeper-groups.js";
import { suite, suiteObject } from "./gatekeeper-suite.js";
import { constraint, constraintTemplate } from "./gatekeeper-template.js";
import { EXCLUSION_NOTE } from "./names.js";
import { kustomization } from "./kustomization.js";
import { yamlFile, type Files } from "./yaml.js";

/** The folder of a rule for Gatekeeper, laid out as in gatekeeper-library. Without cases there is no suite. */
export function gatekeeperFiles(rule: CompiledRule, cases: readonly Case[]): Files {
  const { id, file } = rule.meta;
  const groups = groupCases(rule, cases);
  const files = new Map([
    ["template.yaml", yamlFile(file, [constraintTemplate(rule)])],
    ["kustomization.yaml", yamlFile(file, [kustomization(["template.yaml"])])],
  ]);
  if (cases.length > 0) files.set("suite.yaml", yamlFile(file, [suite(rule, groups)]));
  for (const group of groups) {
    const { name, parameters, excludedNamespaces } = group;
    const options = { name, parameters, excludedNamespaces };
    const notes = [{ key: "excludedNamespaces", text: EXCLUSION_NOTE }];
    files.set(group.constraint, yamlFile(file, [constraint(rule, options)], notes));
    for (const entry of group.cases) files.set(entry.file, yamlFile(file, [suiteObject(entry.case)]));
  }
  return new Map([...files].map(([path, text]) => [`gatekeeper/${id}/${path}`, text]));
}
