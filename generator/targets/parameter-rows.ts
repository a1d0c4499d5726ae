/** A schema of parameters as the rows of a table that people read. */
import { isObject, objectEntries, textsOf, type JsonObject } from "../schema/json.js";

export interface ParameterRow {
  /** `reserved`, `reserved[].from` */
  readonly name: string;
  readonly type: string;
  readonly default: string;
  readonly bounds: string;
  readonly description: string;
}

/** The fields of a record, each followed by those inside it. */
export function parameterRows(schema: JsonObject, prefix = ""): ParameterRow[] {
  const required = textsOf(schema["required"]);
  return objectEntries(schema["properties"]).flatMap(([name, field]): ParameterRow[] => {
    const path = prefix === "" ? name : `${prefix}.${name}`;
    const row = {
      name: path,
      type: typeOf(field),
      default: field["default"] !== undefined ? code(field["default"]) : required.includes(name) ? "required" : "–",
      bounds: boundsOf(field).join(", ") || "–",
      description: prose(cell(typeof field["description"] === "string" ? field["description"] : "")),
    };
    return [row, ...parameterRows(elementOf(field), `${path}${"[]".repeat(depthOf(field))}`)];
  });
}

function elementOf(schema: JsonObject): JsonObject {
  return isObject(schema["items"]) ? elementOf(schema["items"]) : schema;
}

function depthOf(schema: JsonObject): number {
  return isObject(schema["items"]) ? 1 + depthOf(schema["items"]) : 0;
}

const words: Readonly<Record<string, string>> = { string: "text", integer: "number", boolean: "true or false", object: "record" };

function typeOf(schema: JsonObject): string {
  if (isObject(schema["items"])) return `list of ${typeOf(schema["items"])}`;
  if (isObject(schema["additionalProperties"])) return `map to ${typeOf(schema["additionalProperties"])}`;
  const values: unknown[] = Array.isArray(schema["enum"]) ? schema["enum"] : [];
  if (values.length > 0) return values.map(code).join(", ");
  return words[String(schema["type"])] ?? String(schema["type"]);
}

/** What the words of a schema bound, and what that is counted in. */
const bounds = [
  ["minItems", "maxItems", "entries"],
  ["minimum", "maximum", ""],
  ["minLength", "maxLength", "characters"],
  ["minProperties", "maxProperties", "fields"],
] as const;

function boundsOf(schema: JsonObject): string[] {
  const own = bounds.flatMap(([low, high, unit]): string[] => {
    const [from, to] = [schema[low], schema[high]];
    if (typeof from !== "number" && typeof to !== "number") return [];
    const range = typeof from !== "number" ? `at most ${String(to)}` : typeof to !== "number" ? `at least ${String(from)}` : `${String(from)} to ${String(to)}`;
    return [`${range} ${unit}`.trim()];
  });
  const pattern = typeof schema["pattern"] === "string" ? [`matches \`${cell(schema["pattern"])}\``] : [];
  const element = isObject(schema["items"]) ? boundsOf(schema["items"]).map((bound) => `each ${bound}`) : [];
  return [...own, ...pattern, ...element];
}

const code = (value: unknown): string => `\`${cell(JSON.stringify(value))}\``;

/** Text that does not end the cell of a Markdown table. */
export const cell = (text: string): string => text.replace(/\s+/g, " ").replaceAll("|", "\\|");

/** Text in which nothing becomes HTML: of what looks like a tag, a reader would see nothing. Code spans stay. */
export const prose = (text: string): string => text.replace(/`[^`]*`|</g, (part) => (part === "<" ? "\\<" : part));
