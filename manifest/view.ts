import { isMapping } from "./mapping.js";
import { recordMaker, type MakeRecord, type Reader } from "./record.js";
import { isQuiet, type Field, type FieldPath } from "../policies/kit/fields.js";
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
  const { object, oldObject } = request;
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
      return record("Namespace", reviews === "namespaces" ? object : (request.namespaceObject ?? namespaceIn(request.inventory ?? [], subject.workload.namespace)));
    },
    get cluster() {
      return record("Cluster", request);
    },
  };
}

/** The Namespace of that name, where the inventory holds it. */
export function namespaceIn(inventory: readonly unknown[], name: string): unknown {
  return objectsOf(inventory, [namespaceKind]).find((each) => valueAt(each, ["metadata", "name"]) === name);
}

/** Objects of these kinds, in the order of the kinds. */
function objectsOf(objects: readonly unknown[], kinds: Extract<Field<unknown>, { type: "listed" }>["kinds"]): object[] {
  return kinds.flatMap((row) => objects.filter(isMapping).filter((each) => each["apiVersion"] === apiVersionOf(row) && each["kind"] === row.kind));
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

const makers = new Map<RecordName, MakeRecord>();

function buildRecord(record: RecordName, raw: unknown, path: string, source: string): object {
  let make = makers.get(record);
  if (make === undefined) {
    const fields = viewTable[record];
    make = recordMaker(Object.entries(fields).map(([name, field]) => [name, readerOf(field)]), (name, at) => placeOf(name === undefined ? undefined : fields[name], at));
    makers.set(record, make);
  }
  return make(raw, path, source);
}

function placeOf(field: Field<unknown> | undefined, path: string): string {
  if (field === undefined || !("path" in field || "paths" in field)) return path;
  return below(path, field.type === "records" ? (field.paths[0] ?? []) : field.path);
}

const below = (path: string, relative: FieldPath): string => [path, ...relative].filter((part) => part !== "").join(".");

function readerOf(field: Field<unknown>): Reader {
  switch (field.type) {
    case "boolean":
    case "integer":
      return (raw) => valueAt(raw, field.path) ?? field.default;
    case "text":
      return (raw) => {
        const value = valueAt(raw, field.path);
        return value === undefined || value === "" ? field.default : value;
      };
    case "numberOrText":
      return (raw) => asText(valueAt(raw, field.path)) ?? field.default;
    case "quantities":
      return (raw) => mapOf(valueAt(raw, field.path), (value) => asText(value) ?? "");
    case "map":
      return (raw) => mapOf(valueAt(raw, field.path), (value) => value);
    case "texts":
      return (raw) => listAt(raw, field.path).map((element) => element ?? "");
    case "source":
      return (_raw, _path, source) => source;
    case "view": {
      const record = recordName(field.record);
      return (raw, path) => (record === "Pod" ? podOf(raw) : buildRecord(record, raw, path, ""));
    }
    case "listed": {
      const record = recordName(field.record);
      return (request) => recordsOf(inventoryIn(request), record, field);
    }
    case "records": {
      const record = recordName(field.record);
      return (raw, path) => field.paths.flatMap((list) => (field.single === true ? single(record, raw, path, list) : elements(record, raw, path, list)));
    }
  }
}

function single(record: RecordName, raw: unknown, path: string, at: FieldPath): object[] {
  const object = valueAt(raw, at);
  return object === undefined ? [] : [buildRecord(record, object, below(path, at), at.at(-1) ?? "")];
}

function elements(record: RecordName, raw: unknown, path: string, at: FieldPath): object[] {
  const list = listAt(raw, at);
  if (list.length === 0) return [];
  const prefix = below(path, at);
  return list.map((element, index) => buildRecord(record, element, `${prefix}[${String(index)}]`, at.at(-1) ?? ""));
}

/** The objects of a request's cluster, which may be looked for only now. */
function inventoryIn(request: unknown): readonly unknown[] {
  const inventory: unknown = isMapping(request) ? request["inventory"] : undefined;
  return Array.isArray(inventory) ? inventory : [];
}

const knownLists = new WeakMap<readonly unknown[], Map<RecordName, readonly object[]>>();

/** The records of a cluster, found once for a list of objects. */
function recordsOf(inventory: readonly unknown[], record: RecordName, { kinds }: Extract<Field<unknown>, { type: "listed" }>): readonly object[] {
  const lists = knownLists.get(inventory) ?? new Map<RecordName, readonly object[]>();
  knownLists.set(inventory, lists);
  const list = lists.get(record) ?? objectsOf(inventory, kinds).map((object) => listedRecord(record, object));
  lists.set(record, list);
  return list;
}

/** By the object that they are read from, which is of one kind, so that no other record is read from it. */
const listedRecords = new WeakMap<object, object>();

/** The record of an object of a cluster: built once, however many objects are seen beside it. */
function listedRecord(record: RecordName, object: object): object {
  const known = listedRecords.get(object) ?? buildRecord(record, object, "", "");
  listedRecords.set(object, known);
  return known;
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

/** A map without a prototype, `constructor` is a label like any other, and without the entries that are null. */
function mapOf(value: unknown, change: (entry: unknown) => unknown): object {
  const map: Record<string, unknown> = { __proto__: null };
  if (isMapping(value)) for (const [name, entry] of Object.entries(value)) if (entry !== null) map[name] = change(entry);
  return map;
}
