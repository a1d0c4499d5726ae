import { describe, expect, test } from "vitest";
import { template, text } from "./build.js";
import { check } from "./check.js";
import { booleanType, closedTextType, integerType, locationType, textType, type Expr, type Stmt, type Type } from "./ir.js";

const pod: Expr = { kind: "root", name: "pod", type: { kind: "record", name: "Pod", isView: true } };
const osName: Expr = { kind: "field", record: pod, name: "osName", type: textType };
const parameter = (name: string, type: Type): Expr => ({ kind: "parameter", name, type });
const local = (name: string): Expr => ({ kind: "local", name, type: textType });
const show = (value: Expr): Expr => ({ kind: "intrinsic", name: "show", args: [value], type: textType });
const says = (message: Expr): Stmt => ({ kind: "yield", location: { kind: "text", value: "spec", type: locationType }, message });
const finding = (message: Expr): Stmt => says(template([text("found "), message]));

const faults = (body: readonly Stmt[], declared: readonly string[] = []) => check({ reviews: "workloads", functions: [], constants: [], bounds: [], body }, declared);

describe("a message", () => {
  test.each<[string, readonly Stmt[], boolean]>([
    ["a literal", [finding(text("found"))], false],
    ["a field of the view", [finding(osName)], true],
    ["a field of the view, shown", [finding(show(osName))], false],
    ["a field inside a template", [finding(template([text("on "), osName]))], true],
    ["a parameter", [finding(parameter("name", textType))], true],
    ["a parameter that the schema holds to a set", [finding(parameter("name", closedTextType))], false],
    ["a const of a field", [{ kind: "const", name: "n", value: osName }, finding(local("n"))], true],
    ["a const of a shown field", [{ kind: "const", name: "n", value: show(osName) }, finding(local("n"))], false],
    ["an element of a list of the user's", [{ kind: "for", list: parameter("names", { kind: "list", element: textType }), item: "n", body: [finding(local("n"))] }], true],
    ["one arm of a choice", [finding({ kind: "conditional", condition: { kind: "boolean", value: true, type: booleanType }, then: text("a"), otherwise: osName, type: textType })], true],
  ])("%s", (_, body, isRefused) => {
    expect(faults(body, []).map((fault) => fault.kind)).toEqual(isRefused ? ["yield"] : []);
  });

  test("is told by its place among the yields", () => {
    const nested: Stmt = { kind: "if", condition: { kind: "boolean", value: true, type: booleanType }, then: [finding(text("a"))], otherwise: [finding(osName)] };
    expect(faults([nested, finding(text("a\nb"))])).toMatchObject([{ index: 1 }, { index: 2, message: "a message is one line" }]);
  });
});

test.each<[string, Expr, boolean]>([
  ["a literal", text("a"), false],
  ["an empty literal", text(""), true],
  ["what is shown of the user's", show(osName), true],
  ["what is shown with words of one's own", show(template([text("on "), osName])), false],
  ["an integer", template([{ kind: "integer", value: 1, type: integerType }, show(osName)]), false],
  ["a const", local("n"), true],
])("a message that may be empty is refused: %s", (_, message, isRefused) => {
  const body = [{ kind: "const", name: "n", value: show(osName) } as const, says(message)];
  expect(faults(body)).toMatchObject(isRefused ? [{ message: "the message may be empty, which CEL takes for no finding" }] : []);
});

test("a parameter that nothing uses is named", () => {
  expect(faults([finding(show(parameter("used", textType)))], ["used", "unused"])).toMatchObject([{ kind: "parameter", name: "unused" }]);
});

test("what a helper function returns counts as the text that it was given", () => {
  const helper = { name: "f", parameters: [{ name: "value", type: textType }], result: textType, body: [{ kind: "return", value: local("value") } as const] };
  const call = (argument: Expr): Stmt => finding({ kind: "call", name: "f", args: [argument], type: textType });
  const of = (argument: Expr) => check({ reviews: "workloads", functions: [helper], constants: [], bounds: [], body: [call(argument)] }, []).length;
  expect([of(osName), of(text("a")), of(show(osName))]).toEqual([1, 0, 0]);
});
