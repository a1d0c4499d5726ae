/** Checks parts of a config against their schemas. Loaded only where a config has such parts: ajv costs a third of the start-up. */
import { Ajv, type ErrorObject } from "ajv";
import { mismatch, type Wanted } from "../manifest/mismatch.js";
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

/**
 * Every way in which complete `parameters` break the schema of the rule.
 * @param nameOf what a part is called that the user did not write as a parameter; undefined for all others
 */
export function parameterProblems(rule: RuleManifest, parameters: Readonly<Record<string, unknown>>, nameOf: (path: string) => string | undefined = () => undefined): SchemaProblem[] {
  const whole = `the parameters of rule \`${rule.id}\``;
  return schemaProblems(rule.parameters, parameters, { whole, part: (path) => nameOf(path) ?? `parameter \`${path}\` of rule \`${rule.id}\``, field: `rule \`${rule.id}\` has no parameter` });
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
    case "type": {
      const wanted = wantedTypes.get(params.type);
      return { segments, message: `${subject} ${wanted === undefined ? `${error.message ?? "is not valid"}, not ${shown(error.data)}` : mismatch(name, wanted, error.data)}` };
    }
    default:
      return { segments, message: `${subject} ${describeLimit(error, params.limit) ?? `${error.message ?? "is not valid"}${got(error)}`}` };
  }
}

const wantedTypes: ReadonlyMap<unknown, Wanted> = new Map([
  ["string", "text"],
  ["integer", "integer"],
  ["boolean", "boolean"],
  ["array", "list"],
  ["object", "mapping"],
]);

/** What is wrong with the size of a value; undefined where something else is. */
function describeLimit({ keyword, parentSchema }: ErrorObject, given: unknown): string | undefined {
  const limit = String(given);
  switch (keyword) {
    case "minimum":
      return `must be at least ${limit}`;
    case "maximum":
      return `must be at most ${limit}`;
    case "minItems":
    case "minLength":
      return limit === "1" ? "is empty" : undefined;
    case "minProperties":
      return limit === "1" ? `is empty; give it at least one of ${propertyNames(parentSchema).map((field) => `\`${field}\``).join(", ")}` : undefined;
    case "maxItems":
    case "maxProperties":
      return `has more than ${limit} entries`;
    case "maxLength":
      return `has more than ${limit} characters`;
    default:
      return undefined;
  }
}

function meant(value: unknown, allowed: readonly unknown[]): { help?: string } {
  return typeof value === "string" ? didYouMean(value, allowed.map(String)) : {};
}

function got(error: ErrorObject): string {
  return error.keyword === "pattern" ? `, not ${shown(error.data)}` : "";
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
