/** What parameters mean where they are left out. Needed at run time as well: nothing here loads the compiler. */
import { isMapping } from "../manifest/mapping.js";

type Mapping = Readonly<Record<string, unknown>>;

/**
 * The parameters of a rule to which none are given.
 * @param schema of the parameters; structural or closed
 */
export function defaultsOf(schema: Mapping): Record<string, unknown> {
  return complete(schema);
}

/**
 * `given` with every default of the schema filled in, below lists and records as well, as the API server does it:
 * null counts as absent. Names that the schema does not know are kept; validation reports them.
 */
export function complete(schema: Mapping, given?: Mapping | null): Record<string, unknown> {
  const properties = isMapping(schema["properties"]) ? schema["properties"] : {};
  const completed: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(properties)) {
    if (!isMapping(property)) continue;
    const own = given !== null && given !== undefined && Object.hasOwn(given, name) ? given[name] : undefined;
    const value = own ?? structuredClone(property["default"]);
    if (value !== undefined) completed[name] = completeValue(property, value);
  }
  for (const [name, value] of Object.entries(given ?? {})) {
    if (!Object.hasOwn(properties, name)) completed[name] = completeValue(schema["additionalProperties"], value);
  }
  return completed;
}

function completeValue(schema: unknown, value: unknown): unknown {
  if (!isMapping(schema)) return value;
  if (Array.isArray(value)) return value.map((element) => completeValue(schema["items"], element));
  return isMapping(value) ? complete(schema, value) : value;
}
