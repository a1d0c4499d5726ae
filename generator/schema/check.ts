import { Ajv } from "ajv";

import type { StructuralSchema } from "../compiled.js";
import { closedSchema } from "./closed.js";
import { complete } from "../../wasm/parameters.js";
import { isObject, objectEntries, type JsonObject } from "./json.js";
import { elementPath, propertyPath, type SchemaProblem } from "./problem.js";

/** What a schema must have besides being structural, so that a rule means something in every engine. */
export function checkParameters(schema: StructuralSchema): SchemaProblem[] {
  const topLevel = objectEntries(schema["properties"]);
  return [
    ...topLevel.flatMap(([name, property]) => checkDefault(name, property)),
    ...topLevel.flatMap(([name, property]) => checkBounds(name, property)),
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
