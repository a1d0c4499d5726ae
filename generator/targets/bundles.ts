/** Bundles as folders that `kubectl apply -k` installs, one for each target. */
import type { Bundle, BundledRule } from "../bundles.js";
import type { CompiledRule } from "../compiled.js";
import { complete, defaultsOf } from "../schema/schema.js";
import { admissionBinding, admissionPolicy, type PolicyOptions } from "./admission-policy.js";
import { hasArtefact, whyNoArtefact, type Target } from "./capabilities.js";
import { constraint } from "./gatekeeper-template.js";
import { kyvernoRole } from "./known.js";
import { kustomization } from "./kustomization.js";
import { clusterPolicy, validatingPolicy } from "./kyverno.js";
import { excludedNamespacesOf, EXCLUSION_NOTE } from "./names.js";
import { render } from "./render.js";
import { yamlFile, type Files, type Note } from "./yaml.js";

const notes: readonly Note[] = ["excludedNamespaces", "namespaceSelector", "exclude"].map((key) => ({ key, text: EXCLUSION_NOTE }));

/** The folders of a bundle, below that of the library. */
export function bundleFiles(bundle: Bundle): Files {
  return new Map([
    ...gatekeeper(bundle),
    ...policies(bundle, { target: "validating-policy", folder: `kyverno/bundles/${bundle.name}`, shipped: (id) => `../../${id}`, objects: (rule, options) => withRole(rule, validatingPolicy(rule, options)) }),
    ...policies(bundle, {
      target: "cluster-policy",
      folder: `kyverno/bundles/${bundle.name}/cluster-policy`,
      shipped: (id) => `../../../${id}/cluster-policy`,
      objects: (rule, options) => withRole(rule, clusterPolicy(rule, options)),
    }),
    ...policies(bundle, {
      target: "admission-policy",
      folder: `admission-policy/bundles/${bundle.name}`,
      shipped: (id) => `../../${id}`,
      objects: (rule, options) => [admissionPolicy(rule, options), admissionBinding(rule, options)],
    }),
    readme(bundle, "gatekeeper", "gatekeeper"),
    readme(bundle, "kyverno", "validating-policy"),
    readme(bundle, "admission-policy", "admission-policy"),
  ]);
}

/** Two folders: the cluster knows the kinds of the Constraints only after Gatekeeper has seen the templates. */
function gatekeeper(bundle: Bundle): [string, string][] {
  const folder = `gatekeeper/bundles/${bundle.name}`;
  const rules = bundle.rules.filter(({ rule }) => hasArtefact(rule, "gatekeeper"));
  if (rules.length === 0) return [];
  const ids = rules.map(({ rule }) => rule.meta.id);
  return [
    [`${folder}/templates/kustomization.yaml`, yamlFile(bundle.file, [kustomization(ids.map((id) => `../../../${id}`))])],
    [`${folder}/constraints/kustomization.yaml`, yamlFile(bundle.file, [kustomization(ids.map((id) => `${id}.yaml`))])],
    ...rules.map((bundled): [string, string] => {
      const { id } = bundled.rule.meta;
      const rule = enforced(bundled);
      const object = constraint(rule, { name: id, parameters: bundled.parameters, excludedNamespaces: excludedNamespacesOf(rule.meta) });
      return [`${folder}/constraints/${id}.yaml`, yamlFile(bundle.file, [object], notes)];
    }),
  ];
}

interface Form {
  readonly target: Target;
  readonly folder: string;
  /** The folder, seen from `folder`, of the policy with the rule's own settings. */
  readonly shipped: (id: string) => string;
  readonly objects: (rule: CompiledRule, options: PolicyOptions) => readonly object[];
}

/** A policy has its parameters written into it: one that differs from what the library has is made for the bundle. */
function policies(bundle: Bundle, { target, folder, shipped, objects }: Form): [string, string][] {
  const rules = bundle.rules.filter(({ rule }) => hasArtefact(rule, target));
  if (rules.length === 0) return [];
  const own = rules.filter((bundled) => !isAsShipped(bundled));
  const resources = rules.map((bundled) => (own.includes(bundled) ? `${bundled.rule.meta.id}.yaml` : shipped(bundled.rule.meta.id)));
  return [
    [`${folder}/kustomization.yaml`, yamlFile(bundle.file, [kustomization(resources)])],
    ...own.map((bundled): [string, string] => {
      const rule = enforced(bundled);
      const options = { parameters: complete(rule.schema, bundled.parameters), excludedNamespaces: excludedNamespacesOf(rule.meta) };
      return [`${folder}/${rule.meta.id}.yaml`, yamlFile(bundle.file, objects(rule, options), notes)];
    }),
  ];
}

function withRole(rule: CompiledRule, policy: object): object[] {
  const role = kyvernoRole(rule);
  return role === undefined ? [policy] : [policy, role];
}

/** The rule with the bundle's enforcement in the place of its own. */
function enforced({ rule, enforcement }: BundledRule): CompiledRule {
  return { ...rule, meta: { ...rule.meta, enforcement } };
}

function isAsShipped({ rule, enforcement, parameters }: BundledRule): boolean {
  return enforcement === rule.meta.enforcement && JSON.stringify(complete(rule.schema, parameters)) === JSON.stringify(defaultsOf(rule.schema));
}

function readme(bundle: Bundle, folder: string, target: Target): [string, string] {
  const there = bundle.rules.filter(({ rule }) => hasArtefact(rule, target));
  const rules = there.map(({ rule, enforcement, parameters }) => ({
    id: rule.meta.id,
    enforcement,
    parameters: Object.entries(parameters).map(([name, value]) => `\`${name}: ${JSON.stringify(value)}\``).join(", "),
  }));
  const leftOut = missing(bundle.rules, target);
  // Kyverno's page is of both forms; what neither has is said once.
  const leftOutOfLegacy = folder === "kyverno" ? missing(there, "cluster-policy") : [];
  return [`${folder}/bundles/${bundle.name}/README.md`, render(`${folder}-bundle`, { ...bundle, source: bundle.file, rules, leftOut, leftOutOfLegacy })];
}

function missing(rules: readonly BundledRule[], target: Target): { id: string; why: string }[] {
  return rules.filter(({ rule }) => !hasArtefact(rule, target)).map(({ rule }) => ({ id: rule.meta.id, why: whyNoArtefact(rule, target) }));
}
