import { isMapping } from "./mapping.js";
import { locate, type Locator } from "../policies/kit/rule.js";
import { isQuiet, type Field } from "../policies/kit/fields.js";
import { rootsOf, viewTable, type Cluster, type Pod, type RecordName, type Review, type Reviews, type Workload } from "../policies/kit/view.js";
import { apiPrefix, apiVersionOf, namespaceKind, workloadKinds, type WorkloadKind } from "../policies/kit/workload-kinds.js";
import type { ReviewRequest } from "./run.js";

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

/** Whether `object` is of a kind that rules of this sort review. */
export function isReviewable(object: unknown, reviews: Reviews): boolean {
  return reviews === "namespaces" ? kindKeyOf(object) === `${apiPrefix(namespaceKind)}/${namespaceKind.kind}` : workloadKindOf(object) !== undefined;
}

/** An object by itself: the part of a review that needs nothing else. */
export interface Subject {
  readonly workload: Workload;
  readonly pod: Pod;
}

/** What a rule sees of `object` itself. The pod of an object that is no workload is empty. */
export function viewOf(object: unknown): Subject {
  return { workload: record("Workload", object), pod: record("Pod", object) };
}

/** A record of the table, read from an object. Built from the very table that the type is derived from. */
function record<Name extends "Workload" | "Pod" | "Namespace" | "Cluster">(name: Name, raw: unknown): { Workload: Workload; Pod: Pod; Namespace: Review["namespace"]; Cluster: Cluster }[Name] {
  return (name === "Pod" ? podOf(raw) : buildRecord(name, raw, "", "")) as ReturnType<typeof record<Name>>;
}

function podOf(object: unknown): object {
  const template = workloadKindOf(object)?.template;
  return template === undefined ? buildRecord("Pod", undefined, "", "") : buildRecord("Pod", valueAt(object, template), template.join("."), "");
}

/** What a rule is given. Old objects, Namespace and cluster are read when they are asked for. */
export function reviewOf(request: ReviewRequest, reviews: Reviews): Review {
  const { object, oldObject, inventory = [] } = request;
  const isUpdate = request.operation === "UPDATE" && kindKeyOf(object) === kindKeyOf(oldObject);
  const old = isUpdate ? oldObject : undefined;
  const subject = viewOf(reviews === "workloads" ? object : undefined);
  return {
    ...subject,
    operation: isUpdate ? "UPDATE" : "CREATE",
    get oldWorkload() {
      return record("Workload", old);
    },
    get oldPod() {
      return record("Pod", old);
    },
    get namespace() {
      return record("Namespace", reviews === "namespaces" ? object : (request.namespaceObject ?? namespaceIn(inventory, subject.workload.namespace)));
    },
    get cluster() {
      return clusterOf(inventory);
    },
  };
}

/** The Namespace of that name, where the inventory holds it. */
export function namespaceIn(inventory: readonly unknown[], name: string): unknown {
  return objectsOf(inventory, [namespaceKind]).find((each) => valueAt(each, ["metadata", "name"]) === name);
}

const clusters = new WeakMap<readonly unknown[], Cluster>();

/** The view of a cluster, built once for a list of objects. */
function clusterOf(inventory: readonly unknown[]): Cluster {
  const known = clusters.get(inventory) ?? record("Cluster", inventory);
  clusters.set(inventory, known);
  return known;
}

/** Objects of these kinds, in the order of the kinds. */
function objectsOf(inventory: unknown, kinds: Extract<Field<unknown>, { type: "listed" }>["kinds"]): unknown[] {
  const objects: readonly unknown[] = Array.isArray(inventory) ? inventory : [];
  return kinds.flatMap((row) => objects.filter((each) => valueAt(each, ["apiVersion"]) === apiVersionOf(row) && valueAt(each, ["kind"]) === row.kind));
}

/**
 * The part of the object under review that a rule reads, as plain data: two objects with equal projections are the same to
 * the rule. Fields whose change alone brings no review are left out.
 */
export function project(review: Review, reads: Reads, reviews: Reviews): unknown {
  const own = Object.entries(rootsOf[reviews]).filter(([, { record: name, from }]) => name !== undefined && from === "object");
  return Object.fromEntries(own.map(([name, root]) => [name, projectRecord(recordName(root.record ?? ""), Reflect.get(review, name), reads)]));
}

function projectRecord(record: RecordName, value: unknown, reads: Reads): unknown {
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    (reads[record] ?? []).filter((name) => !isQuiet(viewTable[record][name])).map((name) => {
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
    if (field === undefined || !("path" in field || "paths" in field)) return path;
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
      return mapOf(Object.entries(withoutNulls(valueAt(raw, field.path))).map(([name, value]) => [name, asText(value) ?? ""]));
    case "map":
      return withoutNulls(valueAt(raw, field.path));
    case "texts":
      return listAt(raw, field.path).map((element) => element ?? "");
    case "source":
      return source;
    case "view":
      return field.record === "Pod" ? podOf(raw) : buildRecord(recordName(field.record), raw, path, "");
    case "listed":
      return objectsOf(raw, field.kinds).map((object) => buildRecord(recordName(field.record), object, "", ""));
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
  return mapOf(isMapping(value) ? Object.entries(value).filter(([, entry]) => entry !== null) : []);
}

/** A map without a prototype: `constructor` is a label like any other. */
const mapOf = (entries: readonly (readonly [string, unknown])[]): object => ({ __proto__: null, ...Object.fromEntries(entries) });
