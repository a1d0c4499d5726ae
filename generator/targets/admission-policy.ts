import type { CompiledRule } from "../compiled.js";
import { defaultsOf, type JsonObject } from "../schema/schema.js";
import { validationOf } from "./gatekeeper-template.js";
import { descriptionIn, isExpressible, knownTo, type Form } from "./known.js";
import { kustomization } from "./kustomization.js";
import { enforcements, excludedNamespacesOf, EXCLUSION_NOTE } from "./names.js";
import { resourceRules } from "./resources.js";
import { yamlFile, type Files } from "./yaml.js";

export interface PolicyOptions {
  /** Complete parameters to write into the policy; absent: the defaults. */
  readonly parameters?: JsonObject;
  readonly excludedNamespaces?: readonly string[];
}

/** Selects every namespace but these. */
export function namespaceSelector(excludedNamespaces: readonly string[]): object | undefined {
  if (excludedNamespaces.length === 0) return undefined;
  return {
    matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "NotIn", values: excludedNamespaces }],
  };
}

/** What a ValidatingAdmissionPolicy and Kyverno's ValidatingPolicy have in common. */
export function celPolicySpec(rule: CompiledRule, form: Form, parameters: JsonObject = defaultsOf(rule.schema)): object {
  const program = rule.cel(parameters, knownTo[form]);
  return {
    variables: program.variables.map(({ name, expression }) => ({ name, expression })),
    validations: [validationOf(program)],
  };
}

/** The ValidatingAdmissionPolicy of a rule, for a Kubernetes cluster without any policy engine. */
export function admissionPolicy(rule: CompiledRule, { parameters }: PolicyOptions = {}): object {
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicy",
    metadata: { name: rule.meta.id, annotations: { title: rule.meta.title, description: descriptionIn(rule, "admission-policy") } },
    spec: {
      failurePolicy: "Fail",
      matchConstraints: { resourceRules: resourceRules(rule.meta.reviews) },
      ...celPolicySpec(rule, "admission-policy", parameters),
    },
  };
}

/** Puts the policy of `admissionPolicy` into force. */
export function admissionBinding(rule: CompiledRule, { excludedNamespaces = [] }: PolicyOptions = {}): object {
  const selector = namespaceSelector(excludedNamespaces);
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: { name: rule.meta.id },
    spec: {
      policyName: rule.meta.id,
      validationActions: enforcements[rule.meta.enforcement].validationActions,
      ...(selector === undefined ? {} : { matchResources: { namespaceSelector: selector } }),
    },
  };
}

export function admissionPolicyFiles(rule: CompiledRule): Files {
  if (!isExpressible(rule, "admission-policy")) return new Map();
  const { id, file } = rule.meta;
  const binding = admissionBinding(rule, { excludedNamespaces: excludedNamespacesOf(rule.meta) });
  const notes = [{ key: "namespaceSelector", text: EXCLUSION_NOTE }];
  return new Map([
    [`admission-policy/${id}/policy.yaml`, yamlFile(file, [admissionPolicy(rule)])],
    [`admission-policy/${id}/binding.yaml`, yamlFile(file, [binding], notes)],
    [`admission-policy/${id}/kustomization.yaml`, yamlFile(file, [kustomization(["policy.yaml", "binding.yaml"])])],
  ]);
}
