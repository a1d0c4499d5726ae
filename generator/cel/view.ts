/** The total view in CEL: records with the fields that the rule reads, for the object and on an UPDATE for the old one. */
import type { Field } from "../../policies/kit/fields.js";
import { rootsOf, viewTable, type RecordName, type Reviews, type Root } from "../../policies/kit/view.js";
import { apiPrefix, apiVersionOf, namespaceKind, workloadKinds, type ObjectKind } from "../../policies/kit/workload-kinds.js";
import type { Reads } from "../../manifest/view.js";
import type { BoundCheck } from "../ir/ir.js";
import type { Pruned } from "../ir/prune.js";
import { loudFields } from "../ir/footprint.js";
import { bindCel } from "../intrinsics.js";
import { binary, call, chain, ident, index, list, literal, method, optionalSelect, select, ternary, variable, type Cel } from "./ast.js";
import { record } from "./lower.js";
import { rootName } from "./names.js";

/** A variable of the policy, as a tree. */
export interface Variable {
  readonly name: string;
  readonly expression: Cel;
}

/** Names of the variables that stand around every rule. */
export const REVIEWED = "reviewed";
export const frameVariables: readonly string[] = [
  ...Object.keys(rootsOf.workloads).map(rootName),
  ...["parameters", "indexes", "reviews", "templates", "workloads", "pods", "namespaces", REVIEWED, "inScope", "findings"],
];

const isThere = (value: Cel): Cel => binary("!=", value, literal(null));
const isUpdate = binary("==", variable(rootName("operation")), literal("UPDATE"));

/** How long a list may be, by the record and the field that hold it. */
type Limits = ReadonlyMap<string, number>;
const unlimited: Limits = new Map();
const limitKey = (record: string, field: string): string => `${record}.${field}`;

/**
 * The variables that build the view, and `reviewed`, which decides whether a request is reviewed at all.
 * @param bounds a list beyond its bound stays as it is, so that an object of any size costs no more than the budget: it is
 *   counted, and its elements are never looked at. So give no bound on a list that the rule reads before it counts.
 */
export function viewVariables(reviews: Reviews, { reads, roots }: Pick<Pruned, "reads" | "roots">, bounds: readonly Pick<BoundCheck, "reads" | "limit">[] = []): Variable[] {
  const limits: Limits = new Map(bounds.map(({ reads: { record, field }, limit }) => [limitKey(record, field), limit]));
  const own = Object.entries(rootsOf[reviews]).flatMap(([name, { record, from }]) =>
    from === "object" && record !== undefined && reads[record] !== undefined ? [{ name, views: `${name}s`, record }] : [],
  );
  const used = Object.entries(rootsOf[reviews]).filter(([name, { from }]) => from !== "object" && roots.has(name));
  const element = ident("review");
  const variables: Variable[] = [{ name: "reviews", expression: reviewList() }];
  if (own.some(({ record }) => record === "Pod")) variables.push({ name: "templates", expression: method(variable("reviews"), "map", element, template()) });
  for (const { name, views, record } of own) {
    const isPod = record === "Pod";
    const raw = ident(isPod ? "template" : "review");
    const fields = recordOf(record, isPod ? raw : select(raw, "object"), { reads, limits });
    variables.push({ name: views, expression: method(variable(isPod ? "templates" : "reviews"), "map", raw, fields) });
    variables.push({ name: rootName(name), expression: index(variable(views), literal(0)) });
  }
  if (used.some(([, { from }]) => from === "oldObject")) variables.push({ name: rootName("operation"), expression: operation() });
  for (const [name, root] of used) if (root.record !== undefined) variables.push({ name: rootName(name), expression: otherRoot(root, root.record, reads) });
  variables.push({ name: REVIEWED, expression: reviewed(reviews, own, reads) });
  return variables;
}

/** An UPDATE of an object of the same kind; everything else is new. */
function operation(): Cel {
  const kind = (at: number): Cel => select(index(variable("reviews"), literal(at)), "kind");
  const isUpdated = binary("&&", binary("==", call("size", variable("reviews")), literal(2)), binary("==", kind(0), kind(1)));
  return ternary(isUpdated, literal("UPDATE"), literal("CREATE"));
}

