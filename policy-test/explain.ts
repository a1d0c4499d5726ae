import { dump } from "js-yaml";
import type { RuleManifest } from "../wasm/manifest.js";
import { defaultSetting } from "./rules.js";
import { isMapping } from "../manifest/mapping.js";
import { wrap } from "./wrap.js";

type Schema = Readonly<Record<string, unknown>>;

/** What a rule is for, its parameters, and a config to copy. */
export function formatExplanation(rule: RuleManifest): string {
  const parameters = describeFields(rule.parameters, "  ");
  return [
    `${rule.id}: ${rule.title}\n`,
    `severity ${rule.severity}, enforcement ${rule.enforcement} unless the config says otherwise\n`,
    ...rule.description.split(/\n\s*\n/).map((paragraph) => `${wrap(paragraph, "")}\n`),
    parameters.length === 0 ? "No parameters.\n" : `Parameters:\n${parameters.join("\n")}\n`,
    `Config (policy-test.yaml), with the defaults written out:\n${exampleConfig(rule)}`,
  ].join("\n");
}

/** A config that says what holds without it. */
function exampleConfig(rule: RuleManifest): string {
  const { enforcement, parameters } = defaultSetting(rule);
  const setting = Object.keys(parameters).length === 0 ? { enforcement } : { enforcement, parameters };
  return dump({ rules: { [rule.id]: setting } }, { flowLevel: 4, lineWidth: -1 }).replace(/^(?=.)/gm, "  ");
}

/** Name, type, default and description of each field of an object, those of nested objects below it. */
function describeFields(schema: Schema, indent: string): string[] {
  if (!isMapping(schema.properties)) return [];
  const required: unknown[] = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(schema.properties).flatMap(([name, field]) => {
    if (!isMapping(field)) return [];
    const fallback = field.default === undefined ? (required.includes(name) ? ", required" : "") : `, default ${JSON.stringify(field.default)}`;
    const description = typeof field.description === "string" ? [wrap(field.description, `${indent}    `)] : [];
    return [`${indent}${name}: ${typeOf(field)}${fallback}`, ...description, ...describeFields(elementOf(field), `${indent}    `)];
  });
}

/** The schema whose fields are to be described: for a list that of its elements. */
function elementOf(schema: Schema): Schema {
  return isMapping(schema.items) ? elementOf(schema.items) : schema;
}

function typeOf(schema: Schema): string {
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (isMapping(schema.items)) {
    const size = [bound("at least", schema.minItems), bound("at most", schema.maxItems)].filter((part) => part !== "");
    return `list of ${typeOf(schema.items)}${size.length === 0 ? "" : ` (${size.join(", ")})`}`;
  }
  const range = [bound("from", schema.minimum), bound("to", schema.maximum)].filter((part) => part !== "");
  return `${typeof schema.type === "string" ? schema.type : "any value"}${range.length === 0 ? "" : ` ${range.join(" ")}`}`;
}

function bound(word: string, value: unknown): string {
  return typeof value === "number" ? `${word} ${String(value)}` : "";
}
