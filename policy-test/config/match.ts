/** Reads a `match` block, of a config as of a Constraint: what Gatekeeper's own schema and its webhook refuse is an error here. */
import { isMapping } from "../../manifest/mapping.js";
import type { Segment } from "../../manifest/path.js";
import type { LabelRequirement, LabelSelector, Match } from "../match.js";
import { schemaProblems } from "../validate-parameters.js";

export type Report = (segments: readonly Segment[], message: string, help?: { readonly help?: string }) => void;

const text = { type: "string" } as const;
const texts = { type: "array", items: text } as const;
const glob = { type: "string", pattern: "^\\*?[-:a-z0-9]*\\*?$" } as const;

const labelSelector = {
  type: "object",
  additionalProperties: false,
  properties: {
    matchLabels: { type: "object", additionalProperties: text },
    matchExpressions: {
      type: "array",
      items: {
        type: "object",
        additionalProperties: false,
        required: ["key", "operator"],
        properties: { key: text, operator: { enum: ["In", "NotIn", "Exists", "DoesNotExist"] }, values: texts },
      },
    },
  },
} as const;

/** The JSON Schema of a `match`; descriptions are what editors show. */
export const matchSchema = {
  type: "object",
  description: "Which objects a rule is asked about, in the words of Gatekeeper's match; what is left out restricts nothing.",
  additionalProperties: false,
  properties: {
    kinds: {
      type: "array",
      description: "Kinds by API group; an empty list of groups or kinds, or *, means all.",
      items: { type: "object", additionalProperties: false, properties: { apiGroups: texts, kinds: texts } },
    },
    namespaces: { type: "array", description: "Names of Namespaces; * may stand first or last.", items: glob },
    excludedNamespaces: { type: "array", description: "Names of Namespaces to leave alone; * may stand first or last.", items: glob },
    labelSelector: { description: "By labels of the object.", ...labelSelector },
    namespaceSelector: { description: "By labels of the object's Namespace, which must be known: in the same file or in --inventory.", ...labelSelector },
    name: { description: "Name of the object; * may stand first or last.", ...glob },
    scope: { description: "Cluster for Namespaces alone, Namespaced for everything else.", enum: ["*", "Cluster", "Namespaced"] },
    source: { description: "Generated never fits offline: nothing is expanded.", enum: ["All", "Generated", "Original"] },
  },
} as const;

/** @returns the block; undefined where there is none, or where it is not valid, which has then been reported */
export function readMatch(value: unknown, report: Report): Match | undefined {
  if (value === undefined || value === null) return undefined;
  const given = withoutAbsent(value);
  const problems = schemaProblems(matchSchema, given, { whole: "a match", part: (path) => `\`${path}\` of a match`, field: "a match has no field" });
  for (const { segments, message, ...help } of problems) report(segments, message, help);
  if (problems.length > 0 || !isMatch(given)) return undefined;
  for (const name of ["labelSelector", "namespaceSelector"] as const) {
    if (given[name] !== undefined) checkSelector(given[name], (segments, message, help) => report([name, ...segments], message, help));
  }
  return given;
}

/** Fields of null are absent, in every client of Kubernetes; and so is a scope or source of "". */
function withoutAbsent(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutAbsent);
  if (!isMapping(value)) return value;
  const isAbsent = (name: string, field: unknown): boolean => field === null || (field === "" && (name === "scope" || name === "source"));
  return Object.fromEntries(Object.entries(value).flatMap(([name, field]) => (isAbsent(name, field) ? [] : [[name, withoutAbsent(field)]])));
}

/** What has passed the schema is of the type that the schema describes. */
function isMatch(value: unknown): value is Match {
  return isMapping(value);
}

const LABEL_NAME = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const LABEL_PREFIX = /^(?=.{1,253}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

function checkSelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector, report: Report): void {
  for (const [key, value] of Object.entries(matchLabels)) {
    if (!isLabelKey(key)) report(["matchLabels", key], `\`${key}\` is no name of a label`);
    if (!isLabelValue(value)) report(["matchLabels", key], `\`${value}\` is no value of a label`);
  }
  for (const [index, expression] of matchExpressions.entries()) {
    checkRequirement(expression, (segments, message, help) => report(["matchExpressions", index, ...segments], message, help));
  }
}

function checkRequirement({ key, operator, values = [] }: LabelRequirement, report: Report): void {
  if (!isLabelKey(key)) report(["key"], `\`${key}\` is no name of a label`);
  const needsValues = operator === "In" || operator === "NotIn";
  if (needsValues && values.length === 0) report([], `the operator ${operator} needs \`values\``);
  if (!needsValues && values.length > 0) report(["values"], `the operator ${operator} takes no \`values\``);
  for (const [index, value] of values.entries()) if (!isLabelValue(value)) report(["values", index], `\`${value}\` is no value of a label`);
}

function isLabelKey(key: string): boolean {
  const [name = "", prefix, ...more] = key.split("/").reverse();
  return LABEL_NAME.test(name) && more.length === 0 && (prefix === undefined || LABEL_PREFIX.test(prefix));
}

const isLabelValue = (value: string): boolean => value === "" || LABEL_NAME.test(value);
