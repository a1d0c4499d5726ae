/** Parameters that are made from a rule's schema alone: for rules that need no values of their own. */
import fc, { type Arbitrary } from "fast-check";
import { isObject, objectEntries, textsOf, type JsonObject } from "../generator/schema/json.js";

const numberOf = (schema: JsonObject, keyword: string, fallback: number): number => {
  const value = schema[keyword];
  return typeof value === "number" ? value : fallback;
};

/** Texts that occur in workloads as well, and some that do not. */
const text = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("agent", "default", "monitoring", "DaemonSet", "8080", "PORT", "--port", "cpu", "/etc", "/proc", "a*", "*", "") },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
);

/** Values that the schema allows. Of lists and maps short ones. */
export function schemaArbitrary(schema: JsonObject): Arbitrary<unknown> {
  if (Array.isArray(schema["enum"])) return fc.constantFrom<unknown>(...(schema["enum"] as unknown[])); // Array.isArray has just said so
  switch (schema["type"]) {
    case "boolean":
      return fc.boolean();
    case "integer":
      return fc.integer({ min: numberOf(schema, "minimum", 0), max: numberOf(schema, "maximum", 65_535) });
    case "string":
      return text.filter(fitsText(schema));
    case "array": {
      const minLength = numberOf(schema, "minItems", 0);
      const maxLength = Math.min(numberOf(schema, "maxItems", 3), Math.max(3, minLength));
      return fc.array(schemaArbitrary(isObject(schema["items"]) ? schema["items"] : {}), { minLength, maxLength });
    }
    case "object": {
      const rest = schema["additionalProperties"];
      if (isObject(rest)) return fc.dictionary(text, schemaArbitrary(rest), { maxKeys: 3 });
      return recordArbitrary(schema);
    }
    default:
      throw new Error(`no values of type ${String(schema["type"])}`);
  }
}

/** A record of which anything may be left out that the schema does not require. */
export function recordArbitrary(schema: JsonObject, own: Readonly<Record<string, Arbitrary<unknown>>> = {}): Arbitrary<JsonObject> {
  const fields = Object.fromEntries(objectEntries(schema["properties"]).map(([name, field]) => [name, own[name] ?? schemaArbitrary(field)]));
  const needed = numberOf(schema, "minProperties", 0);
  return fc.record(fields, { requiredKeys: textsOf(schema["required"]) }).filter((record) => Object.keys(record).length >= needed);
}

function fitsText(schema: JsonObject): (value: string) => boolean {
  const pattern = typeof schema["pattern"] === "string" ? new RegExp(schema["pattern"], "u") : undefined;
  const [min, max] = [numberOf(schema, "minLength", 0), numberOf(schema, "maxLength", Number.POSITIVE_INFINITY)];
  return (value) => value.length >= min && value.length <= max && (pattern?.test(value) ?? true);
}

/** The largest value that the schema allows: every list at its `maxItems`, all of it different, and nothing that fits a workload. */
export function largestValue(schema: JsonObject, seed = 0): unknown {
  const values: unknown[] = Array.isArray(schema["enum"]) ? schema["enum"] : [];
  if (values.length > 0) return values[seed % values.length];
  switch (schema["type"]) {
    case "boolean":
      return true;
    case "integer":
      return Math.max(numberOf(schema, "minimum", 0), numberOf(schema, "maximum", 60_000) - seed);
    case "string":
      return `/other/value/of/some/length-${String(seed)}`.slice(0, numberOf(schema, "maxLength", 100));
    case "array": {
      const items = isObject(schema["items"]) ? schema["items"] : {};
      return Array.from({ length: numberOf(schema, "maxItems", 0) }, (_, index) => largestValue(items, seed + index));
    }
    case "object": {
      const rest = schema["additionalProperties"];
      if (isObject(rest)) return Object.fromEntries(Array.from({ length: numberOf(schema, "maxProperties", 0) }, (_, index) => [`other-${String(index)}`, largestValue(rest, seed + index)]));
      return Object.fromEntries(objectEntries(schema["properties"]).map(([name, field]) => [name, largestValue(field, seed)]));
    }
    default:
      throw new Error(`no values of type ${String(schema["type"])}`);
  }
}
