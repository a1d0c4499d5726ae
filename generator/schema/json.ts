import { isMapping } from "../../manifest/mapping.js";

/** A JSON object, of which nothing more is known. */
export type JsonObject = Readonly<Record<string, unknown>>;

export { isMapping as isObject };

/** The entries of `value` that are objects; none where it is no object. */
export function objectEntries(value: unknown): [string, JsonObject][] {
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([name, entry]): [string, JsonObject][] => (isMapping(entry) ? [[name, entry]] : []));
}

/** The texts of the list `value`; none where it is no list. */
export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((element) => typeof element === "string") : [];
}
