/** Objects that look like workloads, but whose apiVersion or kind no API server knows: never to be passed over as something else. */
import { apiPrefix, apiVersionOf, workloadKinds } from "../policies/kit/workload-kinds.js";
import { isMapping } from "./mapping.js";
import { joinPath } from "./path.js";
import { otherSpelling, plainName, shown, slipOf } from "./spelling.js";
import type { TypeProblem } from "./validate.js";

type Fields = Readonly<Record<string, unknown>>;

const byPlainName = new Map(workloadKinds.map((row) => [plainName(row.kind), row]));
/** Every kind of the groups that hold workloads alone. */
const closedGroups: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["apps", new Set(["ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"].flatMap((kind) => [kind, `${kind}List`]))],
  ["batch", new Set(["CronJob", "Job"].flatMap((kind) => [kind, `${kind}List`]))],
]);
const KIND = /^[A-Za-z0-9]+$/;
/** `v1`, `apps/v1`, `example.com/v1alpha1`. */
const API_VERSION = /^(?:[a-z0-9.-]+\/)?v\d+(?:(?:alpha|beta)\d+)?$/;

/** Whether a mapping says what it is, as every object of Kubernetes does. */
export function isObject(object: Fields): boolean {
  return isName(object["apiVersion"]) && isName(object["kind"]);
}

/** Whether a mapping has both, perhaps under names that are nearly right. */
export function namesKind(object: Fields): boolean {
  return fieldOf(object, "apiVersion") !== undefined && fieldOf(object, "kind") !== undefined;
}

/**
 * What is wrong with the apiVersion or kind of an object that is meant to be a workload; undefined for one that is right, and for
 * what is none: values of a chart may well say `kind: DaemonSet`.
 */
export function unknownKind(object: Fields): TypeProblem | undefined {
  const apiVersion = fieldOf(object, "apiVersion");
  const kind = fieldOf(object, "kind");
  const hasBody = ["metadata", "spec"].some((name) => isMapping(fieldOf(object, name)?.value));
  if (kind === undefined || !isName(kind.value)) {
    if (!hasBody || typeof apiVersion?.value !== "string" || !API_VERSION.test(apiVersion.value)) return undefined;
    if (kind === undefined) return { path: "", message: "the object has no kind" };
    return { path: pathOf(kind), message: `kind must be the name of a kind, but is ${shown(kind.value)}` };
  }
  const row = byPlainName.get(plainName(kind.value));
  if (row === undefined) return hasBody && apiVersion !== undefined ? noSuchKind(apiVersion, kind, kind.value) : undefined;
  const wanted = apiVersionOf(row);
  if (apiVersion === undefined || !isName(apiVersion.value)) return hasBody ? { path: "", message: `this ${row.kind} has no apiVersion; write apiVersion: ${wanted}` } : undefined;
  const group = groupOf(apiVersion.value);
  // Others may have a Job of their own, in a group with a domain.
  if (group.includes(".")) return undefined;
  for (const { key, field } of [apiVersion, kind]) {
    if (key !== field) return { path: joinPath("", key), message: `${shown(key)} is no field of the API; write ${field}` };
  }
  if (group !== apiPrefix(row)) return { path: pathOf(apiVersion), message: `there is no ${row.kind} in ${shown(apiVersion.value)}; write apiVersion: ${wanted}` };
  if (kind.value !== row.kind) return { path: pathOf(kind), message: `there is no kind ${shown(kind.value)}; write kind: ${row.kind}` };
  return undefined;
}

/** For a kind that is no workload by its name: whether there can be any such kind. */
function noSuchKind({ value: apiVersion }: Found, kind: Found, name: string): TypeProblem | undefined {
  if (typeof apiVersion !== "string" || !API_VERSION.test(apiVersion)) return undefined;
  const kinds = closedGroups.get(groupOf(apiVersion));
  if (kinds === undefined ? KIND.test(name) : kinds.has(name)) return undefined;
  const names = workloadKinds.map((row) => row.kind);
  const meant = otherSpelling(name, names) ?? slipOf(name, names);
  return { path: pathOf(kind), message: `there is no kind ${shown(name)} in ${apiVersion}${meant === undefined ? "" : `; write kind: ${meant}`}` };
}

const groupOf = (apiVersion: string): string => apiVersion.split("/")[0] ?? "";

interface Found {
  /** What it should be called. */
  readonly field: string;
  /** What it is called. */
  readonly key: string;
  readonly value: unknown;
}

const pathOf = ({ key }: Found): string => joinPath("", key);

/** A field, also under a name that is nearly its own. */
function fieldOf(object: Fields, field: string): Found | undefined {
  const key = Object.hasOwn(object, field) ? field : Object.keys(object).find((name) => plainName(name) === plainName(field) || name.endsWith(`"${field}"`));
  return key === undefined ? undefined : { field, key, value: object[key] };
}

const isName = (value: unknown): value is string => typeof value === "string" && value !== "";
