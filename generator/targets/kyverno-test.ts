import type { CompiledRule } from "../compiled.js";
import { clusterPolicy, validatingPolicy } from "./kyverno.js";
import type { Case } from "./cases.js";
import { isExpressible, kyvernoRole } from "./known.js";
import { kustomization } from "./kustomization.js";
import { chainsawPlan, chainsawTest, contextFiles } from "./kyverno-chainsaw.js";
import { outcomesOf } from "./kyverno-resources.js";
import { excludedNamespacesOf, EXCLUSION_NOTE } from "./names.js";
import { yamlFile, type Files, type Note } from "./yaml.js";

/** The two kinds of policy, each with its folder below the rule's. */
const forms = [
  { form: "validating-policy", folder: "", root: "", policy: validatingPolicy, isValidatingPolicy: true },
  { form: "cluster-policy", folder: "cluster-policy/", root: "../", policy: clusterPolicy, isValidatingPolicy: false },
] as const;

/** The folder that kyverno/policies keeps such tests in. */
const CHAINSAW = ".chainsaw-test";

/** The folder of a rule for Kyverno. Without cases there are no tests. */
export function kyvernoFiles(rule: CompiledRule, cases: readonly Case[]): Files {
  const { id, file } = rule.meta;
  const root = `kyverno/${id}`;
  const excludedNamespaces = excludedNamespacesOf(rule.meta);
  const subject = rule.meta.reviews === "namespaces" ? "Namespace" : "Pod";
  const notes: Note[] = [
    { key: "namespaceSelector", text: EXCLUSION_NOTE },
    { key: "exclude", text: EXCLUSION_NOTE },
  ];
  const outcomes = outcomesOf(rule, cases);
  const plan = chainsawPlan(rule, cases, outcomes);
  const files = new Map<string, string>();
  for (const { name, objects } of outcomes) files.set(`${root}/resources/${name}.yaml`, yamlFile(file, objects));
  if (plan !== undefined) for (const [name, objects] of contextFiles(plan)) files.set(`${root}/${CHAINSAW}/${name}`, yamlFile(file, objects));
  const role = kyvernoRole(rule);
  for (const form of forms.filter((each) => isExpressible(rule, each.form))) {
    const folder = `${root}/${form.folder}`;
    files.set(`${folder}${id}.yaml`, yamlFile(file, [form.policy(rule, { excludedNamespaces })], notes));
    // Kustomize takes no file from outside of its folder, so each form has the role.
    if (role !== undefined) files.set(`${folder}role.yaml`, yamlFile(file, [role]));
    files.set(`${folder}kustomization.yaml`, yamlFile(file, [kustomization([`${id}.yaml`, ...(role === undefined ? [] : ["role.yaml"])])]));
    if (outcomes.length > 0) {
      const tests = outcomes.map((outcome) => ({
        apiVersion: "cli.kyverno.io/v1alpha1",
        kind: "Test",
        metadata: { name: `${id}-${outcome.name}` },
        policies: [`${id}.yaml`],
        resources: [`${form.root}resources/${outcome.name}.yaml`],
        // No resource is named, so the result is asked of each, nameless ones too.
        results: [
          form.isValidatingPolicy
            ? { policy: id, isValidatingPolicy: true, kind: subject, result: outcome.result }
            : { policy: id, rule: id, kind: subject, result: outcome.result },
        ],
      }));
      files.set(`${folder}kyverno-test.yaml`, yamlFile(file, tests));
    }
    if (plan !== undefined) {
      const test = chainsawTest(rule, plan, {
        name: form.isValidatingPolicy ? id : `${id}-${form.form}`,
        resources: `../${form.root}resources`,
        shared: form.isValidatingPolicy ? "" : `../../${CHAINSAW}/`,
        hasRole: role !== undefined,
        isValidatingPolicy: form.isValidatingPolicy,
      });
      files.set(`${folder}${CHAINSAW}/chainsaw-test.yaml`, yamlFile(file, [test]));
    }
  }
  return files;
}
