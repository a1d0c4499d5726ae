import type { CompiledRule } from "../compiled.js";
import { isObject } from "../schema/json.js";
import { clusterOf, type Case } from "./cases.js";
import { groupCases, inventoryFile } from "./gatekeeper-groups.js";
import { suite, suiteObject } from "./gatekeeper-suite.js";
import { constraint, constraintTemplate } from "./gatekeeper-template.js";
import { needsAccess, syncSet } from "./known.js";
import { EXCLUSION_NOTE } from "./names.js";
import { kustomization } from "./kustomization.js";
import { yamlFile, type Files } from "./yaml.js";

/** The folder of a rule for Gatekeeper, laid out as in gatekeeper-library. Without cases there is no suite. */
export function gatekeeperFiles(rule: CompiledRule, cases: readonly Case[]): Files {
  const { id, file } = rule.meta;
  const groups = groupCases(rule, cases);
  const files = new Map([
    ["template.yaml", yamlFile(file, [constraintTemplate(rule)])],
    ["kustomization.yaml", yamlFile(file, [kustomization(["template.yaml", ...(needsAccess(rule) ? ["syncset.yaml"] : [])])])],
  ]);
  if (needsAccess(rule)) files.set("syncset.yaml", yamlFile(file, [syncSet(rule)]));
  if (cases.length > 0) files.set("suite.yaml", yamlFile(file, [suite(rule, groups)]));
  for (const group of groups) {
    const { name, parameters, excludedNamespaces } = group;
    const options = { name, parameters, excludedNamespaces };
    const notes = [{ key: "excludedNamespaces", text: EXCLUSION_NOTE }];
    files.set(group.constraint, yamlFile(file, [constraint(rule, options)], notes));
    for (const entry of group.cases) {
      files.set(entry.file, yamlFile(file, [suiteObject(entry.case)]));
      const cluster = clusterOf(entry.case.request).filter(isObject);
      if (cluster.length > 0) files.set(inventoryFile(entry.file), yamlFile(file, cluster));
    }
  }
  return new Map([...files].map(([path, text]) => [`gatekeeper/${id}/${path}`, text]));
}
