/**
 * Whether a policy is one of this package's own, for which its rules can stand. What a policy does is decided by its content: the same
 * kind and name in another version, or edited by hand, may find something else.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { kindOf } from "../../manifest/constraint-kind.js";
import { isMapping } from "../../manifest/mapping.js";
import { parseYaml } from "../../manifest/yaml.js";
import type { RuleManifest } from "../../wasm/manifest.js";
import { packageRoot } from "../../wasm/package-root.js";
import type { KubernetesObject } from "../identity.js";
import { NotRunError } from "./result.js";

export const policyKinds = ["ConstraintTemplate", "ValidatingPolicy", "ClusterPolicy", "ValidatingAdmissionPolicy"] as const;
export type PolicyKind = (typeof policyKinds)[number];

const LIBRARY = join(packageRoot, "library");
/** The digests of the library, of which the package has a part; written when it is built. */
const DIGESTS = join(packageRoot, "dist", "library-digests.json");

const files: Readonly<Record<PolicyKind, (rule: string) => string>> = {
  ConstraintTemplate: (rule) => `gatekeeper/${rule}/template.yaml`,
  ValidatingPolicy: (rule) => `kyverno/${rule}/${rule}.yaml`,
  ClusterPolicy: (rule) => `kyverno/${rule}/cluster-policy/${rule}.yaml`,
  ValidatingAdmissionPolicy: (rule) => `admission-policy/${rule}/policy.yaml`,
};

export function isPolicyKind(kind: unknown): kind is PolicyKind {
  return policyKinds.some((each) => each === kind);
}

/**
 * The rule that a policy is made of.
 * @throws NotRunError where it is none of ours
 */
export function ruleOfPolicy(policy: KubernetesObject, rules: readonly RuleManifest[]): RuleManifest {
  const { kind } = policy;
  if (!isPolicyKind(kind)) throw new NotRunError(`a ${String(kind)} is no policy that can be run here`, `it can be: ${policyKinds.join(", ")}`);
  const own = kind === "ConstraintTemplate" ? textAt(policy, "spec", "crd", "spec", "names", "kind") : textAt(policy, "metadata", "name");
  const rule = rules.find(({ id }) => own === (kind === "ConstraintTemplate" ? kindOf(id) : id));
  if (rule === undefined) throw new NotRunError(`no rule of policy-test is the ${kind} of \`${own}\``, "its tests need the engine that it is written for");
  if (digestOf(policy) !== knownDigest(kind, rule.id)) {
    throw new NotRunError(`the ${kind} of \`${own}\` is not the one of this version of policy-test`, "what it finds is known to its engine alone; take the one of this version's library");
  }
  return rule;
}

function knownDigest(kind: PolicyKind, rule: string): string | undefined {
  if (existsSync(join(LIBRARY, "gatekeeper"))) return libraryDigest(kind, rule);
  const digests: unknown = JSON.parse(readFileSync(DIGESTS, "utf8"));
  return textAt(digests, kind, rule);
}

function libraryDigest(kind: PolicyKind, rule: string): string | undefined {
  const path = join(LIBRARY, files[kind](rule));
  if (!existsSync(path)) return undefined;
  const [document] = parseYaml(readFileSync(path, "utf8")).documents;
  return isMapping(document?.value) ? digestOf(document.value) : undefined;
}

/** Writes what the package has in place of the library. */
export function writeDigests(): void {
  const rules = readdirSync(join(LIBRARY, "gatekeeper")).sort();
  const ofKind = (kind: PolicyKind): [string, unknown] => [kind, Object.fromEntries(rules.flatMap((rule) => [[rule, libraryDigest(kind, rule)]]))];
  writeFileSync(DIGESTS, `${JSON.stringify(Object.fromEntries(policyKinds.map(ofKind)), undefined, 1)}\n`);
}

function digestOf(policy: KubernetesObject): string {
  return createHash("sha256").update(JSON.stringify(sorted(essence(policy)))).digest("hex");
}

/** The part of a policy that decides what it finds, without what a user sets: enforcement, exclusions, parameters. */
function essence({ kind, spec }: KubernetesObject): unknown {
  if (!isMapping(spec)) return undefined;
  const { crd, targets, validationActions: _, background: __, emitWarning: ___, matchConstraints, rules, ...rest } = spec;
  if (kind === "ConstraintTemplate") return { crd, targets, rest };
  if (kind === "ClusterPolicy") return { rules: Array.isArray(rules) ? rules.map(essenceOfRule) : rules, rest };
  return { ...withoutParameters(rest), matchConstraints: isMapping(matchConstraints) ? { ...matchConstraints, namespaceSelector: undefined } : matchConstraints };
}

function essenceOfRule(rule: unknown): unknown {
  if (!isMapping(rule) || !isMapping(rule.validate)) return rule;
  const { exclude: _, validate, ...rest } = rule;
  const { failureAction: __, cel, ...others } = validate;
  return { ...rest, validate: { ...others, cel: isMapping(cel) ? withoutParameters(cel) : cel } };
}

function withoutParameters(cel: KubernetesObject): KubernetesObject {
  const { variables } = cel;
  return Array.isArray(variables) ? { ...cel, variables: variables.filter((variable) => !isParameters(variable)) } : cel;
}

export const isParameters = (variable: unknown): variable is { readonly expression: unknown } => isMapping(variable) && variable.name === "parameters";

/** The same data with keys in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, field]) => [name, sorted(field)]));
}

/** The text at a path of fields; empty where there is none. */
export function textAt(value: unknown, ...path: readonly string[]): string {
  const found = path.reduce<unknown>((at, name) => (isMapping(at) ? at[name] : undefined), value);
  return typeof found === "string" ? found : "";
}
