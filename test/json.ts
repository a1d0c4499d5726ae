/** JSON of which nothing is known, as the tests read it from engines and servers. */
import { isObject, type JsonObject } from "../generator/schema/json.js";

export const asJson = (value: object): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject; // made of JSON

/** The elements of the list `value`; none where it is no list. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The elements of the list `value` that are objects; none where it is no list. */
export const objectsIn = (value: unknown): JsonObject[] => listOf(value).filter(isObject);

/** The value at a path of fields and indexes; undefined where there is none. */
export function valueAt(object: unknown, ...path: readonly (string | number)[]): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return object;
  return object !== null && typeof object === "object" ? valueAt(Reflect.get(object, first), ...rest) : undefined;
}
