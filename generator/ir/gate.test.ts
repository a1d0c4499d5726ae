import { expect, test } from "vitest";
import { integer, nothing, not, text } from "./build.js";
import { gateOf } from "./gate.js";
import { booleanType, integerType, locationType, textType, type Expr, type NormalProgram, type Type } from "./ir.js";

const view = (name: string): Type => ({ kind: "record", name, isView: true });
const pod: Expr = { kind: "root", name: "pod", type: view("Pod") };
const field = (record: Expr, name: string, type: Type): Expr => ({ kind: "field", record, name, type });
const hostNetwork = field(pod, "hostNetwork", booleanType);
const containers = field(pod, "containers", { kind: "list", element: view("Container") });
const container: Expr = { kind: "local", name: "c", type: view("Container") };
const isAbove = (left: Expr, limit: number): Expr => ({ kind: "compare", operator: ">", left, right: integer(limit), type: booleanType });
const isText = (left: Expr, value: string): Expr => ({ kind: "compare", operator: "==", left, right: text(value), type: booleanType });
const someContainer = (condition: Expr): Expr => ({ kind: "quantifier", quantifier: "some", list: containers, item: "c", condition, type: booleanType });
const port = field({ kind: "local", name: "p", type: view("Port") }, "hostPort", integerType);
const somePort: Expr = { kind: "quantifier", quantifier: "some", list: field(container, "ports", { kind: "list", element: view("Port") }), item: "p", condition: isAbove(port, 0), type: booleanType };

const program = (applies?: Expr): NormalProgram => ({
  reviews: "workloads",
  functions: [],
  constants: [],
  bounds: [],
  body: { kind: "if", condition: hostNetwork, then: { kind: "yield", location: { kind: "path", record: pod, type: locationType }, message: text("found") }, otherwise: nothing },
  ...(applies === undefined ? {} : { applies }),
});

test("what the body needs is told where nothing else says when the rule applies", () => {
  expect(gateOf(program())).toEqual({ clauses: [{ loops: [], tests: [{ raw: "template", path: ["spec", "hostNetwork"], operator: "==", value: true, negated: false }] }] });
});

test("a condition that the clauses say in full is not asked again; one that they do not is", () => {
  expect(gateOf(program(hostNetwork))?.applies).toBeUndefined();
  const unknown: Expr = isAbove({ kind: "length", list: containers, type: integerType }, 1);
  const both: Expr = { kind: "logical", operator: "&&", left: hostNetwork, right: unknown, type: booleanType };
  expect(gateOf(program(both))?.applies).toBe(unknown);
});

test("which list a container is of is decided here", () => {
  const isMain = isText(field(container, "source", textType), "containers");
  const gate = gateOf(program(someContainer({ kind: "logical", operator: "&&", left: not(isMain), right: somePort, type: booleanType })));
  expect(gate?.clauses.map(({ loops }) => loops.map(({ paths }) => paths))).toEqual([[[["spec", "initContainers"], ["spec", "ephemeralContainers"]], [["ports"]]]]);
});

test("there is none where objects with nothing in them would pass", () => {
  expect(gateOf(program(not(hostNetwork)))).toBeUndefined();
  expect(gateOf(program(isText(field(pod, "dnsPolicy", textType), "ClusterFirst")))).toBeUndefined();
});
