/** What one of our Kyverno policies, or ValidatingAdmissionPolicies, asks for: its rule, with what is written into it. */
import { isMapping } from "../../manifest/mapping.js";
import type { Parameters } from "../../manifest/run.js";
import type { RuleManifest } from "../../wasm/manifest.js";
import { complete } from "../../wasm/parameters.js";
import type { KubernetesObject } from "../identity.js";
import { parameterProblems } from "../validate-parameters.js";
import { isParameters, ruleOfPolicy, textAt } from "./known.js";
import { NotRunError } from "./result.js";

export interface Policy {
  readonly name: string;
  /** Name of the rule inside of a ClusterPolicy; the other kinds have none. */
  readonly inner?: string;
  readonly rule: RuleManifest;
  readonly parameters: Parameters;
  /** Namespaces that it leaves alone. */
  readonly excluded: readonly string[];
  /** Whether Kyverno reports what it finds as `fail`, not as `warn`. */
  readonly isScored: boolean;
}

/** @throws NotRunError for a policy of others, or one that says something that is not understood here */
export function readPolicy(object: KubernetesObject, rules: readonly RuleManifest[]): Policy {
  if (object.kind === "ConstraintTemplate") throw new NotRunError("Kyverno runs no ConstraintTemplates");
  const rule = ruleOfPolicy(object, rules);
  const spec = isMapping(object.spec) ? object.spec : {};
  const [inner] = Array.isArray(spec.rules) ? spec.rules.filter(isMapping) : [];
  const validate = inner !== undefined && isMapping(inner.validate) ? inner.validate : {};
  const program = inner === undefined ? spec : isMapping(validate.cel) ? validate.cel : {};
  const exclusion = inner === undefined ? excludedBySelector(spec.matchConstraints) : excludedByName(inner.exclude);
  const annotations = isMapping(object.metadata) ? object.metadata.annotations : undefined;
  return {
    name: textAt(object, "metadata", "name"),
    ...(inner === undefined ? {} : { inner: textAt(inner, "name") }),
    rule,
    parameters: parametersIn(program.variables, rule),
    excluded: exclusion,
    isScored: textAt(annotations, "policies.kyverno.io/scored") !== "false",
  };
}

function parametersIn(variables: unknown, rule: RuleManifest): Parameters {
  const [variable] = Array.isArray(variables) ? variables.filter(isParameters) : [];
  const given = typeof variable?.expression === "string" ? readLiteral(variable.expression) : undefined;
  if (!isMapping(given)) throw new NotRunError(`the parameters of the policy of rule \`${rule.id}\` are no plain values`);
  const parameters = complete(rule.parameters, given);
  const problems = parameterProblems(rule, parameters);
  if (problems.length > 0) throw new NotRunError(...problems.map(({ message }) => message));
  return parameters;
}

/** A literal of CEL as our policies have it: JSON, in which every value stands in `dyn(…)`. Undefined for anything else. */
function readLiteral(expression: string): unknown {
  const tokens = expression.match(/"(?:[^"\\]|\\.)*"|dyn\(|[^"d)]+|./gs) ?? [];
  try {
    return JSON.parse(tokens.map((token) => (token === "dyn(" || token === ")" ? " " : token)).join(""));
  } catch {
    return undefined;
  }
}

const NOT_UNDERSTOOD = "this policy leaves objects alone in a way that is not understood here; namespaces by name are";

function excludedByName(exclude: unknown): readonly string[] {
  if (exclude === undefined) return [];
  const any = isMapping(exclude) && Object.keys(exclude).length === 1 ? exclude.any : undefined;
  const [entry, ...more] = listIn(any);
  const resources: unknown = isMapping(entry) && Object.keys(entry).length === 1 && more.length === 0 ? entry.resources : undefined;
  const names: unknown = isMapping(resources) && Object.keys(resources).length === 1 ? resources.namespaces : undefined;
  return namesOf(names);
}

function excludedBySelector(matchConstraints: unknown): readonly string[] {
  const selector = isMapping(matchConstraints) ? matchConstraints.namespaceSelector : undefined;
  if (selector === undefined) return [];
  const expressions = isMapping(selector) && Object.keys(selector).length === 1 ? selector.matchExpressions : undefined;
  const [entry, ...more] = listIn(expressions);
  const isByName = isMapping(entry) && more.length === 0 && entry.key === "kubernetes.io/metadata.name" && entry.operator === "NotIn";
  return namesOf(isByName ? entry.values : undefined);
}

const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Patterns are not understood either. */
function namesOf(value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw new NotRunError(NOT_UNDERSTOOD);
  return value.map((name: unknown) => {
    if (typeof name !== "string" || !/^[-a-z0-9]+$/.test(name)) throw new NotRunError(NOT_UNDERSTOOD);
    return name;
  });
}
