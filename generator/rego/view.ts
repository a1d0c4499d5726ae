/** The total view in Rego: one function a record of the table, with the fields that the rule reads. */
import type { Field } from "../../policies/kit/fields.js";
import { rootsOf, viewTable, type RecordName, type Reviews, type Root } from "../../policies/kit/view.js";
import { apiPrefix, apiVersionOf, namespaceKind, workloadKinds } from "../../policies/kit/workload-kinds.js";
import type { Reads } from "../../manifest/view.js";
import { loudFields } from "../ir/footprint.js";
import type { Pruned } from "../ir/prune.js";
import { array, assign, call, holds, infix, ref, scalar, variable, type Clause, type Literal, type Rule, type Term } from "./ast.js";
import { clauseVariables } from "./variables.js";
import type { LibraryName } from "./library.js";
import { rootName, snakeCase } from "./names.js";

export interface RegoView {
  readonly rules: readonly Rule[];
  readonly library: readonly LibraryName[];
}

const object = ref(variable("input"), "review", "object");
/** Not `object`: that would shadow the builtin object.get. */
const resource = variable("resource");
const oldObject = variable("old_object");
const functionOf = (record: string): string => `${snakeCase(record)}_of`;
const operation = variable("operation");
const path = (segments: readonly string[]): Term => array(segments.map(scalar));
const emptyObject: Term = { kind: "object", entries: [] };
const rule = (name: string, body: readonly Literal[], value?: Term, comment?: string): Rule => ({
  name,
  clause: { body, ...(value === undefined ? {} : { value }) },
  otherwise: [],
  ...(comment === undefined ? {} : { comment }),
});

/** Names that the rules of the view may have. */
export const viewNames: readonly string[] = [
  ...Object.keys(rootsOf.workloads).map(rootName),
  ...Object.keys(viewTable).map(functionOf),
  ...["reviewed", "changed", "operation", "old_object", "previous", "namespace_object", "template_of", "template_paths", "template_prefix"],
];

/** A record that the review starts from, with the name of its rule. */
interface Named {
  readonly name: string;
  readonly record: RecordName;
}

/** The rules that build the view, and `reviewed`, which decides whether a request is reviewed at all. */
export function viewRules(reviews: Reviews, { reads, located, roots }: Pick<Pruned, "reads" | "located" | "roots">): RegoView {
  const library = new Set<LibraryName>(["get", "kind_key"]);
  const needsPath = withAncestors(located);
  const built = recordsBuilt(reads, needsPath);
  const records = (Object.keys(viewTable) as RecordName[]).filter((record) => record !== "Cluster" && built.has(record)); // keys of the table
  const own = Object.entries(rootsOf[reviews]).flatMap(([name, { record, from }]): Named[] => {
    const isUsed = record !== undefined && (reads[record] !== undefined || located.has(record));
    return from === "object" && isUsed ? [{ name: rootName(name), record }] : [];
  });
  const used = Object.entries(rootsOf[reviews]).filter(([name, { from }]) => from !== "object" && roots.has(name));
  const rules = [
    ...own.map(({ name, record }) => rule(name, [], call(functionOf(record), object))),
    ...reviewRules(reviews, own, reads),
    ...(used.some(([, { from }]) => from === "oldObject") ? previousRules() : []),
    ...used.flatMap(([name, root]) => otherRules(name, root, reads, library)),
    ...records.map((record) => recordFunction(record, reads, needsPath, library)),
    ...(built.has("Pod") ? templateRules(needsPath.has("Pod")) : []),
  ];
  return { rules, library: [...library] };
}

