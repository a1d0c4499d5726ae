/** Which Constraint a case is run against, and where its files lie. */
import { isReviewable } from "../../manifest/view.js";
import type { Reviews } from "../../policies/kit/view.js";
import type { CompiledRule } from "../compiled.js";
import type { JsonObject } from "../schema/json.js";
import { namespaceOf, type Case } from "./cases.js";
import { excludedNamespacesOf, kebab, unique } from "./names.js";
import { yamlOf } from "./yaml.js";

/** Cases that share one Constraint. */
export interface Group {
  readonly name: string;
  readonly parameters: JsonObject;
  readonly excludedNamespaces: readonly string[];
  /** Path of the Constraint below the rule's folder. */
  readonly constraint: string;
  readonly cases: readonly { readonly file: string; readonly case: Case }[];
}

/** Where the cluster of a case lies, whose object lies in `file`. */
export const inventoryFile = (file: string): string => `test/inventory/${file.replace(/^(samples|test)\//, "").replaceAll("/", "-")}`;

/** How many cases of each outcome stand among the samples, where people look first. */
const SAMPLES = 3;
const SAMPLE_LINES = 60;

/**
 * The first group has the default parameters and is the sample that people install; it always exists. The others have
 * a Constraint of their own, for each distinct set of parameters and, where the sample leaves namespaces out, for cases
 * in those.
 */
export function groupCases(rule: CompiledRule, cases: readonly Case[]): Group[] {
  const sample = `samples/${rule.meta.id}`;
  const excluded = excludedNamespacesOf(rule.meta);
  const isDefault = (one: Case): boolean => Object.keys(one.parameters).length === 0;
  const isLeftOut = (one: Case): boolean => excluded.includes(namespaceOf(one.request));
  const defaults: Group = {
    name: rule.meta.id,
    parameters: {},
    excludedNamespaces: excluded,
    constraint: `${sample}/constraint.yaml`,
    cases: samplesAndTests(
      rule,
      sample,
      cases.filter((one) => isDefault(one) && !isLeftOut(one)),
    ),
  };
  const taken = new Set([defaults.name, "default"]);
  const keyed = new Map<string, Case[]>();
  for (const one of cases.filter((each) => !isDefault(each) || isLeftOut(each))) {
    const key = JSON.stringify(one.parameters);
    keyed.set(key, [...(keyed.get(key) ?? []), one]);
  }
  const others = [...keyed.values()].map((members): Group => {
    const parameters = members[0]?.parameters ?? {};
    const words = Object.keys(parameters);
    const name = unique(kebab(words.length === 0 ? "every-namespace" : words.join("-")), taken);
    return {
      name,
      parameters,
      excludedNamespaces: [],
      constraint: `test/${name}/constraint.yaml`,
      cases: named(members, (file) => `test/${name}/${file}.yaml`, new Set(["constraint"])),
    };
  });
  return [defaults, ...others];
}

/** The first few cases of each outcome that a cluster could see are samples; the rest is there for the tests. */
function samplesAndTests({ meta }: CompiledRule, folder: string, cases: readonly Case[]): Group["cases"] {
  const allowed = samplesOf(meta.reviews, cases.filter((one) => one.violations.length === 0));
  const disallowed = samplesOf(meta.reviews, cases.filter((one) => one.violations.length > 0));
  const rest = cases.filter((one) => !allowed.includes(one) && !disallowed.includes(one));
  return [
    ...named(allowed, (file) => `${folder}/example_allowed_${file}.yaml`),
    ...named(disallowed, (file) => `${folder}/example_disallowed_${file}.yaml`),
    ...named(rest, (file) => `test/default/${file}.yaml`),
  ];
}

/** One case of each kind of workload, so that they differ in something that shows, and short enough to be read. */
function samplesOf(reviews: Reviews, cases: readonly Case[]): Case[] {
  const kind = (one: Case): unknown => one.request.object["kind"];
  return cases
    .filter((one) => one.offline === undefined && one.request.operation !== "UPDATE")
    .filter((one) => isReviewable(one.request.object, reviews))
    .filter((one) => yamlOf(one.request.object).split("\n").length <= SAMPLE_LINES)
    .filter((one, index, plain) => plain.findIndex((other) => kind(other) === kind(one)) === index)
    .slice(0, SAMPLES);
}

function named(cases: readonly Case[], path: (file: string) => string, taken = new Set<string>()): Group["cases"] {
  return cases.map((one) => ({ file: path(unique(kebab(one.name), taken)), case: one }));
}
