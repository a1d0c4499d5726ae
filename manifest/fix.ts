/** What a fix means on an object: which of its fields it can write, and what the object is afterwards. */
import { fixedField, type Fix } from "../policies/kit/fix.js";
import { isLocator, locate } from "../policies/kit/rule.js";
import { rootsOf, viewTable, type RecordName } from "../policies/kit/view.js";
import { isMapping } from "./mapping.js";
import type { Segment } from "./path.js";
import { viewOf } from "./view.js";

/** The values of the fix's field in the view of `object`, by the paths where they stand. */
export function valuesAt(object: unknown, fix: Fix): ReadonlyMap<string, unknown> {
  const field = fixedField(fix.field);
  const values = new Map<string, unknown>();
  const visit = (name: RecordName, record: unknown): void => {
    if (record === null || typeof record !== "object") return;
    const locator: unknown = Reflect.get(record, locate);
    if (name === field?.record && isLocator(locator)) values.set(locator(field.name), Reflect.get(record, field.name));
    for (const [key, column] of Object.entries(viewTable[name])) {
      const elements: unknown = column.type === "records" ? Reflect.get(record, key) : undefined;
      if (column.type === "records" && Array.isArray(elements)) for (const element of elements) visit(column.record as RecordName, element); // a name of the table
    }
  };
  const review = viewOf(object);
  for (const [name, { record, from }] of Object.entries(rootsOf.workloads)) if (record !== undefined && from === "object") visit(record, Reflect.get(review, name));
  return values;
}

/** A copy of `object` with `value` at the path; what holds it is there already. */
export function withValue(object: unknown, path: readonly Segment[], value: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  if (Array.isArray(object)) return object.map((element: unknown, index) => (index === first ? withValue(element, rest, value) : element));
  return { ...(isMapping(object) ? object : {}), [first]: withValue(isMapping(object) ? object[first] : undefined, rest, value) };
}

/**
 * The fields behind which a reader would look for the fix's: those of the same mapping that stand before it in the table,
 * the nearest first, and of these the ones that the rule reads.
 */
export function neighbours(fix: Fix, reads: readonly string[]): string[] {
  const field = fixedField(fix.field);
  if (field === undefined) return [];
  const parent = field.column.path.slice(0, -1).join(".");
  const before = Object.entries(viewTable[field.record]).slice(0, Object.keys(viewTable[field.record]).indexOf(field.name)).reverse();
  const beside = before.flatMap(([name, column]) => {
    if (!("path" in column) || column.path.slice(0, -1).join(".") !== parent) return [];
    return [{ key: column.path.at(-1) ?? "", isRead: reads.includes(name) }];
  });
  return [...beside.filter((each) => each.isRead), ...beside.filter((each) => !each.isRead)].map((each) => each.key);
}
