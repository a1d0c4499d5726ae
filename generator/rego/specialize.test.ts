import { describe, expect, test } from "vitest";
import { text } from "../ir/build.js";
import { booleanType, locationType, textType, type Expr, type Function, type NormalProgram, type Type } from "../ir/ir.js";
import { fieldParameters, replaceReads, specialize } from "./specialize.js";

const view = (name: string): Type => ({ kind: "record", name, isView: true });
const pod: Expr = { kind: "root", name: "pod", type: view("Pod") };
const local = (name: string, type: Type): Expr => ({ kind: "local", name, type });
const field = (record: Expr, name: string, type: Type): Expr => ({ kind: "field", record, name, type });
const both = (left: Expr, right: Expr): Expr => ({ kind: "logical", operator: "&&", left, right, type: booleanType });
const call = (name: string, ...args: readonly Expr[]): Expr => ({ kind: "call", name, args, type: booleanType });
const containers = field(pod, "containers", { kind: "list", element: view("Container") });
const some = (condition: Expr): Expr => ({ kind: "quantifier", quantifier: "some", list: containers, item: "c", condition, type: booleanType });

const program = (functions: readonly Function<Expr>[], condition: Expr): NormalProgram => ({
  reviews: "workloads",
  functions,
  constants: [],
  bounds: [],
  body: { kind: "if", condition, then: { kind: "yield", location: { kind: "text", value: "spec", type: locationType }, message: text("found") }, otherwise: { kind: "seq", steps: [] } },
});
const conditionOf = ({ body }: NormalProgram): Expr | undefined => (body.kind === "if" ? body.condition : undefined);

describe("a function gets what it uses", () => {
  const podParameter = { name: "p", type: view("Pod") };
  const containerParameter = { name: "container", type: view("Container") };
  const p = local("p", podParameter.type);
  const container = local("container", containerParameter.type);
  const c = local("c", view("Container"));

  test("a record of the review that every caller passes becomes global", () => {
    const helper = { name: "f", parameters: [podParameter], result: booleanType, body: field(p, "hostNetwork", booleanType) };
    const specialized = specialize(program([helper], call("f", pod)));
    expect(specialized.functions).toMatchObject([{ parameters: [], body: { kind: "field", record: { kind: "root", name: "pod" } } }]);
    expect(conditionOf(specialized)).toMatchObject({ kind: "call", args: [] });
  });

  test("also through a function in between", () => {
    const inner = { name: "inner", parameters: [podParameter], result: booleanType, body: field(p, "hostNetwork", booleanType) };
    const outer = { name: "outer", parameters: [podParameter], result: booleanType, body: call("inner", p) };
    expect(specialize(program([inner, outer], call("outer", pod))).functions.map(({ parameters }) => parameters)).toEqual([[], []]);
  });

  test("another record is passed as the fields that are read of it", () => {
    const body = both(field(container, "name", booleanType), field(container, "image", booleanType));
    const specialized = specialize(program([{ name: "f", parameters: [containerParameter], result: booleanType, body }], some(call("f", c))));
    expect(specialized.functions[0]?.parameters.map(({ name }) => name)).toEqual(["container_name", "container_image"]);
    expect(conditionOf(specialized)).toMatchObject({ condition: { args: [{ kind: "field", name: "name" }, { kind: "field", name: "image" }] } });
  });

  test("one that is used as a whole, or of which much is read, stays", () => {
    const whole = both(call("g", container), field(container, "name", booleanType));
    expect(fieldParameters(whole, containerParameter, new Set())).toBeUndefined();
    const much = ["name", "image", "args", "env", "ports"].map((name) => field(container, name, booleanType)).reduce(both);
    expect(fieldParameters(much, containerParameter, new Set())).toBeUndefined();
  });

  test("its path counts as a field; a name that is taken is not taken again", () => {
    const body: Expr = { kind: "path", record: container, type: textType };
    const fields = fieldParameters(body, containerParameter, new Set(["container_path"]));
    expect(fields?.map(({ parameter }) => parameter.name)).toEqual(["container_path_"]);
    expect(replaceReads(body, "container", fields ?? [])).toMatchObject({ kind: "local", name: "container_path_" });
  });
});