/** What a part of the review is that does not come from the object itself. */
function otherRules(name: string, { record, from }: Root, reads: Reads, library: Set<LibraryName>): Rule[] {
  if (record === undefined) return []; // the operation: one of previousRules
  switch (from) {
    case "object":
    case "oldObject":
      return [rule(rootName(name), [], call(functionOf(record), variable("previous")))];
    case "namespace":
      library.add("get_text");
      return [rule(rootName(name), [], call(functionOf(record), variable("namespace_object"))), namespaceRule()];
    case "inventory":
      return [rule(rootName(name), [], { kind: "object", entries: (reads[record] ?? []).map((field) => ({ key: field, value: listedTerm(viewTable[record][field], library) })) })];
  }
}

function previousRules(): Rule[] {
  const isUpdate = variable(rootName("operation"));
  return [
    {
      comment: "An UPDATE of an object of the same kind; everything else, a Pod that Gatekeeper expands included, is new.",
      name: rootName("operation"),
      clause: { value: scalar("UPDATE"), body: [holds(infix("==", operation, scalar("UPDATE"))), holds(infix("==", call("kind_key", oldObject), call("kind_key", object)))] },
      otherwise: [{ value: scalar("CREATE"), body: [] }],
    },
    {
      name: "previous",
      clause: { value: oldObject, body: [holds(infix("==", isUpdate, scalar("UPDATE")))] },
      otherwise: [{ value: emptyObject, body: [] }],
    },
  ];
}

/** The Namespace as the webhook gives it (Gatekeeper 3.22 and later; an empty object where it knows none, as in gator), else as it is synced. */
function namespaceRule(): Rule {
  const found = variable("found");
  const name = call("get_text", object, path(["metadata", "namespace"]), scalar("default"));
  return {
    comment: "The Namespace of the object; empty where it is not known.",
    name: "namespace_object",
    clause: { value: found, body: [assign("found", call("get", ref(variable("input"), "review"), path(["namespaceObject"]), emptyObject)), holds(infix("!=", found, emptyObject))] },
    otherwise: [
      { value: found, body: [assign("found", ref(variable("data"), "inventory", "cluster", apiVersionOf(namespaceKind), namespaceKind.kind, name))] },
      { value: emptyObject, body: [] },
    ],
  };
}

/** The records of all objects of some kinds. */
function listedTerm(field: Field<unknown> | undefined, library: Set<LibraryName>): Term {
  if (field?.type !== "listed") throw new TypeError("a rule reads something of the cluster that the table lacks");
  const lists = [true, false].flatMap((namespaced): Term[] => {
    const kinds = field.kinds.filter((row) => row.namespaced === namespaced);
    if (kinds.length === 0) return [];
    const name = namespaced ? "namespaced_objects" : "cluster_objects";
    library.add(name);
    const versions = [...new Set(kinds.map(apiVersionOf))];
    const entries = versions.map((version) => ({ key: version, value: array(kinds.filter((row) => apiVersionOf(row) === version).map((row) => scalar(row.kind))) }));
    return [call(name, { kind: "object", entries })];
  });
  return {
    kind: "comprehension",
    head: call(functionOf(field.record), variable("listed")),
    body: [{ kind: "some", item: "listed", list: lists.reduce((one, other) => call("array.concat", one, other)) }],
  };
}

/** Records whose path is needed: those that are named, and those that their paths begin with. */
function withAncestors(located: ReadonlySet<RecordName>): ReadonlySet<RecordName> {
  const needed = new Set<RecordName>(located);
  let before: number;
  do {
    before = needed.size;
    for (const [record, fields] of Object.entries(viewTable)) {
      const holdsOne = Object.values(fields).some((field) => field.type === "records" && needed.has(field.record as RecordName)); // a name of the table
      if (holdsOne) needed.add(record as RecordName); // a key of the table
    }
  } while (needed.size > before);
  return needed;
}

/** Records that are built: those whose fields or path are used, and those of lists of which only the length is. */
function recordsBuilt(reads: Reads, needsPath: ReadonlySet<RecordName>): ReadonlySet<string> {
  const elements = Object.entries(viewTable).flatMap(([record, fields]) =>
    (reads[record as RecordName] ?? []).flatMap((name) => {
      const field = fields[name];
      return field !== undefined && "record" in field ? [field.record] : [];
    }), // a key of the table
  );
  return new Set([...Object.keys(reads), ...needsPath, ...elements]);
}

