/** A rule's `match` in the words of the API server, which Kyverno's ValidatingPolicies share: selectors, kinds and conditions in CEL. */
import { binary, chain, ident, literal, method, not, optionalSelect, type Cel } from "../../generator/cel/ast.js";
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

/** @returns why the rule would never be asked, where that is so: a policy that matches nothing is no policy */
export function matchingOf(match: Match, reviews: Reviews): Matching | { readonly why: string } {
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
  ];
  const namespaceSelector = withRequirements(match.namespaceSelector, requirements);
  return {
    ...(namespaceSelector === undefined ? {} : { namespaceSelector }),
    ...(match.labelSelector === undefined ? {} : { objectSelector: match.labelSelector }),
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
