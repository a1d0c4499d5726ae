/**
 * The fix of a rule as policies that change objects. They are opt-in: no kustomization but their own names them. A
 * CNI or DNS agent that is made to depend on the DNS which it brings up would not start, so they leave kube-system alone.
 */
import { fixedField } from "../../policies/kit/fix.js";
import { workloadKinds, type WorkloadKind } from "../../policies/kit/workload-kinds.js";
import type { CompiledRule, Mutation } from "../compiled.js";
import type { JsonObject } from "../schema/json.js";
import { defaultsOf } from "../schema/schema.js";
import { namespaceSelector } from "./admission-policy.js";
import { kustomization } from "./kustomization.js";
import { annotations } from "./kyverno.js";
import { EXCLUDED_NAMESPACE, kebab } from "./names.js";
import { groupVersionKind, mutationOperations, mutationResourceRules } from "./resources.js";
import { yamlFile, yamlOf, type Files } from "./yaml.js";

/** A rule whose fix is for clusters too. */
export interface MutatingRule {
  readonly rule: CompiledRule;
  readonly mutation: Mutation;
  /** Name of the policies. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Path of the field below the pod template. */
  readonly path: readonly string[];
  readonly value: boolean | number | string;
}

export function mutatingRule(rule: CompiledRule): MutatingRule | undefined {
  const { meta, mutation } = rule;
  const path = meta.fix === undefined ? undefined : fixedField(meta.fix.field)?.column.path;
  if (meta.fix === undefined || mutation === undefined || path === undefined) return undefined;
  const { from, to } = meta.fix;
  const field = path.at(-1) ?? "";
  return {
    rule,
    mutation,
    name: `${meta.id}-fix`,
    title: `Set ${field} to ${String(to)}`,
    description: `Writes ${field}: ${String(to)} where ${meta.id} finds ${String(from)}, or nothing, in a Pod or pod template. Leaves alone: the namespace ${EXCLUDED_NAMESPACE}, any other value, what the rule does not report, Pods and Jobs that exist, an update that changes nothing of what the rule reads of the template, and objects but Pods that a controller owns. The rule: ${meta.description}`,
    path,
    value: to,
  };
}

const EXCLUDED = [EXCLUDED_NAMESPACE];
const EXCLUSION_NOTE = "What brings up the cluster's network and DNS lives here, and must not depend on it.";
const FAILURE_NOTE = "A fix that cannot be made denies nothing: the rule itself reports what remains.";

export interface MutationOptions {
  /** Complete parameters to write into the policy; absent: the defaults. */
  readonly parameters?: JsonObject;
}

/** What a MutatingAdmissionPolicy and Kyverno's MutatingPolicy have in common. */
function mutationSpec({ rule, mutation }: MutatingRule, parameters: JsonObject = defaultsOf(rule.schema)): object {
  const { variables, patch } = mutation.cel(parameters);
  return {
    variables: variables.map(({ name, expression }) => ({ name, expression })),
    mutations: [{ patchType: "JSONPatch", jsonPatch: { expression: patch } }],
  };
}

export function mutatingAdmissionPolicy(mutating: MutatingRule, { parameters }: MutationOptions = {}): object {
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingAdmissionPolicy",
    metadata: { name: mutating.name, annotations: { title: mutating.title, description: mutating.description } },
    spec: {
      failurePolicy: "Ignore",
      reinvocationPolicy: "IfNeeded",
      matchConstraints: { resourceRules: mutationResourceRules() },
      ...mutationSpec(mutating, parameters),
    },
  };
}

export function mutatingAdmissionBinding({ name }: MutatingRule): object {
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingAdmissionPolicyBinding",
    metadata: { name },
    spec: { policyName: name, matchResources: { namespaceSelector: namespaceSelector(EXCLUDED) } },
  };
}

