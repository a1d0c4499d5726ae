/** Checks parameters against a rule's schema. Loaded only where a config sets some: ajv costs a third of the start-up. */
import { Ajv, type ErrorObject } from "ajv";
import { joinPath, type Segment } from "../manifest/path.js";
import type { RuleManifest } from "../wasm/manifest.js";
import { didYouMean } from "./nearest.js";
import { isMapping } from "../manifest/mapping.js";

/** What is wrong with a rule's parameters, and where below them. */
export interface ParameterProblem {
  readonly segments: readonly Segment[];
  readonly message: string;
  readonly help?: string;
}

const ajv = new Ajv({ allErrors: true, verbose: true, strict: false });

/** Every way in which complete `parameters` break the schema of the rule. */
export function parameterProblems(rule: RuleManifest, parameters: Readonly<Record<string, unknown>>): ParameterProblem[] {
  const validate = ajv.compile(rule.parameters);
  if (validate(parameters)) return [];
  const errors = validate.errors ?? [];
  const isSaid = ({ keyword, instancePath }: ErrorObject): boolean =>
    keyword === "type" && errors.some((other) => other.keyword === "enum" && other.instancePath === instancePath);
  return errors.filter((error) => !isSaid(error)).map((error) => problemOf(rule.id, error, parameters));
}

function problemOf(id: string, error: ErrorObject, parameters: unknown): ParameterProblem {
  const segments = segmentsOf(error.instancePath, parameters);
  const name = joinPath("", ...segments);
  const subject = name === "" ? `the parameters of rule \`${id}\`` : `parameter \`${name}\` of rule \`${id}\``;
  const params: Readonly<Record<string, unknown>> = error.params;
  switch (error.keyword) {
    case "additionalProperties": {
      const extra = String(params.additionalProperty);
      return {
        segments: [...segments, extra],
        message: name === "" ? `rule \`${id}\` has no parameter \`${extra}\`` : `${subject} has no field \`${extra}\``,
        ...didYouMean(extra, propertyNames(error.parentSchema)),
      };
    }
    case "required":
      return { segments, message: `${subject} lacks \`${String(params.missingProperty)}\`` };
    case "enum": {
      const allowed: unknown[] = Array.isArray(params.allowedValues) ? params.allowedValues : [];
      const values = allowed.map((value) => `\`${String(value)}\``).join(", ");
      return { segments, message: `${subject} is ${shown(error.data)}, not one of ${values}`, ...quoting(error.data, allowed) };
    }
    default:
      return { segments, message: `${subject} ${error.message ?? "is not valid"}${got(error)}` };
  }
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