/** What a part of the review is that does not come from the object itself. */
function otherRoot({ from }: Root, record: RecordName, reads: Reads): Cel {
  const wanted: Wanted = { reads, limits: unlimited };
  switch (from) {
    case "object":
    case "oldObject": {
      const raw = record === "Pod" ? index(variable("templates"), literal(1)) : select(index(variable("reviews"), literal(1)), "object");
      return bindCel("old", ternary(isUpdate, raw, literal(null)), recordOf(record, ident("old"), wanted));
    }
    case "namespace":
      return bindCel("raw", call("dyn", ident("namespaceObject")), recordOf(record, ident("raw"), wanted));
    case "inventory":
      return recordOf(record, literal(null), wanted);
  }
}

/** The objects of the cluster of some kinds, each with group and kind, as Kyverno lists them. */
function listedObjects(kinds: readonly ObjectKind[]): Cel {
  const object = ident("o");
  const lists = kinds.map((row) => {
    const items = select(method(ident("resource"), "List", literal(apiVersionOf(row)), literal(row.resource), literal("")), "items");
    return method(call("dyn", items), "map", object, record([{ key: "kind", value: literal(`${apiPrefix(row)}/${row.kind}`) }, { key: "object", value: object }]));
  });
  return chain("+", lists, list());
}

/** The object, then on an UPDATE the old one, each with group and kind. */
function reviewList(): Cel {
  const isUpdate = chain("&&", [binary("==", select(ident("request"), "operation"), literal("UPDATE")), isThere(ident("oldObject"))], literal(true));
  const dyn = (name: string): Cel => call("dyn", ident(name));
  const object = ident("o");
  const prefix = index(method(method(optionalSelect(object, "apiVersion"), "orValue", literal("")), "split", literal("/")), literal(0));
  const key = chain("+", [prefix, literal("/"), method(optionalSelect(object, "kind"), "orValue", literal(""))], literal(""));
  return method(ternary(isUpdate, list(dyn("object"), dyn("oldObject")), list(dyn("object"))), "map", object, record([{ key: "kind", value: key }, { key: "object", value: object }]));
}

/** The pod template of a review; null for an object that makes no Pods. */
function template(review: Cel = ident("review")): Cel {
  const object = select(review, "object");
  const at = (path: readonly string[]): Cel => (path.length === 0 ? object : method(optionalSelect(object, ...path), "orValue", literal(null)));
  return byTemplate(select(review, "kind"), at, literal(null));
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
function reviewed(reviews: Reviews, own: readonly { readonly views: string; readonly record: RecordName }[], reads: Reads): Cel {
  const request = select(ident("request"), "operation");
  const differs = (each: string, ...fields: readonly string[]): Cel =>
    binary("!=", select(index(variable(each), literal(0)), ...fields), select(index(variable(each), literal(1)), ...fields));
  const changes = own.flatMap(({ views, record: name }) => loudFields(name, reads)?.map((field) => differs(views, field)) ?? [differs(views)]);
  const changed = chain("||", [binary("==", call("size", variable("reviews")), literal(1)), differs("reviews", "kind"), ...changes], literal(false));
  const deletion = method(optionalSelect(ident("object"), "metadata", "deletionTimestamp"), "orValue", literal(null));
  const update = chain("&&", [binary("==", deletion, literal(null)), changed], literal(true));
  const isKind = binary("==", select(index(variable("reviews"), literal(0)), "kind"), literal(`${apiPrefix(namespaceKind)}/${namespaceKind.kind}`));
  return chain("&&", [...(reviews === "namespaces" ? [isKind] : []), binary("!=", request, literal("DELETE")), binary("||", binary("!=", request, literal("UPDATE")), update)], literal(true));
}

/** What is built of the view. */
interface Wanted {
  readonly reads: Reads;
  readonly limits: Limits;
}

function recordOf(name: RecordName, raw: Cel, wanted: Wanted, source?: Cel): Cel {
  const fields = viewTable[name];
  return record((wanted.reads[name] ?? []).map((key) => ({ key, value: fieldOf(fields[key], raw, wanted, wanted.limits.get(limitKey(name, key)), source) })));
}

function fieldOf(field: Field<unknown> | undefined, raw: Cel, wanted: Wanted, limit: number | undefined, source?: Cel): Cel {
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
    case "numberOrText": {
      const value = valueOr(raw, field.path, literal(field.default));
      return field.range.max < FIRST_WITH_EXPONENT ? call("string", value) : bindCel("written", value, wholeText(ident("written")));
    }
    case "map":
    case "quantities":
      return valueOr(raw, field.path, { kind: "map", entries: [] });
    case "texts":
      return elementsOf(raw, field.path, limit, (texts) => method(texts, "map", ident("text"), ternary(isThere(ident("text")), ident("text"), literal(""))));
    case "source":
      return source ?? literal("");
    case "records":
      return recordsOf(field, raw, wanted, limit);
    // Of an object of the cluster, which comes with its kind as the reviews do.
    case "view":
      return field.record === "Pod" ? bindCel("template", template(raw), recordOf("Pod", ident("template"), wanted)) : recordOf(recordName(field.record), select(raw, "object"), wanted);
    case "listed": {
      const element = ident("listed");
      const name = recordName(field.record);
      return method(listedObjects(field.kinds), "map", element, recordOf(name, name === "ClusterWorkload" ? element : select(element, "object"), wanted));
    }
  }
}