export function mutatingPolicy(mutating: MutatingRule, { parameters }: MutationOptions = {}): object {
  return {
    apiVersion: "policies.kyverno.io/v1",
    kind: "MutatingPolicy",
    metadata: { name: mutating.name, annotations: described(mutating, "1.17.0") },
    spec: {
      failurePolicy: "Ignore",
      reinvocationPolicy: "IfNeeded",
      autogen: { podControllers: { controllers: [] } },
      matchConstraints: { namespaceSelector: namespaceSelector(EXCLUDED), resourceRules: mutationResourceRules() },
      ...mutationSpec(mutating, parameters),
    },
  };
}

/** The legacy form; undefined where its preconditions cannot say when the fix is to be made. */
export function mutatingClusterPolicy(mutating: MutatingRule, { parameters = defaultsOf(mutating.rule.schema) }: MutationOptions = {}): object | undefined {
  const rules = byTemplate().map((kinds) => clusterPolicyRule(mutating, kinds, parameters));
  if (rules.includes(undefined)) return undefined;
  return {
    apiVersion: "kyverno.io/v1",
    kind: "ClusterPolicy",
    metadata: { name: mutating.name, annotations: { "pod-policies.kyverno.io/autogen-controllers": "none", ...described(mutating, "1.13.0") } },
    spec: { background: false, failurePolicy: "Ignore", rules },
  };
}

/** The kinds whose templates lie at one path and may change in the same requests. */
function byTemplate(): (readonly [WorkloadKind, ...WorkloadKind[]])[] {
  const groups = new Map<string, [WorkloadKind, ...WorkloadKind[]]>();
  for (const kind of workloadKinds) {
    const key = JSON.stringify([kind.template, kind.isFrozen]);
    groups.set(key, [...(groups.get(key) ?? []), kind]);
  }
  return [...groups.values()];
}

function clusterPolicyRule({ mutation, path, value }: MutatingRule, kinds: readonly [WorkloadKind, ...WorkloadKind[]], parameters: JsonObject): object | undefined {
  const [{ kind, template, isFrozen }, ...others] = kinds;
  const conditions = mutation.jmespath(parameters, template, !isFrozen);
  if (conditions === undefined) return undefined;
  return {
    name: others.length === 0 ? kebab(kind) : "controllers",
    match: { any: [{ resources: { kinds: kinds.map(groupVersionKind), operations: mutationOperations(kinds[0]) } }] },
    exclude: { any: [{ resources: { namespaces: EXCLUDED } }] },
    preconditions: { all: conditions.map((condition) => ({ key: `{{ ${condition} }}`, operator: "Equals", value: true })) },
    mutate: { patchesJson6902: yamlOf([{ op: "add", path: `/${[...template, ...path].join("/")}`, value }]) },
  };
}

function described({ rule, title, description }: MutatingRule, minimum: string): object {
  return { ...annotations(rule, "validating-policy", minimum), "policies.kyverno.io/title": title, "policies.kyverno.io/description": description };
}

/** The files of a rule's mutations; none for a rule without. */
export function mutationFiles(rule: CompiledRule): Files {
  const mutating = mutatingRule(rule);
  if (mutating === undefined) return new Map();
  const { id, file } = rule.meta;
  const notes = [
    { key: "failurePolicy", text: FAILURE_NOTE },
    { key: "namespaceSelector", text: EXCLUSION_NOTE },
    { key: "exclude", text: EXCLUSION_NOTE },
  ];
  const folder = (path: string, documents: Readonly<Record<string, object>>): [string, string][] => [
    ...Object.entries(documents).map(([name, document]): [string, string] => [`${path}/${name}`, yamlFile(file, [document], notes)]),
    [`${path}/kustomization.yaml`, yamlFile(file, [kustomization(Object.keys(documents))])],
  ];
  const clusterPolicy = mutatingClusterPolicy(mutating);
  return new Map([
    ...folder(`admission-policy/${id}/mutate`, { "policy.yaml": mutatingAdmissionPolicy(mutating), "binding.yaml": mutatingAdmissionBinding(mutating) }),
    ...folder(`kyverno/${id}/mutate`, { [`${mutating.name}.yaml`]: mutatingPolicy(mutating) }),
    ...(clusterPolicy === undefined ? [] : folder(`kyverno/${id}/cluster-policy-mutate`, { [`${mutating.name}.yaml`]: clusterPolicy })),
  ]);
}
