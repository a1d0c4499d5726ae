/** The total view in CEL: records with the fields that the rule reads, for the object and on an UPDATE for the old one. */
import type { Field } from "../../policies/kit/fields.js";
import { roots, viewTable, type RecordName } from "../../policies/kit/view.js";
import { apiPrefix, workloadKinds } from "../../policies/kit/workload-kinds.js";
import type { Reads } from "../../manifest/view.js";
import { binary, call, chain, ident, index, list, literal, method, optionalSelect, select, ternary, variable, type Cel } from "./ast.js";
import { record } from "./lower.js";

/** A variable of the policy, as a tree. */
export interface Variable {
  readonly name: string;
  readonly expression: Cel;
}

/** Names of the variables that stand around every rule. */
export const REVIEWED = "reviewed";
export const frameVariables = ["parameters", "indexes", "reviews", "templates", "workloads", "pods", "workload", "pod", REVIEWED, "inScope", "findings"] as const;

const isThere = (value: Cel): Cel => binary("!=", value, literal(null));

/** The variables that build the view, and `reviewed`, which decides whether a request is reviewed at all. */
export function viewVariables(reads: Reads): Variable[] {
  const used = Object.entries(roots).filter(([, name]) => reads[name] !== undefined);
  const element = ident("review");
  const variables: Variable[] = [{ name: "reviews", expression: reviews() }];
  if (reads.Pod !== undefined) variables.push({ name: "templates", expression: method(variable("reviews"), "map", element, template()) });
  for (const [name, recordName] of used) {
    const isPod = recordName === "Pod";
    const raw = ident(isPod ? "template" : "review");
    const fields = recordOf(recordName, isPod ? raw : select(raw, "object"), reads);
    variables.push({ name: `${name}s`, expression: method(variable(isPod ? "templates" : "reviews"), "map", raw, fields) });
    variables.push({ name, expression: index(variable(`${name}s`), literal(0)) });
  }
  variables.push({ name: REVIEWED, expression: reviewed(used.map(([name]) => `${name}s`)) });
  return variables;
}

/** The object, then on an UPDATE the old one, each with group and kind. */
function reviews(): Cel {
  const isUpdate = chain("&&", [binary("==", select(ident("request"), "operation"), literal("UPDATE")), isThere(ident("oldObject"))], literal(true));
  const dyn = (name: string): Cel => call("dyn", ident(name));
  const object = ident("o");
  const prefix = index(method(method(optionalSelect(object, "apiVersion"), "orValue", literal("")), "split", literal("/")), literal(0));
  const key = chain("+", [prefix, literal("/"), method(optionalSelect(object, "kind"), "orValue", literal(""))], literal(""));
  return method(ternary(isUpdate, list(dyn("object"), dyn("oldObject")), list(dyn("object"))), "map", object, record([{ key: "kind", value: key }, { key: "object", value: object }]));
}

/** The pod template of a review; null for an object that makes no Pods. */
function template(): Cel {
  const object = select(ident("review"), "object");
  const at = (path: readonly string[]): Cel => (path.length === 0 ? object : method(optionalSelect(object, ...path), "orValue", literal(null)));
  return byTemplate(select(ident("review"), "kind"), at, literal(null));
}

/** What `at` gives for the place where the kind has its pod template. */
export function byTemplate(kind: Cel, at: (path: readonly string[]) => Cel, noWorkload: Cel): Cel {
  const byPath = new Map<string, { path: readonly string[]; kinds: string[] }>();
  for (const row of workloadKinds) {
    const key = row.template.join(".");
    const group = byPath.get(key) ?? { path: row.template, kinds: [] };
    group.kinds.push(`${apiPrefix(row)}/${row.kind}`);
    byPath.set(key, group);
  }
  return [...byPath.values()].reduceRight<Cel>((otherwise, { path, kinds: [first = "", ...others] }) => {
    const isKind = others.length === 0 ? binary("==", kind, literal(first)) : binary("in", kind, list(...[first, ...others].map(literal)));
    return ternary(isKind, at(path), otherwise);
  }, noWorkload);
}

/** Deletion is never reviewed, and an UPDATE only where something that the rule reads has changed. */
function reviewed(views: readonly string[]): Cel {
  const operation = select(ident("request"), "operation");
  const differs = (each: string, ...fields: readonly string[]): Cel =>
    binary("!=", select(index(variable(each), literal(0)), ...fields), select(index(variable(each), literal(1)), ...fields));
  const changed = chain("||", [binary("==", call("size", variable("reviews")), literal(1)), differs("reviews", "kind"), ...views.map((view) => differs(view))], literal(false));
  const deletion = method(optionalSelect(ident("object"), "metadata", "deletionTimestamp"), "orValue", literal(null));
  const update = chain("&&", [binary("==", deletion, literal(null)), changed], literal(true));
  return chain("&&", [binary("!=", operation, literal("DELETE")), binary("||", binary("!=", operation, literal("UPDATE")), update)], literal(true));
}

function recordOf(name: RecordName, raw: Cel, reads: Reads, source?: Cel): Cel {
  const fields = viewTable[name];
  return record((reads[name] ?? []).map((key) => ({ key, value: fieldOf(fields[key], raw, reads, source) })));
}

function fieldOf(field: Field<unknown> | undefined, raw: Cel, reads: Reads, source?: Cel): Cel {
  if (field === undefined) throw new TypeError("a rule reads a field that the table lacks");
  switch (field.type) {
    case "boolean":
      return valueOr(raw, field.path, literal(field.default));
    case "integer": {
      const value = valueOr(raw, field.path, literal(field.default));
      return call("int", value);
    }
    case "text":
      return valueOr(raw, field.path, literal(field.default), field.default !== "");
    case "numberOrText":
      return call("string", valueOr(raw, field.path, literal(field.default)));
    case "map":
    case "quantities":
      return valueOr(raw, field.path, { kind: "map", entries: [] });
    case "texts":
      return method(valueOr(raw, field.path, list()), "map", ident("text"), ternary(isThere(ident("text")), ident("text"), literal("")));
    case "source":
      return source ?? literal("");
    case "records":
      return recordsOf(field, raw, reads);
  }
}

/** The value at a path where it is neither absent nor null (nor, `notEmpty`, the empty text); else `fallback`. */
function valueOr(raw: Cel, path: readonly string[], fallback: Cel, notEmpty = false, value: Cel = select(raw, ...path)): Cel {
  const present = isThere(method(optionalSelect(raw, ...path), "orValue", literal(null)));
  return ternary(notEmpty ? binary("&&", present, binary("!=", value, literal(""))) : present, value, fallback);
}

function recordsOf(field: Field<unknown> & { type: "records" }, raw: Cel, reads: Reads): Cel {
  const name = field.record as RecordName; // a name of the table
  const element = ident(name === "EnvVar" ? "variable" : name.toLowerCase());
  const lists = field.paths.map((path) => ({ path, elements: field.single === true ? valueOr(raw, path, list(), false, list(select(raw, ...path))) : valueOr(raw, path, list()) }));
  if (!(reads[name] ?? []).includes("source")) {
    const all = chain("+", lists.map((each) => each.elements), list());
    return method(all, "map", element, recordOf(name, element, reads));
  }
  const tagged = lists.map(({ path, elements }) =>
    method(elements, "map", element, record([{ key: "source", value: literal(path[path.length - 1] ?? "") }, { key: "raw", value: element }])),
  );
  return method(chain("+", tagged, list()), "map", element, recordOf(name, select(element, "raw"), reads, select(element, "source")));
}
