/** What is made from a schema is what the schema allows. */
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { closedSchema } from "../generator/schema/closed.js";
import { complete } from "../generator/schema/schema.js";
import { isObject, type JsonObject } from "../generator/schema/json.js";
import { compiledRules } from "./compiled.js";
import { largestValue, recordArbitrary } from "./schema-values.js";

describe.each(compiledRules.map((rule) => ({ id: rule.meta.id, schema: rule.schema })))("$id", ({ schema }) => {
  const isValid = new Ajv({ strict: false }).compile(closedSchema(schema));

  test("has random parameters that its schema allows", () => {
    fc.assert(
      fc.property(recordArbitrary(schema), (parameters) => isValid(complete(schema, parameters))),
      { numRuns: 200 },
    );
  });

  test("has largest parameters that its schema allows, every list at its bound", () => {
    const largest = largestValue(schema);
    if (!isObject(largest)) throw new TypeError("parameters are a record");
    expect(isValid(complete(schema, largest)), JSON.stringify(isValid.errors)).toBe(true);
    for (const [name, value] of Object.entries(largest)) {
      if (Array.isArray(value)) expect(value).toHaveLength(maxItemsOf(schema, name));
    }
  });
});

function maxItemsOf(schema: JsonObject, name: string): number {
  const properties = schema["properties"];
  const field = isObject(properties) ? properties[name] : undefined;
  return isObject(field) ? Number(field["maxItems"]) : Number.NaN;
}
