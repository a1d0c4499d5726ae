import { expect, test } from "vitest";
import { integer, nothing, text } from "./build.js";
import { booleanType, integerType, locationType, type BoundCheck, type Expr, type NormalProgram, type Type } from "./ir.js";
import { prune } from "./prune.js";

const view = (name: string): Type => ({ kind: "record", name, isView: true });
const pod: Expr = { kind: "root", name: "pod", type: view("Pod") };
const field = (record: Expr, name: string, type: Type): Expr => ({ kind: "field", record, name, type });
const containers = field(pod, "containers", { kind: "list", element: view("Container") });
const container: Expr = { kind: "local", name: "c", type: view("Container") };
const ports = field(container, "ports", { kind: "list", element: view("Port") });
const lengthOf = (list: Expr): Expr => ({ kind: "length", list, type: integerType });
const isBig = (left: Expr): Expr => ({ kind: "compare", operator: ">", left, right: integer(3), type: booleanType });
const someContainer = (condition: Expr): Expr => ({ kind: "quantifier", quantifier: "some", list: containers, item: "c", condition, type: booleanType });
const bound = (record: string, name: string, count: Expr): BoundCheck => ({ reads: { record, field: name }, count, limit: 3, location: { kind: "text", value: "spec", type: locationType }, message: "too many" });

const program = (condition: Expr, more: Partial<NormalProgram> = {}): NormalProgram => ({
  reviews: "workloads",
  functions: [],
  constants: [],
  bounds: [],
  body: { kind: "if", condition, then: { kind: "yield", location: { kind: "path", record: pod, type: locationType }, message: text("found") }, otherwise: nothing },
  ...more,
});

test("only what is read of the view remains, sorted", () => {
  const { reads, located } = prune(program(someContainer(isBig(lengthOf(ports)))));
  expect(reads).toEqual({ Container: ["ports"], Pod: ["containers"] });
  expect([...located]).toEqual(["Pod"]);
});

test("the place of a container's part needs the list that the container is of", () => {
  const base = program(someContainer(isBig(lengthOf(ports))));
  const { reads, located } = prune({ ...base, body: { kind: "each", list: containers, item: "c", body: { kind: "yield", location: { kind: "path", record: container, type: locationType }, message: text("found") } } });
  expect(reads).toEqual({ Container: ["source"], Pod: ["containers"] });
  expect([...located]).toEqual(["Container"]);
});

test("bounds stay for the lists that the rule reads, and what they count is read then", () => {
  const bounds = [bound("Pod", "containers", lengthOf(containers)), bound("Container", "ports", someContainer(isBig(lengthOf(ports)))), bound("Container", "env", integer(0))];
  expect(prune(program(isBig(lengthOf(containers)), { bounds })).program.bounds).toEqual([bounds[0]]);
  expect(prune(program(someContainer(isBig(lengthOf(ports))), { bounds })).program.bounds).toEqual([bounds[0], bounds[1]]);
});

test("functions that nothing calls are dropped, those that a called one calls are kept", () => {
  const call = (name: string): Expr => ({ kind: "call", name, args: [], type: integerType });
  const helper = (name: string, body: Expr) => ({ name, parameters: [], result: integerType, body });
  const functions = [helper("inner", { kind: "parameter", name: "max", type: integerType }), helper("outer", call("inner")), helper("unused", { kind: "parameter", name: "other", type: integerType })];
  const pruned = prune(program(isBig(call("outer")), { functions }));
  expect(pruned.program.functions.map(({ name }) => name)).toEqual(["inner", "outer"]);
  expect(pruned.parameters).toEqual(["max"]);
});

test("of a constant only the fields that are read remain", () => {
  const table: Expr = { kind: "constant", name: "table", type: { kind: "list", element: { kind: "record", name: "Row", isView: false } } };
  const row: Expr = { kind: "local", name: "row", type: { kind: "record", name: "Row", isView: false } };
  const condition: Expr = { kind: "quantifier", quantifier: "some", list: table, item: "row", condition: isBig(field(row, "port", integerType)), type: booleanType };
  const constants = [
    { name: "table", value: [{ port: 80, comment: "a" }, { port: 443, comment: "b" }] },
    { name: "unused", value: [1] },
  ];
  expect(prune(program(condition, { constants })).program.constants).toEqual([{ name: "table", value: [{ port: 80 }, { port: 443 }] }]);
});
