/** What the engines know beside the object under review: decides which rules, and which of their findings, each of them gets. */
import { viewTable, type Need } from "../../policies/kit/view.js";
import { namespaceKind, type ObjectKind } from "../../policies/kit/workload-kinds.js";
import type { CompiledRule } from "../compiled.js";

/** A form in which rules are emitted. */
export type Form = "gatekeeper-rego" | "gatekeeper-cel" | "validating-policy" | "cluster-policy" | "admission-policy";

/**
 * What is known to each form. Gatekeeper's CEL is given the Namespace in the cluster, but not in gator: a template that holds a
 * rule as CEL would let everything pass there, so rules on Namespaces' labels come as Rego alone.
 */
export const knownTo: Readonly<Record<Form, ReadonlySet<Need>>> = {
  "gatekeeper-rego": new Set(["oldObject", "namespace", "inventory"]),
  "gatekeeper-cel": new Set(["oldObject"]),
  "validating-policy": new Set(["oldObject", "namespace", "inventory"]),
  "cluster-policy": new Set(["oldObject", "namespace"]),
  "admission-policy": new Set(["oldObject", "namespace"]),
};

/** What a need is called. */
export const needNames: Readonly<Record<Need, string>> = {
  oldObject: "the object as it was before an update",
  namespace: "the labels of the Namespace",
  inventory: "other objects of the cluster",
};

/**
 * Whether the rule comes in the form: one that can say nothing of it gets no file. A template that holds CEL is run as CEL alone, so
 * it holds CEL only where that says everything.
 */
export function isExpressible(rule: CompiledRule, form: Form): boolean {
  const extent = rule.expressible(knownTo[form]);
  return form === "gatekeeper-cel" ? extent === "whole" : extent !== "none";
}

/** The rule's description, and what this form of it leaves out. */
export function descriptionIn(rule: CompiledRule, form: Form): string {
  if (rule.expressible(knownTo[form]) === "whole") return rule.meta.description;
  const missing = rule.needs.filter((need) => !knownTo[form].has(need)).map((need) => needNames[need]);
  return `${rule.meta.description}\nThis form of the rule leaves out what needs ${missing.join(" and ")}.`;
}

/** The kinds of objects that an engine must keep for the rule, beside the one under review. */
export function kindsNeeded(rule: CompiledRule): readonly ObjectKind[] {
  const read = new Set(rule.reads.Cluster ?? []);
  const listed = Object.entries(viewTable.Cluster).flatMap(([name, field]) => (read.has(name) && field.type === "listed" ? field.kinds : []));
  return [...new Set(rule.needs.includes("namespace") ? [namespaceKind, ...listed] : listed)];
}

/** `metadata.gatekeeper.sh/requires-sync-data`: every kind is a requirement of its own. */
export function syncRequirements(rule: CompiledRule): string {
  return JSON.stringify(kindsNeeded(rule).map((row) => [{ groups: [row.group], versions: [row.version], kinds: [row.kind] }]));
}

/** Makes Gatekeeper keep what the rule reads. */
export function syncSet(rule: CompiledRule): object {
  return {
    apiVersion: "syncset.gatekeeper.sh/v1alpha1",
    kind: "SyncSet",
    metadata: { name: rule.meta.id },
    spec: { gvks: kindsNeeded(rule).map(({ group, version, kind }) => ({ group, version, kind })) },
  };
}

/**
 * What Kyverno's reports controller must read of the objects that the policies on workloads match, and may not: its installation gives
 * it the role `view`, which leaves these out. Until it may, such a policy is enforced, but never ready.
 */
const unknownToReports = ["podtemplates", "pods/ephemeralcontainers"];

/** Lets Kyverno's controllers read what the rule reads and what its policies match: undefined where they may by themselves. */
export function kyvernoRole(rule: CompiledRule): object | undefined {
  const kinds = kindsNeeded(rule);
  const isOfWorkloads = rule.meta.reviews !== "namespaces";
  if (kinds.length === 0 && !isOfWorkloads) return undefined;
  const controllers = kinds.length === 0 ? ["reports"] : ["admission", "background", "reports"];
  const groups = [...new Set([...(isOfWorkloads ? [""] : []), ...kinds.map((row) => row.group)])];
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: {
      name: `kyverno:${rule.meta.id}`,
      labels: Object.fromEntries(controllers.map((controller) => [`rbac.kyverno.io/aggregate-to-${controller}-controller`, "true"])),
    },
    rules: groups.map((group) => ({
      apiGroups: [group],
      resources: [...new Set([...(group === "" && isOfWorkloads ? unknownToReports : []), ...kinds.filter((row) => row.group === group).map((row) => row.resource)])].sort(),
      verbs: ["get", "list", "watch"],
    })),
  };
}

/** Whether engines must be given access to more than the object under review. */
export const needsAccess = (rule: CompiledRule): boolean => kindsNeeded(rule).length > 0;
