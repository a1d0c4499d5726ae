import { expect, test } from "vitest";
import type { StructuralSchema } from "../compiled.js";
import { integer, literal, text } from "./build.js";
import { countedLists, unboundedFaults } from "./extents.js";
import { booleanType, integerType, textType, type BoundCheck, type Expr, type Function, type Type } from "./ir.js";
import type { Pruned } from "./prune.js";

const listType = (element: Type): Type => ({ kind: "list", element });
const texts = listType(textType);
const recordType = (name: string, isView = true): Type => ({ kind: "record", name, isView });
const root = (name: string, record: string): Expr => ({ kind: "root", name, type: recordType(record) });
const field = (record: Expr, name: string, type: Type = texts): Expr => ({ kind: "field", record, name, type });
const local = (name: string, type: Type = texts): Expr => ({ kind: "local", name, type });
const parameter = (name: string, type: Type = texts): Expr => ({ kind: "parameter", name, type });
const concat = (...lists: Expr[]): Expr => ({ kind: "concat", lists, type: texts });
const call = (name: string, ...args: Expr[]): Expr => ({ kind: "call", name, args, type: texts });
const split: Expr = { kind: "split", text: text("a,b"), separator: text(","), type: texts };
const containers = field(root("pod", "Pod"), "containers", listType(recordType("Container")));
const container = local("container", recordType("Container"));
const first = (list: Expr): Expr => ({ kind: "element", list, index: integer(0), fallback: { kind: "list", elements: [text("a")], type: texts }, type: texts });
const pair: Expr = { kind: "record", fields: [{ name: "left", value: split }, { name: "right", value: parameter("names") }], type: recordType("Pair", false) };
const argsOfAll: Expr = { kind: "map", list: containers, item: "each", value: field(local("each", recordType("Container")), "args"), type: listType(texts) };

const schema: StructuralSchema = {
  type: "object",
  properties: {
    names: { type: "array", maxItems: 5, items: { type: "string" } },
    groups: { type: "array", maxItems: 2, items: { type: "object", properties: { words: { type: "array", maxItems: 9, items: { type: "string" } } } } },
  },
};
const bound = (record: string, name: string, limit: number): BoundCheck => ({ reads: { record, field: name }, count: integer(0), limit, location: text(""), message: "" });
const helpers: Function<Expr>[] = [
  { name: "joined", parameters: [{ name: "one", type: texts }, { name: "other", type: texts }], result: texts, body: concat(local("one"), local("other")) },
];

/** A rule that asks for the positions of `list` inside a loop over the containers. */
function ruleOver(list: Expr): Pruned {
  const counts: Expr = { kind: "quantifier", quantifier: "some", list, item: "element", index: "position", place: 0, condition: literal(true), type: booleanType };
  return {
    program: {
      reviews: "workloads",
      functions: helpers,
      constants: [{ name: "table", value: [{ names: ["a"] }, { names: ["a", "b", "c"] }] }],
      bounds: [bound("Pod", "containers", 8), bound("Container", "args", 20), bound("Container", "command", 30)],
      body: { kind: "each", list: containers, item: "container", body: { kind: "if", condition: counts, then: { kind: "yield", location: text(""), message: text("found") }, otherwise: { kind: "seq", steps: [] } } },
    },
    reads: {},
    roots: new Set(["pod"]),
    earlyReads: {},
    located: new Set(),
    parameters: ["names", "groups"],
  };
}

test.each<[string, Expr, number]>([
  ["a list of the Pod has its bound", containers, 8],
  ["a list of an element of the Pod's lists, too", field(container, "args"), 20],
  ["single objects are as many as there are places", field(container, "probes"), 3],
  ["a list without a bound is endless", field(container, "ports"), Infinity],
  ["a list beside the Pod is endless", field(root("workload", "Workload"), "owners"), Infinity],
  ["a parameter has its maxItems", parameter("names"), 5],
  ["a list in an element of a parameter", field({ ...first(parameter("groups")), type: recordType("Group", false) }, "words"), 9],
  ["a table has its length", { kind: "constant", name: "table", type: texts }, 2],
  ["a list in a table is as long as the longest", field(first({ kind: "constant", name: "table", type: texts }), "names"), 3],
  ["a literal has its length", { kind: "list", elements: [text("a"), text("b")], type: texts }, 2],
  ["joined lists are as long as all together", concat(field(container, "command"), field(container, "args"), parameter("names")), 55],
  ["what a helper joins, too", call("joined", field(container, "args"), call("joined", field(container, "args"), parameter("names"))), 45],
  ["a choice is as long as the longer one", { kind: "conditional", condition: literal(true), then: parameter("names"), otherwise: field(container, "args"), type: texts }, 20],
  ["a list keeps its bound where it is filtered", { kind: "filter", list: parameter("names"), item: "name", condition: literal(true), type: texts }, 5],
  ["and where it is mapped", argsOfAll, 8],
  ["an element of a list of lists", first(argsOfAll), 20],
  ["an element, or what stands for one that is not there", first({ kind: "list", elements: [], type: listType(texts) }), 1],
  ["a field of a record", field(pair, "right"), 5],
  ["and another one", field(pair, "left"), Infinity],
  ["the parts of a text are endless", split, Infinity],
  ["and what is joined with them", concat(parameter("names"), split), Infinity],
  ["a name for a value", { kind: "let", name: "words", value: concat(parameter("names"), parameter("names")), body: local("words"), type: texts }, 10],
])("%s", (_, list, length) => {
  expect(countedLists(ruleOver(list), schema)).toMatchObject([{ iteration: { index: "position" }, length }]);
});

test("before the bounds are looked at, the object's lists are endless", () => {
  const rule = ruleOver(parameter("names"));
  const applies: Expr = { kind: "quantifier", quantifier: "some", list: containers, item: "c", index: "position", condition: literal(true), type: booleanType };
  expect(countedLists({ ...rule, program: { ...rule.program, applies } }, schema).map(({ length }) => length)).toEqual([Infinity, 5]);
});

test("an endless list is told once, by its place, and a bounded one never", () => {
  const twice = call("joined", split, { kind: "map", list: split, item: "part", index: "p", place: 7, value: integer(1), type: listType(integerType) });
  const faults = unboundedFaults(countedLists(ruleOver(concat(twice, parameter("names"))), schema));
  expect(faults).toMatchObject([{ kind: "position", place: 7, message: "`p` counts the elements of a list that nothing bounds" }, { kind: "position", place: 0 }]);
  expect(unboundedFaults(countedLists(ruleOver(parameter("names")), schema))).toEqual([]);
});
