import { isReviewable } from "../../manifest/view.js";
import type { CompiledRule } from "../compiled.js";
import { clusterPolicy, validatingPolicy } from "./kyverno.js";
import { clusterOf, namespaceOf, objectNameOf, type Case } from "./cases.js";
import { isExpressible, kyvernoRole } from "./known.js";
import { kustomization } from "./kustomization.js";
import { excludedNamespacesOf, EXCLUSION_NOTE } from "./names.js";
import { yamlFile, type Files, type Note } from "./yaml.js";

/** The two kinds of policy, each with its folder below the rule's. */
const forms = [
  { form: "validating-policy", folder: "", resources: "resources", policy: validatingPolicy, isValidatingPolicy: true },
  { form: "cluster-policy", folder: "cluster-policy/", resources: "../resources", policy: clusterPolicy, isValidatingPolicy: false },
] as const;

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
  const outcomes = outcomesOf(cases.filter((one) => runsInKyverno(rule, one, excludedNamespaces)));
  const files = new Map<string, string>();
  for (const { name, objects } of outcomes) files.set(`${root}/resources/${name}.yaml`, yamlFile(file, objects));
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
        resources: [`${form.resources}/${outcome.name}.yaml`],
        // No resource is named, so the result is asked of each, nameless ones too.
        results: [
          form.isValidatingPolicy
            ? { policy: id, isValidatingPolicy: true, kind: subject, result: outcome.result }
            : { policy: id, rule: id, kind: subject, result: outcome.result },
        ],
      }));
      files.set(`${folder}kyverno-test.yaml`, yamlFile(file, tests));
    }
  }
  return files;
}

/**
 * The CLI writes the parameters of nobody into a policy, knows no old object and no cluster, so that a rule that lists objects of one
 * fails, and counts an object that the policy does not match as a success: such cases would prove nothing.
 */
function runsInKyverno({ meta, needs }: CompiledRule, { parameters, request }: Case, excludedNamespaces: readonly string[]): boolean {
  return (
    Object.keys(parameters).length === 0 &&
    request.operation !== "UPDATE" &&
    !needs.includes("inventory") &&
    clusterOf(request).length === 0 &&
    isReviewable(request.object, meta.reviews) &&
    !excludedNamespaces.includes(namespaceOf(request))
  );
}

/** Objects of one file of resources, all of which have one result. */
interface Outcome {
  readonly name: string;
  readonly result: "pass" | "fail";
  readonly objects: readonly object[];
}

function outcomesOf(cases: readonly Case[]): Outcome[] {
  const outcome = (name: string, result: Outcome["result"], some: readonly Case[]): Outcome[] =>
    withoutDuplicates(some).map((objects, index) => ({
      name: index === 0 ? name : `${name}-${String(index + 1)}`,
      result,
      objects,
    }));
  return [
    ...outcome("allowed", "pass", cases.filter((one) => one.violations.length === 0)),
    ...outcome("disallowed", "fail", cases.filter((one) => one.violations.length > 0)),
  ];
}

/** The CLI drops the second of two objects of one kind and name: they go to different files. */
function withoutDuplicates(cases: readonly Case[]): object[][] {
  const files: { readonly keys: Set<string>; readonly objects: object[] }[] = [];
  for (const { request } of cases) {
    const key = [request.object["kind"], namespaceOf(request) || "default", objectNameOf(request)].join("/");
    let file = files.find((candidate) => !candidate.keys.has(key));
    if (file === undefined) files.push((file = { keys: new Set(), objects: [] }));
    file.keys.add(key);
    file.objects.push(request.object);
  }
  return files.map((file) => file.objects);
}
