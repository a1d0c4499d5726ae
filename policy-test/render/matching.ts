/** A rule's `match` in the words of the API server, which Kyverno's ValidatingPolicies share: selectors, kinds and conditions in CEL. */
import { binary, chain, ident, list, literal, method, not, optionalSelect, select, type Cel } from "../../generator/cel/ast.js";
import { printCel } from "../../generator/cel/print.js";
import { resourceRules } from "../../generator/targets/resources.js";
import type { Reviews } from "../../policies/kit/view.js";
import { apiVersionOf } from "../../policies/kit/workload-kinds.js";
import { fitsKinds, type LabelRequirement, type LabelSelector, type Match } from "../match.js";

export interface Matching {
  readonly resourceRules: readonly object[];
  readonly namespaceSelector?: object;
  readonly objectSelector?: object;
  readonly matchConditions?: readonly { readonly name: string; readonly expression: string }[];
}

/**
 * @param labelsAs how the labels of the object are asked for: an objectSelector is also asked about the old object, for which kyverno's command line shows one without labels
 * @returns why the rule would never be asked, where that is so: a policy that matches nothing is no policy
 */
export function matchingOf(match: Match, reviews: Reviews, labelsAs: "selector" | "condition"): Matching | { readonly why: string } {
  if (match.source === "Generated") return { why: "`source: Generated` fits what Gatekeeper expands; nothing else knows it" };
  if (match.scope !== undefined && match.scope !== "*" && (match.scope === "Cluster") !== (reviews === "namespaces")) {
    return { why: `\`scope: ${match.scope}\` fits none of the kinds that the rule reviews` };
  }
  const rules = resourceRules(reviews, (row) => fitsKinds(match, { apiVersion: apiVersionOf(row), kind: row.kind }));
  if (rules.length === 0) return { why: "`kinds` names none of those that the rule reviews" };
  const { namespaces = [], excludedNamespaces = [], name = "" } = match;
  const requirements: LabelRequirement[] = [
    ...(isExact(namespaces) ? [{ key: NAME_LABEL, operator: "In" as const, values: namespaces }] : []),
    ...(isExact(excludedNamespaces) ? [{ key: NAME_LABEL, operator: "NotIn" as const, values: excludedNamespaces }] : []),
  ];
  const namespace = textOf(reviews === "namespaces" ? "name" : "namespace");
  const fitsAny = (patterns: readonly string[]): Cel => chain("||", patterns.map((pattern) => fitsGlob(pattern, namespace)), literal(false));
  const conditions = [
    ...(namespaces.length > 0 && !isExact(namespaces) ? [{ name: "namespaces", expression: printCel(fitsAny(namespaces)) }] : []),
    ...(excludedNamespaces.length > 0 && !isExact(excludedNamespaces) ? [{ name: "excluded-namespaces", expression: printCel(not(fitsAny(excludedNamespaces))) }] : []),
    ...(name === "" ? [] : [{ name: "name", expression: printCel(fitsName(name)) }]),
    ...(match.labelSelector === undefined || labelsAs === "selector" ? [] : [{ name: "labels", expression: printCel(selectsAnyState(match.labelSelector)) }]),
  ];
  const namespaceSelector = withRequirements(match.namespaceSelector, requirements);
  return {
    ...(namespaceSelector === undefined ? {} : { namespaceSelector }),
    ...(match.labelSelector === undefined || labelsAs === "condition" ? {} : { objectSelector: match.labelSelector }),
    resourceRules: rules,
    ...(conditions.length === 0 ? {} : { matchConditions: conditions }),
  };
}

/** The label by which every Namespace of a cluster bears its name. */
const NAME_LABEL = "kubernetes.io/metadata.name";

const isExact = (patterns: readonly string[]): boolean => patterns.length > 0 && patterns.every((pattern) => !pattern.includes("*"));

function withRequirements(selector: LabelSelector | undefined, requirements: readonly LabelRequirement[]): LabelSelector | undefined {
  if (requirements.length === 0) return selector;
  return { ...selector, matchExpressions: [...(selector?.matchExpressions ?? []), ...requirements] };
}

const textOf = (field: "name" | "namespace" | "generateName"): Cel => method(optionalSelect(ident("object"), "metadata", field), "orValue", literal(""));

/** Of an update either what the object is or what it was, as with an objectSelector. */
function selectsAnyState(selector: LabelSelector): Cel {
  const old = ident("oldObject");
  const isUpdate = binary("&&", binary("==", select(ident("request"), "operation"), literal("UPDATE")), binary("!=", old, literal(null)));
  return binary("||", selectsCel(selector, ident("object")), binary("&&", isUpdate, selectsCel(selector, old)));
}

function selectsCel({ matchLabels = {}, matchExpressions = [] }: LabelSelector, object: Cel): Cel {
  const label = (key: string): Cel => ({ kind: "index", operand: optionalSelect(object, "metadata", "labels"), index: literal(key), optional: true });
  const has = (key: string): Cel => method(label(key), "hasValue");
  const isIn = (key: string, values: readonly string[]): Cel => binary("&&", has(key), binary("in", method(label(key), "orValue", literal("")), list(...values.map(literal))));
  const requirement = ({ key, operator, values = [] }: LabelRequirement): Cel =>
    ({ In: () => isIn(key, values), NotIn: () => not(isIn(key, values)), Exists: () => has(key), DoesNotExist: () => not(has(key)) })[operator]();
  return chain("&&", [...Object.entries(matchLabels).map(([key, value]) => isIn(key, [value])), ...matchExpressions.map(requirement)], literal(true));
}

function fitsName(pattern: string): Cel {
  const own = fitsGlob(pattern, textOf("name"));
  return pattern.endsWith("*") ? binary("||", own, fitsGlob(pattern, textOf("generateName"))) : own;
}

function fitsGlob(pattern: string, value: Cel): Cel {
  if (/^\*+$/.test(pattern)) return literal(true);
  const fixed = literal(pattern.replace(/^\*/, "").replace(/\*$/, ""));
  if (pattern.startsWith("*") && pattern.endsWith("*")) return method(value, "contains", fixed);
  if (pattern.startsWith("*")) return method(value, "endsWith", fixed);
  return pattern.endsWith("*") ? method(value, "startsWith", fixed) : binary("==", value, fixed);
}
