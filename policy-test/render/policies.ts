/** Policies that have their parameters written into them: those of the library, with other parameters, enforcement and matching. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import { writtenParameters } from "../../generator/cel/program.js";
import { KUBERNETES_SCHEMA } from "../../manifest/dialect.js";
import { isMapping } from "../../manifest/mapping.js";
import type { Parameters } from "../../manifest/run.js";
import type { RuleManifest } from "../../wasm/manifest.js";
import { packageRoot } from "../../wasm/package-root.js";
import type { ReportedEnforcement } from "../report.js";
import type { Matching } from "./matching.js";

type Mapping = Readonly<Record<string, unknown>>;

/** A rule as it is to be in force. */
export interface Rendered {
  readonly rule: RuleManifest;
  readonly enforcement: ReportedEnforcement;
  /** Complete, with the waivers. */
  readonly parameters: Parameters;
  readonly matching: Matching;
}

export const validationActions = { deny: ["Deny"], warn: ["Warn", "Audit"], dryrun: ["Audit"] } as const satisfies Record<ReportedEnforcement, readonly string[]>;

/** The ValidatingPolicy of a rule, and what Kyverno must be allowed to read for it; undefined where the library has none. */
export function kyvernoPolicy({ rule, enforcement, parameters, matching }: Rendered): object[] | undefined {
  const [policy] = libraryFile(`kyverno/${rule.id}/${rule.id}.yaml`);
  if (policy === undefined) return undefined;
  const { matchConditions, ...matchConstraints } = matching;
  const { validationActions: _, failurePolicy, autogen, matchConstraints: __, variables, ...others } = specOf(policy);
  const spec = {
    validationActions: validationActions[enforcement],
    failurePolicy,
    autogen,
    matchConstraints,
    ...(matchConditions === undefined ? {} : { matchConditions }),
    variables: withParameters(variables, rule, parameters),
    ...others,
  };
  return [{ ...policy, spec }, ...libraryFile(`kyverno/${rule.id}/role.yaml`)];
}

/** The ValidatingAdmissionPolicy of a rule and its binding; undefined where the library has none. */
export function admissionPolicy({ rule, enforcement, parameters, matching }: Rendered): object[] | undefined {
  const [policy] = libraryFile(`admission-policy/${rule.id}/policy.yaml`);
  if (policy === undefined) return undefined;
  const { matchConditions, resourceRules, ...matchResources } = matching;
  const { failurePolicy, matchConstraints: _, variables, ...others } = specOf(policy);
  const spec = {
    failurePolicy,
    matchConstraints: { resourceRules },
    ...(matchConditions === undefined ? {} : { matchConditions }),
    variables: withParameters(variables, rule, parameters),
    ...others,
  };
  const binding = {
    apiVersion: policy.apiVersion,
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: { name: rule.id },
    spec: { policyName: rule.id, validationActions: validationActions[enforcement], ...(Object.keys(matchResources).length === 0 ? {} : { matchResources }) },
  };
  return [{ ...policy, spec }, binding];
}

/** @throws Error where the package has no library: a policy that is missing there says that the rule has none */
function libraryFile(path: string): Mapping[] {
  const [target = ""] = path.split("/");
  const file = join(packageRoot, "library", path);
  if (!existsSync(join(packageRoot, "library", target))) throw new Error(`this package lacks the policies for ${target}`);
  return existsSync(file) ? loadAll(readFileSync(file, "utf8"), { schema: KUBERNETES_SCHEMA }).filter(isMapping) : [];
}

function specOf(policy: Mapping): Mapping {
  if (isMapping(policy.spec)) return policy.spec;
  throw new Error("a policy of the library has no spec; run `npm run generate`");
}

/** Everything but the one variable that holds the parameters is the same for all of them. A rule that reads none has no such variable. */
function withParameters(variables: unknown, { id, parameters: schema }: RuleManifest, parameters: Parameters): unknown[] {
  if (!Array.isArray(variables)) throw new Error(`the policy of \`${id}\` has no variables; run \`npm run generate\``);
  return variables.map((variable: unknown) => {
    if (!isMapping(variable) || variable.name !== "parameters" || typeof variable.expression !== "string") return variable;
    return { ...variable, expression: writtenParameters({ ...schema, type: "object" }, topLevelKeys(variable.expression), parameters) };
  });
}

/** The keys of a CEL map, not those of maps inside: the parameters that the policy reads. */
export function topLevelKeys(cel: string): string[] {
  const keys: string[] = [];
  let depth = 0;
  for (const [token] of cel.matchAll(/"(?:[^"\\]|\\.)*"(?:\s*:)?|[[\](){}]/g)) {
    if (token.startsWith('"')) {
      if (depth === 1 && token.endsWith(":")) keys.push(String(JSON.parse(token.slice(0, -1).trimEnd())));
    } else depth += "[({".includes(token) ? 1 : -1;
  }
  return keys;
}
