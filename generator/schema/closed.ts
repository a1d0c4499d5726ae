import type { StructuralSchema } from "../compiled.js";
import { isObject, objectEntries, type JsonObject } from "./json.js";

/**
 * The same schema as JSON Schema draft-07 that refuses unknown names: what checks parameters offline, where no API
 * server prunes them. A misspelt parameter would be a rule that silently does something else.
 */
export function closedSchema(schema: StructuralSchema): JsonObject {
  return { $schema: "http://json-schema.org/draft-07/schema#", ...close(schema) };
}

function close(schema: JsonObject): JsonObject {
  const closed: Record<string, unknown> = { ...schema };
  if (isObject(schema["items"])) closed["items"] = close(schema["items"]);
  if (isObject(schema["additionalProperties"])) {
    closed["additionalProperties"] = close(schema["additionalProperties"]);
  } else if (schema["type"] === "object") {
    closed["properties"] = Object.fromEntries(
      objectEntries(schema["properties"]).map(([name, property]) => [name, close(property)]),
    );
    closed["additionalProperties"] = false;
  }
  return closed;
}
