/**
 * What chainsaw runs against a cluster with Kyverno: the policy becomes ready, refuses what it is to refuse, and lets the rest pass.
 * Each request is a dry run, so no workload is started; what is refused comes first, since it shows that the policy is in force.
 */
import type { CompiledRule } from "../compiled.js";
import { isObject, type JsonObject } from "../schema/json.js";
import { clusterOf, type Case } from "./cases.js";
import { contextCases, type Outcome } from "./kyverno-resources.js";
import { kebab } from "./names.js";

/** A kind of policy as its chainsaw test sees it. Paths lead from the folder of the test. */
export interface ChainsawForm {
  /** Of the test; it comes before the files that both forms share. */
  readonly name: string;
  readonly resources: string;
  /** To the files of `contextFiles`. */
  readonly shared: string;
  readonly hasRole: boolean;
  readonly isValidatingPolicy: boolean;
}

const NAMESPACES = "namespaces.yaml";

/** What a chainsaw test needs of a rule; undefined where it could show nothing, because no case is refused in a cluster. */
export interface ChainsawPlan {
  readonly outcomes: readonly Outcome[];
  readonly contexts: readonly Case[];
}

export function chainsawPlan(rule: CompiledRule, cases: readonly Case[], all: readonly Outcome[]): ChainsawPlan | undefined {
  const outcomes = all.filter(({ inCluster }) => inCluster);
  const contexts = contextCases(rule, cases);
  const isRefused = outcomes.some(({ result }) => result === "fail") || contexts.some(({ violations }) => violations.length > 0);
  return isRefused ? { outcomes, contexts } : undefined;
}

/** The objects that both forms of a rule need beside `resources/`, by file name. */
export function contextFiles({ outcomes, contexts }: ChainsawPlan): ReadonlyMap<string, readonly JsonObject[]> {
  const objects = [...outcomes.flatMap((outcome) => outcome.objects), ...contexts.flatMap((one) => [one.request.object, ...before(one)])];
  const namespaces = [...new Set(objects.map((object) => textIn(object, "namespace")))].filter((name) => name !== "" && name !== "default").sort();
  const files = new Map<string, readonly JsonObject[]>();
  if (namespaces.length > 0) files.set(NAMESPACES, namespaces.map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } })));
  for (const one of contexts) files.set(fileOf(one), [one.request.object]).set(beforeFileOf(one), before(one));
  return files;
}

/** The test of one form of a rule. */
export function chainsawTest(rule: CompiledRule, plan: ChainsawPlan, form: ChainsawForm): JsonObject {
  const { id, title } = rule.meta;
  const refusal = { expect: [{ check: { [refusedBy(id, form)]: true } }] };
  const asked = (result: Outcome["result"]): object[] =>
    plan.outcomes
      .filter((outcome) => outcome.result === result)
      .map(({ name }) => ({ create: { file: `${form.resources}/${name}.yaml`, dryRun: true, ...(result === "fail" ? refusal : {}) } }));
  const steps = [
    { name: "the policy becomes ready", try: [...installed(rule, form, contextFiles(plan).has(NAMESPACES)), { assert: { resource: ready(id, form) } }] },
    { name: "it refuses", try: asked("fail") },
    { name: "it lets pass", try: asked("pass") },
    ...plan.contexts.map((one) => ({ name: one.name, try: inContext(one, form, one.violations.length > 0 ? refusal : {}) })),
  ];
  return {
    apiVersion: "chainsaw.kyverno.io/v1alpha1",
    kind: "Test",
    metadata: { name: form.name },
    spec: {
      description: title,
      // Policies are in force in the whole cluster, and would be in the way of other tests.
      concurrent: false,
      namespace: "default",
      // CEL is no template of chainsaw's.
      template: false,
      timeouts: { apply: "1m", assert: "1m", cleanup: "1m", delete: "1m", exec: "1m" },
      steps: steps.filter((step) => step.try.length > 0),
    },
  };
}

/** A policy that only warns is made to deny: a warning cannot be asserted, a refusal can. */
function installed({ meta: { id, enforcement } }: CompiledRule, form: ChainsawForm, hasNamespaces: boolean): object[] {
  const denies = form.isValidatingPolicy
    ? { patch: { resource: { ...identity(id, form), spec: { validationActions: ["Deny"] } } } }
    : { script: { content: `kubectl patch clusterpolicy ${id} --type=json --patch='[{"op":"replace","path":"/spec/rules/0/validate/failureAction","value":"Enforce"}]'\n` } };
  return [
    ...(hasNamespaces ? [{ apply: { file: `${form.shared}${NAMESPACES}` } }] : []),
    ...(form.hasRole ? [{ apply: { file: "../role.yaml" } }] : []),
    { apply: { file: `../${id}.yaml` } },
    ...(enforcement === "warn" ? [denies] : []),
  ];
}

const identity = (name: string, { isValidatingPolicy }: ChainsawForm): JsonObject => ({
  apiVersion: isValidatingPolicy ? "policies.kyverno.io/v1" : "kyverno.io/v1",
  kind: isValidatingPolicy ? "ValidatingPolicy" : "ClusterPolicy",
  metadata: { name },
});

function ready(name: string, form: ChainsawForm): JsonObject {
  const of = (type: string): object => ({ [`(conditions[?type == '${type}'].status)`]: ["True"] });
  return { ...identity(name, form), status: form.isValidatingPolicy ? { conditionStatus: of("WebhookConfigured") } : of("Ready") };
}

/** Of the policy itself: an error of another kind, such as a webhook that does not answer, is no refusal. */
const refusedBy = (id: string, { isValidatingPolicy }: ChainsawForm): string =>
  isValidatingPolicy ? `(contains($error, 'denied the request: Policy ${id} failed: '))` : `(contains($error, 'blocked due to the following policies') && contains($error, '${id}:'))`;

/** Namespaces stay until the end of the test: somebody else may have things in them. */
function inContext(one: Case, { shared }: ChainsawForm, expectation: object): object[] {
  const request = { file: `${shared}${fileOf(one)}`, dryRun: true, ...expectation };
  return [
    { apply: { file: `${shared}${beforeFileOf(one)}` } },
    one.request.operation === "UPDATE" ? { update: request } : { create: request },
    ...before(one)
      .filter(({ kind }) => kind !== "Namespace")
      .map((object) => ({ delete: { ref: { apiVersion: object["apiVersion"], kind: object["kind"], namespace: textIn(object, "namespace") || "default", name: textIn(object, "name") } } })),
  ];
}

/** What stands in the cluster before the request. */
const before = ({ request }: Case): JsonObject[] => [...clusterOf(request), ...(request.oldObject === undefined ? [] : [request.oldObject])].filter(isObject);

const fileOf = ({ name }: Case): string => `${kebab(name)}.yaml`;
const beforeFileOf = ({ name }: Case): string => `${kebab(name)}-before.yaml`;

function textIn(object: JsonObject, field: string): string {
  const value = isObject(object["metadata"]) ? object["metadata"][field] : undefined;
  return typeof value === "string" ? value : "";
}
