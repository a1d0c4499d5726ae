import type { CompiledRule } from "../compiled.js";
import { celPolicySpec, namespaceSelector, type PolicyOptions } from "./admission-policy.js";
import { validationOf } from "./gatekeeper-template.js";
import { descriptionIn, knownTo, type Form } from "./known.js";
import { enforcements } from "./names.js";
import { groupVersionKinds, resourceRules } from "./resources.js";
import { defaultsOf } from "../schema/schema.js";

export function annotations(rule: CompiledRule, form: Form, minimum: string): Readonly<Record<string, string>> {
  return {
    "policies.kyverno.io/title": rule.meta.title,
    "policies.kyverno.io/category": "Host Network",
    "policies.kyverno.io/severity": rule.meta.severity,
    "policies.kyverno.io/subject": rule.meta.reviews === "namespaces" ? "Namespace" : "Pod",
    "policies.kyverno.io/minversion": minimum,
    "kyverno.io/kubernetes-version": "1.30+",
    "policies.kyverno.io/description": descriptionIn(rule, form),
  };
}

/** The ValidatingPolicy of a rule. The kinds are all named, so Kyverno must not derive policies for more of them. */
export function validatingPolicy(
  rule: CompiledRule,
  { parameters, excludedNamespaces = [] }: PolicyOptions = {},
): object {
  const selector = namespaceSelector(excludedNamespaces);
  return {
    apiVersion: "policies.kyverno.io/v1",
    kind: "ValidatingPolicy",
    metadata: { name: rule.meta.id, annotations: annotations(rule, "validating-policy", "1.17.0") },
    spec: {
      validationActions: enforcements[rule.meta.enforcement].validationActions,
      failurePolicy: "Fail",
      autogen: { podControllers: { controllers: [] } },
      matchConstraints: {
        ...(selector === undefined ? {} : { namespaceSelector: selector }),
        resourceRules: resourceRules(rule.meta.reviews),
      },
      ...celPolicySpec(rule, "validating-policy", parameters),
    },
  };
}

/** The ClusterPolicy of a rule: the legacy form, for Kyverno before 1.17. */
export function clusterPolicy(
  rule: CompiledRule,
  { parameters = defaultsOf(rule.schema), excludedNamespaces = [] }: PolicyOptions = {},
): object {
  const program = rule.cel(parameters, knownTo["cluster-policy"]);
  const { clusterPolicy: failureAction } = enforcements[rule.meta.enforcement];
  return {
    apiVersion: "kyverno.io/v1",
    kind: "ClusterPolicy",
    metadata: {
      name: rule.meta.id,
      annotations: { "pod-policies.kyverno.io/autogen-controllers": "none", ...annotations(rule, "cluster-policy", "1.13.0") },
    },
    spec: {
      background: true,
      ...(failureAction === "Audit" ? { emitWarning: true } : {}),
      rules: [
        {
          name: rule.meta.id,
          match: { any: [{ resources: { kinds: groupVersionKinds(rule.meta.reviews), operations: ["CREATE", "UPDATE"] } }] },
          ...(excludedNamespaces.length === 0
            ? {}
            : { exclude: { any: [{ resources: { namespaces: excludedNamespaces } }] } }),
          validate: {
            failureAction,
            cel: {
              variables: program.variables.map(({ name, expression }) => ({ name, expression })),
              expressions: [validationOf(program)],
            },
          },
        },
      ],
    },
  };
}
