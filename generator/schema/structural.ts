import type { StructuralSchema } from "../compiled.js";
import { int32 } from "../ir/ranges.js";
import { isObject, objectEntries, textsOf, type JsonObject } from "./json.js";
import { elementPath, propertyPath, type SchemaProblem } from "./problem.js";

/** Keywords that mean the same in JSON Schema and in a CRD, in the order in which they are written. */
const kept = [
  "description",
  "enum",
  "default",
  "format",
  "pattern",
  "minLength",
  "maxLength",
  "minimum",
  "maximum",
  "multipleOf",
  "minItems",
  "maxItems",
  "minProperties",
  "maxProperties",
] as const;

/** Keywords that this pass reads itself, and those that have no meaning for a single type. */
const read = ["type", "const", "properties", "required", "items", "additionalProperties", "$ref", "$schema", "definitions"];

const known = new Set<string>([...kept, ...read]);

type ScalarType = "string" | "integer" | "boolean";

const plainTypes = "write a text, a number, a boolean, a union of literals, a list or a record of those";

export type StructuralResult =
  | { readonly ok: true; readonly schema: StructuralSchema }
  | { readonly ok: false; readonly problems: readonly SchemaProblem[] };

/**
 * Turns the JSON Schema of an interface into a structural one, the kind that a CRD takes: no references, a type at
 * every level, records that are either fields or a map. TypeScript's `number` becomes `integer`: rules know no other.
 */
export function structural(schema: JsonObject): StructuralResult {
  const problems: SchemaProblem[] = [];
  const converted = convert(schema, "", problems);
  return converted === undefined || problems.length > 0 ? { ok: false, problems } : { ok: true, schema: converted };
}

/** Notes the problem; there is no schema then. */
function report(
  problems: SchemaProblem[],
  property: string,
  message: string,
  help: string,
): StructuralSchema | undefined {
  problems.push({ property, message, help });
  return undefined;
}

function convert(schema: JsonObject, property: string, problems: SchemaProblem[]): StructuralSchema | undefined {
  if ("$ref" in schema) {
    // The reader writes every type out, so a reference is a type inside of itself.
    return report(
      problems,
      property,
      "a type that contains itself cannot be a parameter",
      "write the levels out, or give the entries names and refer to them by name",
    );
  }
  if ("anyOf" in schema || "oneOf" in schema || Array.isArray(schema["type"])) {
    return report(
      problems,
      property,
      "a union of different types cannot be a parameter",
      'write a union of literals of one type ("a" | "b"), or a record with one optional field for each alternative',
    );
  }
  if ("allOf" in schema) {
    return report(problems, property, "this intersection cannot be merged into one type", "write one interface, or extend one");
  }
  if ("$comment" in schema) return report(problems, property, "a function cannot be a parameter", plainTypes);

  const unknown = Object.keys(schema).filter((keyword) => !known.has(keyword) && keyword !== "not");
  for (const keyword of unknown) {
    report(problems, property, `@${keyword} has no meaning for a parameter`, `remove it, or use one of ${tags.join(", ")}`);
  }
  switch (schema["type"]) {
    case "object":
      return convertObject(schema, property, problems);
    case "array":
      return convertList(schema, property, problems);
    case "number":
    case "integer":
      return convertScalar("integer", schema, property, problems);
    case "string":
      return convertScalar("string", schema, property, problems);
    case "boolean":
      return convertScalar("boolean", schema, property, problems);
    default:
      return report(
        problems,
        property,
        "this type has no schema: any, unknown, never, null, undefined or a type that was not found",
        plainTypes,
      );
  }
}

const tags = kept.filter((keyword) => keyword !== "enum" && keyword !== "description").map((keyword) => `@${keyword}`);

function convertScalar(
  type: ScalarType,
  schema: JsonObject,
  property: string,
  problems: SchemaProblem[],
): StructuralSchema | undefined {
  const values = "const" in schema ? [schema["const"]] : schema["enum"];
  if (Array.isArray(values) && !values.every((value) => isOf(type, value))) {
    return report(problems, property, `the values of this union are not all of type ${type}`, "use literals of one type");
  }
  if (values !== undefined) return { type, ...keptOf({ ...schema, enum: values }) };
  // Constraints could hold 64 bits, which JavaScript cannot count.
  return { type, ...keptOf(type === "integer" ? { minimum: int32.min, maximum: int32.max, ...schema } : schema) };
}

function isOf(type: ScalarType, value: unknown): boolean {
  return type === "integer" ? Number.isInteger(value) : typeof value === type;
}

function convertList(schema: JsonObject, property: string, problems: SchemaProblem[]): StructuralSchema | undefined {
  const items = schema["items"];
  if (!isObject(items)) {
    return report(problems, property, "a tuple cannot be a parameter", "write a list of one type, or a record with named fields");
  }
  const element = convert(items, elementPath(property), problems);
  return element && { type: "array", ...keptOf(schema), items: element };
}

function convertObject(schema: JsonObject, property: string, problems: SchemaProblem[]): StructuralSchema | undefined {
  const properties = objectEntries(schema["properties"]);
  const rest = schema["additionalProperties"];
  const isMap = rest === true || isObject(rest);
  if (isMap && properties.length > 0) {
    return report(
      problems,
      property,
      "a record cannot have both named fields and an index signature",
      "move the open entries to a field of their own: `extra: Record<string, string>`",
    );
  }
  if (isMap) {
    const value = convert(isObject(rest) ? rest : {}, propertyPath(property, "*"), problems);
    return value && { type: "object", ...keptOf(schema), additionalProperties: value };
  }
  if (properties.length === 0 && property !== "") {
    return report(problems, property, "a record without fields cannot be a parameter", plainTypes);
  }
  return convertRecord(schema, properties, property, problems);
}

function convertRecord(
  schema: JsonObject,
  properties: readonly [string, JsonObject][],
  property: string,
  problems: SchemaProblem[],
): StructuralSchema {
  const given = new Set(textsOf(schema["required"]));
  const fields: Record<string, StructuralSchema> = {};
  for (const [name, value] of properties) {
    const field = convert(value, propertyPath(property, name), problems);
    if (field !== undefined) fields[name] = given.has(name) ? withImpliedDefault(field) : field;
  }
  // A field with a default is never missing, and gator, which fills in no defaults, would refuse a Constraint without it.
  const required = Object.keys(fields).filter((name) => given.has(name) && fields[name]?.["default"] === undefined);
  return {
    type: "object",
    ...keptOf(schema),
    properties: fields,
    ...(required.length === 0 ? {} : { required }),
  };
}

/** A record whose fields all have defaults has one itself: without it the API server would not look inside. */
function withImpliedDefault(field: StructuralSchema): StructuralSchema {
  const isComplete = field.type === "object" && isObject(field["properties"]) && field["required"] === undefined;
  const everyDefault = objectEntries(field["properties"]).every(([, property]) => property["default"] !== undefined);
  if (!isComplete || !everyDefault || field["default"] !== undefined) return field;
  const { type, description, ...others } = field;
  return { type, ...(description === undefined ? {} : { description }), default: {}, ...others };
}

function keptOf(schema: JsonObject): JsonObject {
  return Object.fromEntries(kept.filter((keyword) => keyword in schema).map((keyword) => [keyword, schema[keyword]]));
}
