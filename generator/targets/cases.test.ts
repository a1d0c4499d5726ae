import { describe, expect, test } from "vitest";
import { parseCases } from "./cases.js";

describe("a malformed case file is an error", () => {
  const valid = "{ name: a, object: { apiVersion: v1, kind: Pod }, violations: [] }";
  const file = (...entries: string[]) => `cases: [${entries.join(", ")}]`;

  test("a well-formed one is not", () => {
    expect(parseCases("x", file(valid))).toEqual([
      { name: "a", parameters: {}, request: { object: { apiVersion: "v1", kind: "Pod" } }, violations: [] },
    ]);
  });

  test.each([
    ["two cases of one name", file(valid, valid), /two cases are named "a"/],
    ["no violations", file("{ name: a, object: { apiVersion: v1, kind: Pod } }"), /required property 'violations'/],
    ["an unknown key of a case", file("{ name: a, object: { apiVersion: v1, kind: Pod }, violations: [], expect: 1 }"), /"expect"/],
    ["an unknown key of the file", `${file(valid)}\nextra: 1`, /"extra"/],
    ["an unknown key of a violation", file("{ name: a, object: { apiVersion: v1, kind: Pod }, violations: [{ path: p, message: m, msg: m }] }"), /"msg"/],
    ["the same violation twice", file("{ name: a, object: { apiVersion: v1, kind: Pod }, violations: [{ path: p, message: m }, { path: p, message: m }] }"), /duplicate/],
    ["an object without a kind", file("{ name: a, object: { apiVersion: v1 }, violations: [] }"), /kind/],
    ["an UPDATE without oldObject", file("{ name: a, operation: UPDATE, object: { apiVersion: v1, kind: Pod }, violations: [] }"), /oldObject/],
    ["an oldObject without UPDATE", file("{ name: a, oldObject: {}, object: { apiVersion: v1, kind: Pod }, violations: [] }"), /must NOT be valid/],
    ["a reason to be offline without text", file('{ name: a, offline: "", object: { apiVersion: v1, kind: Pod }, violations: [] }'), /offline/],
    ["a $repeat with neighbours", file("{ name: a, object: { apiVersion: v1, kind: Pod, l: [{ $repeat: { times: 1, element: 1 }, more: 1 }] }, violations: [] }"), /stands alone/],
  ])("%s", (_, yaml, message) => {
    expect(() => parseCases("x", yaml)).toThrow(message);
  });
});

test("$repeat writes a list out", () => {
  const object = '{ apiVersion: v1, kind: Pod, l: [first, { $repeat: { times: 2, element: { name: "c-$n", port: "$n+9000", n: $n, text: "port $n+10, $n" } } }] }';
  expect(parseCases("x", `cases: [{ name: a, object: ${object}, violations: [] }]`)[0]?.request.object).toEqual({
    apiVersion: "v1",
    kind: "Pod",
    l: ["first", { name: "c-0", port: 9000, n: 0, text: "port 10, 0" }, { name: "c-1", port: 9001, n: 1, text: "port 11, 1" }],
  });
});
