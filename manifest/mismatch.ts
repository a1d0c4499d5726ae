/** Says that a value is not of the type that its place asks for. */
import { isMapping } from "./mapping.js";

/** Characters of a value that a message quotes. */
const MAX_QUOTED = 60;

export type Wanted = "boolean" | "integer" | "text" | "mapping" | "list" | "quantity";

const WANTED: Readonly<Record<Wanted, string>> = {
  boolean: "a boolean",
  integer: "a whole number",
  text: "a text",
  mapping: "a mapping",
  list: "a list",
  quantity: "a quantity such as 500m, 0.5 or 64Mi",
};

/** What the value must be, what it is, and what to write where that is plain: for after the name of its place. */
export function mismatch(path: string, wanted: Wanted, value: unknown): string {
  return `must be ${WANTED[wanted]}, but is ${describe(value)}${advice(path, wanted, value)}`;
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "number" || typeof value === "boolean") return `the ${typeof value} ${String(value)}`;
  if (typeof value !== "string") return "a mapping";
  return `the text ${JSON.stringify(value.length > MAX_QUOTED ? `${value.slice(0, MAX_QUOTED)}…` : value)}`;
}

/** What to write instead, where that is plain. */
function advice(path: string, wanted: Wanted, value: unknown): string {
  const place = path.endsWith("]") ? "" : `${path.slice(path.lastIndexOf(".") + 1)}: `;
  if (wanted === "boolean" && (value === "true" || value === "false")) return `; write ${place}${value} without quotes`;
  if (wanted === "integer" && typeof value === "string" && /^-?\d+$/.test(value)) return `; write ${place}${value} without quotes`;
  if (wanted === "text" && (typeof value === "number" || typeof value === "boolean")) return `; write ${place}"${String(value)}" in quotes`;
  if (wanted === "list" && typeof value === "string") return `; write ${place}[${JSON.stringify(value.slice(0, MAX_QUOTED))}]`;
  if (wanted === "list" && isMapping(value)) return "; put - before each element";
  return "";
}
