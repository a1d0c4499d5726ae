import type { Field, FieldPath, IntegerRange } from "../policies/kit/fields.js";
import { rootsOf, viewTable } from "../policies/kit/view.js";
import { contextKinds } from "./context-kinds.js";
import { misspelt } from "./fields.js";
import { isMapping } from "./mapping.js";
import { mismatch, type Wanted } from "./mismatch.js";
import { joinPath } from "./path.js";
import { kindKeyOf, workloadKindOf } from "./view.js";

/** A value or a field that the API server refuses. */
export interface TypeProblem {
  /** From the root of the object: `spec.template.spec.containers[0].ports[0].containerPort`. */
  readonly path: string;
  /** What the field must be, what it is, and what to write. */
  readonly message: string;
  /** The value has its type, and rules have an answer for it: it is the API server's validation that refuses it. */
  readonly isTyped?: true;
}

/**
 * The values of the fields that rules read (policies/kit/view.ts) whose JSON type the API server refuses, and in workloads the names
 * that are nearly those of such fields. Rules are written for values of the right type, so an object with a finding here must
 * not be given to them.
 *
 * null is no problem: it means absent. An object without apiVersion or kind, which may be no Kubernetes object, has none;
 * of an object that is no workload only the fields outside the pod template are looked at. A Namespace and a
 * NetworkPolicy have fields of their own (context-kinds.ts).
 */
export function typeErrors(object: unknown): TypeProblem[] {
  if (!isMapping(object) || typeof object["apiVersion"] !== "string" || typeof object["kind"] !== "string") return [];
  const problems: Problems = new Map();
  const contextRecord = contextKinds.get(kindKeyOf(object));
  if (contextRecord !== undefined) {
    checkRecord(contextRecord, object, "", problems);
    return listed(problems);
  }
  const template = workloadKindOf(object)?.template;
  for (const { record, from } of Object.values(rootsOf.workloads)) {
    if (record === undefined || from !== "object") continue;
    const isPod = record === "Pod";
    if (isPod && template === undefined) continue;
    const base = descend(object, "", isPod ? (template ?? []) : [], problems);
    if (base !== undefined) checkRecord(record, base.value, base.path, problems);
  }
  return template === undefined ? listed(problems) : [...listed(problems), ...misspelt(object, template)];
}

const listed = (problems: Problems): TypeProblem[] => [...problems].map(([path, problem]) => ({ path, ...problem }));

const fieldsOf: ReadonlyMap<string, readonly Field<unknown>[]> = new Map(
  Object.entries(viewTable).map(([record, fields]) => [record, Object.values(fields)]),
);

type Problems = Map<string, Omit<TypeProblem, "path">>;

/** The value at `steps` below `value`; undefined where it is absent, or where a value on the way is no mapping. */
function descend(value: unknown, path: string, steps: FieldPath, problems: Problems): { value: unknown; path: string } | undefined {
  let current = value;
  let currentPath = path;
  for (const step of steps) {
    if (!isMapping(current)) {
      if (current !== null && current !== undefined) report(currentPath, "mapping", current, problems);
      return undefined;
    }
    current = Object.hasOwn(current, step) ? current[step] : undefined;
    currentPath = joinPath(currentPath, step);
  }
  return current === null || current === undefined ? undefined : { value: current, path: currentPath };
}

function checkRecord(record: string, value: unknown, path: string, problems: Problems): void {
  if (value === null || value === undefined) return;
  if (!isMapping(value)) return report(path, "mapping", value, problems);
  for (const field of fieldsOf.get(record) ?? []) checkField(field, value, path, problems);
}

function checkField(field: Field<unknown>, record: unknown, path: string, problems: Problems): void {
  if (field.type === "source" || field.type === "view" || field.type === "listed") return;
  for (const steps of field.type === "records" ? field.paths : [field.path]) {
    const found = descend(record, path, steps, problems);
    if (found !== undefined) checkValue(field, found.value, found.path, problems);
  }
}

function checkValue(field: Exclude<Field<unknown>, { type: "source" | "view" | "listed" }>, value: unknown, path: string, problems: Problems): void {
  switch (field.type) {
    case "boolean":
    case "text":
      return checkScalar(field.type, value, path, problems);
    case "integer":
      return checkNumber(field.range, value, path, problems);
    case "numberOrText":
      return typeof value === "number" ? checkNumber(field.range, value, path, problems) : checkNumberOrText(value, path, problems);
    case "quantities":
      if (!isMapping(value)) return report(path, "mapping", value, problems);
      for (const [name, entry] of Object.entries(value)) checkQuantity(entry, joinPath(path, name), problems);
      return;
    case "map":
      if (!isMapping(value)) return report(path, "mapping", value, problems);
      for (const [name, entry] of Object.entries(value)) checkScalar("text", entry, joinPath(path, name), problems);
      return;
    case "texts":
      if (!Array.isArray(value)) return report(path, "list", value, problems);
      for (const [index, element] of value.entries()) checkScalar("text", element, joinPath(path, index), problems);
      return;
    case "records":
      if (field.single === true) return checkRecord(field.record, value, path, problems);
      if (!Array.isArray(value)) return report(path, "list", value, problems);
      for (const [index, element] of value.entries()) checkRecord(field.record, element, joinPath(path, index), problems);
      return;
  }
}

function checkScalar(wanted: "boolean" | "text", value: unknown, path: string, problems: Problems): void {
  if (value === null) return;
  const isFine = wanted === "boolean" ? typeof value === "boolean" : typeof value === "string";
  if (!isFine) report(path, wanted, value, problems);
}

const isInt32 = (value: number): boolean => value >= -(2 ** 31) && value < 2 ** 31;

function checkNumber({ min, max }: IntegerRange, value: unknown, path: string, problems: Problems): void {
  if (value === null) return;
  if (typeof value !== "number" || !Number.isInteger(value)) return report(path, "integer", value, problems);
  if (value < min || value > max) problems.set(path, { message: `${path} must be a number of ${String(min)} to ${String(max)}, but is ${String(value)}`, ...(isInt32(value) ? { isTyped: true } : {}) });
}

/** Names of ports have a letter, and percentages a sign: digits alone are a number that was put into quotes. */
function checkNumberOrText(value: unknown, path: string, problems: Problems): void {
  if (typeof value === "string" && /^[-+]?[0-9][0-9.]*$/.test(value)) report(path, "integer", value, problems, true);
  else checkScalar("text", value, path, problems);
}

/** As apimachinery's `resource.Quantity` reads them: a sign, digits with a point, and a suffix or an exponent. */
const QUANTITY = /^\s*[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[numkMGTPE]|[KMGTPE]i|[eE][-+]?[0-9]+)?\s*$/;
const NEGATIVE = /^\s*-(?!0*\.?0*(?:[A-Za-z]|\s*$))/;

function checkQuantity(value: unknown, path: string, problems: Problems): void {
  if (value === null) return;
  if (typeof value !== "number" && typeof value !== "string") return report(path, "quantity", value, problems);
  const text = String(value);
  if (!QUANTITY.test(text)) report(path, "quantity", value, problems, true);
  else if (NEGATIVE.test(text)) problems.set(path, { message: `${path} must not be negative, but is ${text.trim()}`, isTyped: true });
}

function report(path: string, wanted: Wanted, value: unknown, problems: Problems, isTyped = false): void {
  const message = `${path === "" ? "the object" : path} ${mismatch(path, wanted, value)}`;
  problems.set(path, { message, ...(isTyped ? { isTyped } : {}) });
}