function reviewRules(reviews: Reviews, own: readonly Named[], reads: Reads): Rule[] {
  const deletion = call("get", object, path(["metadata", "deletionTimestamp"]), scalar(null));
  const isKind = reviews === "namespaces" ? [holds(infix("==", call("kind_key", object), scalar(`${apiPrefix(namespaceKind)}/${namespaceKind.kind}`)))] : [];
  const differs = (left: Term, right: Term): Rule => rule("changed", [holds(infix("!=", left, right))]);
  return [
    rule("reviewed", [...isKind, holds(infix("in", operation, { kind: "set", items: [scalar("UPDATE"), scalar("DELETE")] }), true)], undefined, "Deletion is never reviewed, and an UPDATE only where something that this rule reads has changed."),
    rule("reviewed", [...isKind, holds(infix("==", operation, scalar("UPDATE"))), holds(infix("==", deletion, scalar(null))), holds(variable("changed"))]),
    differs(call("kind_key", oldObject), call("kind_key", object)),
    ...own.flatMap(({ name, record }) => {
      const before = call(functionOf(record), oldObject);
      const loud = loudFields(record, reads);
      return loud === undefined ? [differs(before, variable(name))] : loud.map((field) => differs(ref(before, field), ref(variable(name), field)));
    }),
    rule("operation", [], call("get", ref(variable("input"), "review"), path(["operation"]), scalar(""))),
    rule("old_object", [], call("get", ref(variable("input"), "review"), path(["oldObject"]), emptyObject)),
  ];
}

function templateRules(needsPrefix: boolean): Rule[] {
  const key = ref(variable("template_paths"), call("kind_key", resource));
  const found = variable("template");
  const prefix: Rule = {
    name: "template_prefix",
    args: ["resource"],
    clause: {
      value: call("concat", scalar(""), {
        kind: "comprehension",
        head: call("concat", scalar(""), array([variable("segment"), scalar(".")])),
        body: [{ kind: "some", item: "segment", list: key }],
      }),
      body: [],
    },
    otherwise: [],
  };
  return [
    {
      comment: "The template that the object makes Pods of; empty for an object that makes none.",
      name: "template_of",
      args: ["resource"],
      clause: { value: found, body: [assign("template", call("object.get", resource, key, scalar(null))), holds(infix("!=", found, scalar(null)))] },
      otherwise: [{ value: { kind: "object", entries: [] }, body: [] }],
    },
    ...(needsPrefix ? [prefix] : []),
    {
      name: "template_paths",
      clause: { value: { kind: "object", entries: workloadKinds.map((row) => ({ key: `${apiPrefix(row)}/${row.kind}`, value: path(row.template) })) }, body: [] },
      otherwise: [],
    },
  ];
}

/** Records that are read from an object as a whole, not from a part of one. */
function isWholeObject(record: RecordName): boolean {
  const listedRecords = Object.values(viewTable.Cluster).flatMap((field) => (field.type === "listed" ? [field.record] : []));
  return [...Object.values(rootsOf.workloads).map((root) => root.record), ...listedRecords].includes(record);
}

function recordFunction(record: RecordName, reads: Reads, needsPath: ReadonlySet<RecordName>, library: Set<LibraryName>): Rule {
  const names = reads[record] ?? [];
  const isRoot = isWholeObject(record);
  const raw = variable(record === "Pod" ? "template" : isRoot ? "resource" : "raw");
  const hasSource = names.includes("source");
  const body: Literal[] = record === "Pod" ? [assign("template", call("template_of", resource))] : [];
  const withPath = needsPath.has(record);
  if (isRoot && withPath) body.push(assign("path", record === "Pod" ? call("template_prefix", resource) : scalar("")));
  const fields = names.map((name) => ({ key: name, value: fieldTerm(viewTable[record][name], raw, isRoot, reads, needsPath, library) }));
  const args = isRoot ? ["resource"] : ["raw", ...(hasSource ? ["source"] : []), ...(withPath ? ["path"] : [])];
  const entries = withPath ? [{ key: "path", value: variable("path") }, ...fields] : fields;
  const clause: Clause = { value: { kind: "object", entries }, body };
  // `opa check --strict` refuses an argument that is not used.
  const used = new Set(clauseVariables(clause));
  return { name: functionOf(record), args: args.map((each) => (used.has(each) ? each : "_")), clause, otherwise: [] };
}

