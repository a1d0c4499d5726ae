import { Ajv } from "ajv";

import type { StructuralSchema } from "../compiled.js";
import { closedSchema } from "./closed.js";
import { complete } from "../../wasm/parameters.js";
import { isObject, objectEntries, textsOf, type JsonObject } from "./json.js";
import { elementPath, propertyPath, type SchemaProblem } from "./problem.js";

/** What a schema must have besides being structural, so that a rule means something in every engine. */
export function checkParameters(schema: StructuralSchema): SchemaProblem[] {
  const topLevel = objectEntries(schema["properties"]);
  return [
    ...topLevel.flatMap(([name, property]) => checkDefault(name, property)),
    ...topLevel.flatMap(([name, property]) => checkBounds(name, property)),
    ...topLevel.flatMap(([name, property]) => checkNumbers(name, property)),
    ...topLevel.flatMap(([name, property]) => checkDefaultsBelow(name, property)),
  ];
}

function checkDefault(name: string, property: JsonObject): SchemaProblem[] {
  const value = property["default"];
  if (value === undefined) {
    return [
      {
        property: name,
        message: "this parameter has no default, so a Constraint without parameters would have no meaning",
        help: `write \`@default …\` in its JSDoc, on a line of its own`,
      },
    ];
  }
  const wrapped: StructuralSchema = { type: "object", properties: { [name]: property } };
  const validate = new Ajv({ strict: false }).compile(closedSchema(wrapped));
  if (validate(complete(wrapped, {}))) return [];
  const error = validate.errors?.[0];
  const where = error?.instancePath.slice(1).replaceAll("/", ".") ?? name;
  return [
    {
      property: name,
      message: `its default does not fit its type: \`${where}\` ${error?.message ?? "is invalid"}`,
      help: "write the default as JSON; a list of texts is `@default [\"a\", \"b\"]`",
    },
  ];
}

/**
 * The code fills in records down to the first list: a default further below would hold offline only. A field of a
 * record that is not in a list must have one, because nothing else says what its absence means.
 */
function checkDefaultsBelow(name: string, property: JsonObject): SchemaProblem[] {
  if (isObject(property["items"])) return checkElements(elementPath(name), property["items"]);
  return objectEntries(property["properties"]).flatMap(([field, schema]) => {
    const path = propertyPath(name, field);
    const missing = schema["default"] === undefined && schema["type"] !== "object" && !isRequired(property, field);
    const problem = { property: path, message: "this field has no default, so what its absence means is not said", help: "write `@default …` in its JSDoc, on a line of its own" };
    return [...(missing ? [problem] : []), ...checkDefaultsBelow(path, schema)];
  });
}

const isRequired = (schema: JsonObject, field: string): boolean => textsOf(schema["required"]).includes(field);

function checkElements(path: string, schema: JsonObject): SchemaProblem[] {
  const own = schema["default"] === undefined ? [] : [{ property: path, message: "a default inside a list holds offline only", help: "leave `@default` out, and read the field with `?? …`" }];
  const below = [
    ...objectEntries(schema["properties"]).map(([field, each]) => [propertyPath(path, field), each] as const),
    ...(isObject(schema["items"]) ? [[elementPath(path), schema["items"]] as const] : []),
  ];
  return [...own, ...below.flatMap(([field, each]) => checkElements(field, each))];
}

/** JavaScript reads other numbers from a Constraint than the engines do, where they are larger. */
function checkNumbers(property: string, schema: JsonObject): SchemaProblem[] {
  const numbers = ["minimum", "maximum", "enum"].flatMap((keyword) => schema[keyword] ?? []).filter((value) => typeof value === "number");
  const below = [
    ...objectEntries(schema["properties"]).map(([name, field]) => [propertyPath(property, name), field] as const),
    ...(isObject(schema["items"]) ? [[elementPath(property), schema["items"]] as const] : []),
  ];
  const problem = { property, message: "this number can be beyond 2^53, where engines count differently", help: "write a `@minimum` and a `@maximum` between -9007199254740991 and 9007199254740991, or leave both out for 32 bits" };
  return [...(numbers.every(Number.isSafeInteger) ? [] : [problem]), ...below.flatMap(([path, each]) => checkNumbers(path, each))];
}

/** The cost of CEL is estimated and limited before it runs: what a rule loops over needs an upper bound. */
function checkBounds(property: string, schema: JsonObject): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  if (schema["type"] === "array" && schema["maxItems"] === undefined) {
    problems.push({
      property,
      message: "this list has no upper bound, and the engines limit what a rule may cost",
      help: "write `@maxItems 64` (or less) in its JSDoc",
    });
  }
  if (isObject(schema["additionalProperties"])) {
    if (schema["maxProperties"] === undefined) {
      problems.push({
        property,
        message: "this map has no upper bound, and the engines limit what a rule may cost",
        help: "write `@maxProperties 64` (or less) in its JSDoc",
      });
    }
    problems.push(...checkBounds(propertyPath(property, "*"), schema["additionalProperties"]));
  }
  if (isObject(schema["items"])) problems.push(...checkBounds(elementPath(property), schema["items"]));
  for (const [name, field] of objectEntries(schema["properties"])) {
    problems.push(...checkBounds(propertyPath(property, name), field));
  }
  return problems;
}