/** Kyverno's command line reads numbers as floats, which CEL writes with an exponent from here on. */
const FIRST_WITH_EXPONENT = 1_000_000;

const wholeText = (value: Cel): Cel => ternary(binary("==", call("type", value), ident("string")), value, call("string", call("int", value)));

/** The value at a path where it is neither absent nor null (nor, `notEmpty`, the empty text); else `fallback`. */
function valueOr(raw: Cel, path: readonly string[], fallback: Cel, notEmpty = false, value: Cel = select(raw, ...path)): Cel {
  const present = isThere(method(optionalSelect(raw, ...path), "orValue", literal(null)));
  return ternary(notEmpty ? binary("&&", present, binary("!=", value, literal(""))) : present, value, fallback);
}

const recordName = (name: string): RecordName => name as RecordName; // a name of the table

/** The elements of the raw list at a path, made by `make`; the raw list itself where it is longer than `limit`. */
function elementsOf(raw: Cel, path: readonly string[], limit: number | undefined, make: (elements: Cel) => Cel): Cel {
  if (limit === undefined) return make(valueOr(raw, path, list()));
  const elements = select(raw, ...path);
  const short = ternary(binary("<=", call("size", elements), literal(limit)), make(elements), elements);
  return valueOr(raw, path, list(), false, short);
}

function recordsOf(field: Field<unknown> & { type: "records" }, raw: Cel, wanted: Wanted, limit: number | undefined): Cel {
  const name = recordName(field.record);
  const element = ident(name === "EnvVar" ? "variable" : name.toLowerCase());
  const hasSource = (wanted.reads[name] ?? []).includes("source");
  const [path = [], ...others] = field.paths;
  if (!hasSource && others.length === 0 && field.single !== true) {
    return elementsOf(raw, path, limit, (elements) => method(elements, "map", element, recordOf(name, element, wanted)));
  }
  const lists = field.paths.map((path) => ({ path, elements: field.single === true ? valueOr(raw, path, list(), false, list(select(raw, ...path))) : valueOr(raw, path, list()) }));
  if (!hasSource) {
    const all = chain("+", lists.map((each) => each.elements), list());
    return method(all, "map", element, recordOf(name, element, wanted));
  }
  const tagged = lists.map(({ path, elements }) =>
    method(elements, "map", element, record([{ key: "source", value: literal(path[path.length - 1] ?? "") }, { key: "raw", value: element }])),
  );
  return method(chain("+", tagged, list()), "map", element, recordOf(name, select(element, "raw"), wanted, select(element, "source")));
}