function fieldTerm(field: Field<unknown> | undefined, raw: Term, isRoot: boolean, reads: Reads, needsPath: ReadonlySet<RecordName>, library: Set<LibraryName>): Term {
  if (field === undefined) throw new TypeError("a rule reads a field that the table lacks");
  switch (field.type) {
    case "boolean":
    case "integer":
      return call("get", raw, path(field.path), scalar(field.default));
    case "text":
      if (field.default === "") return call("get", raw, path(field.path), scalar(""));
      library.add("get_text");
      return call("get_text", raw, path(field.path), scalar(field.default));
    case "numberOrText":
      library.add("text_of");
      return call("text_of", call("get", raw, path(field.path), scalar(field.default)));
    case "map":
    case "quantities":
      return call("get", raw, path(field.path), emptyObject);
    case "texts":
      library.add("not_null");
      return {
        kind: "comprehension",
        head: call("not_null", variable("text")),
        body: [{ kind: "some", item: "text", list: call("get", raw, path(field.path), array([])) }],
      };
    case "source":
      return variable("source");
    case "records":
      return recordsTerm(field, raw, isRoot, reads, needsPath);
    case "view":
      return call(functionOf(field.record), raw);
    case "listed":
      return listedTerm(field, library);
  }
}

function recordsTerm(field: Field<unknown> & { type: "records" }, raw: Term, isRoot: boolean, reads: Reads, needsPath: ReadonlySet<RecordName>): Term {
  const record = field.record as RecordName; // a name of the table
  const withPath = needsPath.has(record);
  const withSource = (reads[record] ?? []).includes("source");
  const sources = field.paths.map((each) => each[each.length - 1] ?? "");
  const several = sources.length > 1;
  const source = several ? variable("source") : scalar(sources[0] ?? "");
  const prefix = (field.paths[0] ?? []).slice(0, -1);
  const rawPath = array([...prefix.map(scalar), source]);
  const position = field.single === true ? [] : [scalar("["), call("format_int", variable("index"), scalar(10)), scalar("]")];
  const parts = joinTexts([variable("path"), scalar(isRoot ? "" : "."), ...prefix.map((segment) => scalar(`${segment}.`)), source, ...position]);
  const element: readonly Literal[] =
    field.single === true
      ? [assign("element", call("get", raw, rawPath, scalar(null))), holds(infix("!=", variable("element"), scalar(null)))]
      : [{ kind: "some", ...(withPath ? { index: "index" } : {}), item: "element", list: call("get", raw, rawPath, array([])) }];
  return {
    kind: "comprehension",
    head: call(functionOf(record), variable("element"), ...(withSource ? [source] : []), ...(withPath ? [call("concat", scalar(""), array(parts))] : [])),
    body: [...(several ? [{ kind: "some", item: "source", list: array(sources.map(scalar)) } as const] : []), ...element],
  };
}

/** The parts with neighbouring literals joined and empty ones left out. */
function joinTexts(parts: readonly Term[]): Term[] {
  const joined: Term[] = [];
  for (const part of parts) {
    const last = joined[joined.length - 1];
    if (part.kind === "scalar" && last?.kind === "scalar") joined[joined.length - 1] = scalar(`${String(last.value)}${String(part.value)}`);
    else if (part.kind !== "scalar" || part.value !== "") joined.push(part);
  }
  return joined;
}
