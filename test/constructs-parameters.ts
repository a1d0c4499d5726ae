/** Parameters of any rule, made from its schema alone: boundary values, optional fields with and without a value. */
import fc, { type Arbitrary } from "fast-check";
import { isObject, objectEntries, type JsonObject } from "../generator/schema/json.js";
import { listOf } from "./json.js";

/** What occurs in generated workloads, so that comparing with it is sometimes true. */
const texts = ["", "*", "agent", "agent-*", "web-*", "main-0", "init-1", "default", "monitoring", "DaemonSet", "Pod", "*Set", "a", "example", "8080", "1e3", "0x50", "2147483648", '"q"\n{}', "é集😀"];
const keys = ["zone", "kubernetes.io/os", "other", ""];
const integers = [0, 1, 2, 3, 22, 53, 80, 81, 443, 1024, 8080, 9001, 9100, 65_535, 65_536, 1_000_000, -1, -4];
const [MIN_INT32, MAX_INT32] = [-(2 ** 31), 2 ** 31 - 1];

/** Parameters as a user may write them; undefined where there are none at all. */
export function parametersOf(schema: JsonObject): Arbitrary<JsonObject | undefined> {
  return fc.oneof(
    { weight: 6, arbitrary: record(schema) },
    { weight: 1, arbitrary: fc.constantFrom({}, undefined) },
  );
}

function value(schema: JsonObject): Arbitrary<unknown> {
  const choices = listOf(schema["enum"]);
  if (choices.length > 0) return fc.constantFrom(...choices);
  switch (schema["type"]) {
    case "boolean":
      return fc.boolean();
    case "integer": {
      const [min, max] = [limit(schema, "minimum", MIN_INT32), limit(schema, "maximum", MAX_INT32)];
      const usual = integers.filter((each) => min <= each && each <= max);
      return fc.oneof({ weight: 2, arbitrary: fc.constantFrom(min, max, ...usual) }, { weight: 1, arbitrary: fc.integer({ min, max }) });
    }
    case "string": {
      const [minLength, maxLength] = [limit(schema, "minLength", 0), limit(schema, "maxLength", 100)];
      const usual = texts.filter((each) => minLength <= each.length && each.length <= maxLength);
      return fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...usual) }, { weight: 1, arbitrary: fc.string({ unit: "binary", minLength, maxLength: Math.min(maxLength, 12) }) });
    }
    case "array":
      return fc.array(value(below(schema, "items")), { minLength: limit(schema, "minItems", 0), maxLength: limit(schema, "maxItems", 4), size: "max" });
    case "object":
      return isObject(schema["additionalProperties"])
        ? fc.dictionary(fc.constantFrom(...keys), value(schema["additionalProperties"]), { maxKeys: limit(schema, "maxProperties", 3) })
        : record(schema);
    default:
      throw new TypeError(`no arbitrary for ${JSON.stringify(schema)}`);
  }
}

/** Fields that need not be there are left out, or null, which counts as absent. */
function record(schema: JsonObject): Arbitrary<JsonObject> {
  const needed = listOf(schema["required"]);
  const fields = objectEntries(schema["properties"]).map(([name, field]) => {
    const given = value(field);
    return [name, needed.includes(name) ? given : fc.oneof({ weight: 8, arbitrary: given }, { weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.constant(null) })] as const;
  });
  return fc
    .record(Object.fromEntries(fields))
    .map((made): JsonObject => Object.fromEntries(Object.entries(made).filter(([, each]) => each !== undefined)))
    .filter((made) => Object.keys(made).length >= limit(schema, "minProperties", 0));
}

function limit(schema: JsonObject, keyword: string, otherwise: number): number {
  const given: unknown = schema[keyword];
  return typeof given === "number" ? given : otherwise;
}

function below(schema: JsonObject, keyword: string): JsonObject {
  const inner: unknown = schema[keyword];
  if (!isObject(inner)) throw new TypeError(`no ${keyword} in ${JSON.stringify(schema)}`);
  return inner;
}
