/** What parameters mean where they are left out. Used at run time as well: nothing here loads the compiler. */
import { isObject, objectEntries, type JsonObject } from "./json.js";

/**
 * The parameters of a rule to which none are given.
 * @param schema of the parameters; structural or closed
 */
export function defaultsOf(schema: JsonObject): JsonObject {
  return complete(schema, {});
}

/**
 * `given` with every default of the schema filled in, below lists and records as well, as the API server does it:
 * null counts as absent. Names that the schema does not know are kept; validation reports them.
 */
export function complete(schema: JsonObject, given: JsonObject | null | undefined): JsonObject {
  return completeObject(schema, given ?? {});
}

function completeObject(schema: JsonObject, given: JsonObject): JsonObject {
  const properties = objectEntries(schema["properties"]);
  const completed: Record<string, unknown> = {};
  for (const [name, property] of properties) {
    const value = given[name] ?? property["default"];
    if (value !== undefined) completed[name] = completeValue(property, value);
  }
  const known = new Set(properties.map(([name]) => name));
  for (const [name, value] of Object.entries(given)) {
    if (!known.has(name)) completed[name] = completeValue(schema["additionalProperties"], value);
  }
  return completed;
}

function completeValue(schema: unknown, value: unknown): unknown {
  if (!isObject(schema)) return value;
  if (Array.isArray(value)) return value.map((element) => completeValue(schema["items"], element));
  return isObject(value) ? completeObject(schema, value) : value;
}
