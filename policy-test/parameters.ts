import type { ParameterSchema } from "../wasm/manifest.js";
import { isMap } from "./values.js";

/**
 * `given` with every default of the schema filled in, nested ones and those of list elements too. Null counts as
 * absent, as it does for the API server. What does not fit the schema is left for validation to complain about.
 */
export function completeParameters(schema: ParameterSchema, given: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const completed: Record<string, unknown> = { ...given };
  if (!isMap(schema.properties)) return completed;
  for (const [name, property] of Object.entries(schema.properties)) {
    if (!isMap(property)) continue;
    const value = (Object.hasOwn(given, name) ? given[name] : undefined) ?? structuredClone(property.default);
    if (value === undefined) delete completed[name];
    else completed[name] = completeValue(property, value);
  }
  return completed;
}

function completeValue(schema: ParameterSchema, value: unknown): unknown {
  if (isMap(value)) return completeParameters(schema, value);
  const { items } = schema;
  if (Array.isArray(value) && isMap(items)) return value.map((element) => completeValue(items, element));
  return value;
}
