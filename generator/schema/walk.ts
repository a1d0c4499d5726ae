import type { Json } from "../ir/ir.js";
import type { StructuralSchema } from "../compiled.js";
import { isObject, objectEntries, type JsonObject } from "./json.js";

/** What a lowering builds of the parameters: records down to values that are given or have a default. */
export interface ParameterBuilder<Target> {
  readonly record: (fields: readonly { readonly name: string; readonly value: Target }[]) => Target;
  /** The value at `path` below the parameters, or `fallback` where it is absent or null. */
  readonly value: (path: readonly string[], fallback: Json, holds: "integer" | "integers" | "other") => Target;
}

/** The top-level parameters `names`, complete, as a record. */
export function buildParameters<Target>(schema: StructuralSchema, names: readonly string[], builder: ParameterBuilder<Target>): Target {
  const properties = objectEntries(schema["properties"]);
  const build = (property: unknown, path: readonly string[]): Target => {
    if (!isObject(property)) throw new TypeError(`the schema lacks the parameter \`${path.join(".")}\``);
    const fields = objectEntries(property["properties"]);
    if (property["type"] === "object" && fields.length > 0) {
      return builder.record(fields.map(([name, field]) => ({ name, value: build(field, [...path, name]) })));
    }
    const fallback = property["default"];
    if (!isJson(fallback)) throw new TypeError(`the parameter \`${path.join(".")}\` has no default`);
    return builder.value(path, fallback, holdsOf(property));
  };
  const used = [...properties].filter(([name]) => names.includes(name));
  return builder.record(used.map(([name, property]) => ({ name, value: build(property, [name]) })));
}

function holdsOf({ type, items }: JsonObject): "integer" | "integers" | "other" {
  if (type === "integer") return "integer";
  return isObject(items) && items["type"] === "integer" ? "integers" : "other";
}

/** Whether a value is plain data without null: what a default may be. */
export function isJson(value: unknown): value is Json {
  if (Array.isArray(value)) return value.every(isJson);
  if (isObject(value)) return Object.values(value).every(isJson);
  return ["string", "number", "boolean"].includes(typeof value);
}
