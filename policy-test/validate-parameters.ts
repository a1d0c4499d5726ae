/** Checks parts of a config against their schemas. Loaded only where a config has such parts: ajv costs a third of the start-up. */
import { Ajv, type ErrorObject } from "ajv";
import { joinPath, type Segment } from "../manifest/path.js";
import type { RuleManifest } from "../wasm/manifest.js";
import { didYouMean } from "./nearest.js";
import { isMapping } from "../manifest/mapping.js";

/** What is wrong with a value, and where below it. */
export interface SchemaProblem {
  readonly segments: readonly Segment[];
  readonly message: string;
  readonly help?: string;
}

const ajv = new Ajv({ allErrors: true, verbose: true, strict: false });

/** What a value and its parts are called in messages. */
export interface Words {
  readonly whole: string;
  readonly part: (path: string) => string;
  /** What a field directly below the value is called. */
  readonly field: string;
}

/** Every way in which complete `parameters` break the schema of the rule. */
export function parameterProblems(rule: RuleManifest, parameters: Readonly<Record<string, unknown>>): SchemaProblem[] {
  const whole = `the parameters of rule \`${rule.id}\``;
  return schemaProblems(rule.parameters, parameters, { whole, part: (path) => `parameter \`${path}\` of rule \`${rule.id}\``, field: `rule \`${rule.id}\` has no parameter` });
}

/** Every way in which a value breaks a schema. */
export function schemaProblems(schema: Readonly<Record<string, unknown>>, value: unknown, words: Words): SchemaProblem[] {
  const validate = ajv.compile(schema);
  if (validate(value)) return [];
  const errors = validate.errors ?? [];
  const isSaid = ({ keyword, instancePath }: ErrorObject): boolean =>
    keyword === "type" && errors.some((other) => other.keyword === "enum" && other.instancePath === instancePath);
  return errors.filter((error) => !isSaid(error)).map((error) => problemOf(error, value, words));
}

function problemOf(error: ErrorObject, value: unknown, words: Words): SchemaProblem {
  const segments = segmentsOf(error.instancePath, value);
  const name = joinPath("", ...segments);
  const subject = name === "" ? words.whole : words.part(name);
  const params: Readonly<Record<string, unknown>> = error.params;
  switch (error.keyword) {
    case "additionalProperties": {
      const extra = String(params.additionalProperty);
      return {
        segments: [...segments, extra],
        message: name === "" ? `${words.field} \`${extra}\`` : `${subject} has no field \`${extra}\``,
        ...didYouMean(extra, propertyNames(error.parentSchema)),
      };
    }
    case "required":
      return { segments, message: `${subject} lacks \`${String(params.missingProperty)}\`` };
    case "enum": {
      const allowed: unknown[] = Array.isArray(params.allowedValues) ? params.allowedValues : [];
      const values = allowed.map((each) => `\`${String(each)}\``).join(", ");
      return { segments, message: `${subject} is ${shown(error.data)}, not one of ${values}`, ...quoting(error.data, allowed), ...meant(error.data, allowed) };
    }
    default:
      return { segments, message: `${subject} ${error.message ?? "is not valid"}${got(error)}` };
  }
}

function meant(value: unknown, allowed: readonly unknown[]): { help?: string } {
  return typeof value === "string" ? didYouMean(value, allowed.map(String)) : {};
}

function got(error: ErrorObject): string {
  return error.keyword === "type" || error.keyword === "pattern" ? `, not ${shown(error.data)}` : "";
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (isMapping(value)) return "a mapping";
  return `\`${String(value)}\``;
}

/** YAML as Kubernetes reads it has more ways to write true and false than people expect. */
function quoting(value: unknown, allowed: readonly unknown[]): { help?: string } {
  const meant = allowed.find((word): word is string => typeof word === "string" && (value === true ? ["on", "yes"] : ["off", "no"]).includes(word));
  if (typeof value !== "boolean" || meant === undefined) return {};
  return { help: `write "${meant}" in quotes: without them Kubernetes reads it as ${String(value)}` };
}

function propertyNames(schema: unknown): string[] {
  return isMapping(schema) && isMapping(schema.properties) ? Object.keys(schema.properties) : [];
}

/** The segments of a JSON pointer into `value`. */
function segmentsOf(pointer: string, value: unknown): Segment[] {
  let current = value;
  return pointer
    .split("/")
    .slice(1)
    .map((escaped) => {
      const name = escaped.replaceAll("~1", "/").replaceAll("~0", "~");
      const segment = Array.isArray(current) ? Number(name) : name;
      const below: unknown = current !== null && typeof current === "object" ? Reflect.get(current, name) : undefined;
      current = below;
      return segment;
    });
}
