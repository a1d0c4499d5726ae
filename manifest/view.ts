import { isMapping } from "./mapping.js";
import { locate, type Locator } from "../policies/kit/rule.js";
import type { Field } from "../policies/kit/fields.js";
import { roots, viewTable, type RecordName, type Review } from "../policies/kit/view.js";
import { apiPrefix, workloadKinds, type WorkloadKind } from "../policies/kit/workload-kinds.js";

/** Fields of each type of record, by name; what a rule reads, as the compiler found it. */
export type Reads = Readonly<Partial<Record<RecordName, readonly string[]>>>;

/** Group (for the core group, version) and kind of an object: `apps/DaemonSet`, `v1/Pod`; empty where it lacks them. */
export function kindKeyOf(object: unknown): string {
  const apiVersion = valueAt(object, ["apiVersion"]);
  const kind = valueAt(object, ["kind"]);
  return typeof apiVersion === "string" && typeof kind === "string" ? `${apiVersion.split("/")[0] ?? ""}/${kind}` : "";
}

const rowsByKey: ReadonlyMap<string, WorkloadKind> = new Map(workloadKinds.map((row) => [`${apiPrefix(row)}/${row.kind}`, row]));

/** The row of the table of kinds that `object` belongs to; undefined for an object that is no workload. */
export function workloadKindOf(object: unknown): WorkloadKind | undefined {
  return rowsByKey.get(kindKeyOf(object));
}

/** What a rule sees of `object`. The pod of an object that is no workload is empty. */
export function viewOf(object: unknown): Review {
  const template = workloadKindOf(object)?.template;
  const bases = {
    workload: { raw: object, path: "" },
    pod: template === undefined ? { raw: undefined, path: "" } : { raw: valueAt(object, template), path: template.join(".") },
  };
  const review: Record<string, unknown> = {};
  for (const [name, record] of Object.entries(roots)) {
    const base = bases[name === "pod" ? "pod" : "workload"];
    review[name] = buildRecord(record, base.raw, base.path, "");
  }
  return review as unknown as Review; // built from the very table that the type is derived from
}

/**
 * The part of a review that a rule reads, as plain data: two objects with equal projections are the same to the rule.
 */
export function project(review: Review, reads: Reads): unknown {
  return Object.fromEntries(
    Object.entries(roots).map(([name, record]) => [name, projectRecord(record, Reflect.get(review, name), reads)]),
  );
}

function projectRecord(record: RecordName, value: unknown, reads: Reads): unknown {
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    (reads[record] ?? []).map((name) => {
      const fieldValue: unknown = Reflect.get(value, name);
      const field = viewTable[record][name];
      if ((field?.type === "map" || field?.type === "quantities") && isMapping(fieldValue)) return [name, Object.entries(fieldValue).sort()];
      if (field?.type !== "records" || !Array.isArray(fieldValue)) return [name, fieldValue];
      return [name, fieldValue.map((element) => projectRecord(recordName(field.record), element, reads))];
    }),
  );
}

function buildRecord(record: RecordName, raw: unknown, path: string, source: string): object {
  const fields = viewTable[record];
  const built: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) built[name] = buildField(field, raw, path, source);
  const below = (relative: readonly string[]): string => [path, ...relative].filter((part) => part !== "").join(".");
  const locator: Locator = (name) => {
    const field = name === undefined ? undefined : fields[name];
    if (field === undefined || field.type === "source") return path;
    return below(field.type === "records" ? (field.paths[0] ?? []) : field.path);
  };
  Object.defineProperty(built, locate, { value: locator });
  return built;
}

function buildField(field: Field<unknown>, raw: unknown, path: string, source: string): unknown {
  switch (field.type) {
    case "boolean":
    case "integer":
      return valueAt(raw, field.path) ?? field.default;
    case "text": {
      const value = valueAt(raw, field.path);
      return value === undefined || value === "" ? field.default : value;
    }
    case "numberOrText":
      return asText(valueAt(raw, field.path)) ?? field.default;
    case "quantities":
      return Object.fromEntries(Object.entries(withoutNulls(valueAt(raw, field.path))).map(([name, value]) => [name, asText(value) ?? ""]));
    case "map":
      return withoutNulls(valueAt(raw, field.path));
    case "texts":
      return listAt(raw, field.path).map((element) => element ?? "");
    case "source":
      return source;
    case "records":
      return field.paths.flatMap((listPath) => {
        const prefix = [path, ...listPath].filter((part) => part !== "").join(".");
        const name = listPath[listPath.length - 1] ?? "";
        if (field.single === true) {
          const object = valueAt(raw, listPath);
          return object === undefined ? [] : [buildRecord(recordName(field.record), object, prefix, name)];
        }
        return listAt(raw, listPath).map((element, index) =>
          buildRecord(recordName(field.record), element, `${prefix}[${String(index)}]`, name),
        );
      });
  }
}

function recordName(name: string): RecordName {
  if (!Object.hasOwn(viewTable, name)) throw new TypeError(`the view has no record ${name}`);
  return name as RecordName; // just looked up in the table
}

/** The value at `path`; undefined where it is absent or null. */
function valueAt(raw: unknown, path: readonly string[]): unknown {
  let value = raw;
  for (const name of path) {
    if (!isMapping(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value ?? undefined;
}

/** A number as its digits. */
function asText(value: unknown): string | undefined {
  return typeof value === "number" ? String(value) : typeof value === "string" ? value : undefined;
}

function listAt(raw: unknown, path: readonly string[]): unknown[] {
  const value = valueAt(raw, path);
  return Array.isArray(value) ? value : [];
}

function withoutNulls(value: unknown): object {
  return isMapping(value) ? Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== null)) : {};
}
