import { expect, test } from "vitest";
import { complete } from "./parameters.js";

const schema = {
  properties: {
    list: { default: [{}], items: { properties: { protocol: { default: "TCP" }, note: {} } } },
    map: { default: {}, properties: { deep: { default: {}, properties: { word: { default: "a" } } } } },
    none: { type: "string" },
  },
};
const defaults = { list: [{ protocol: "TCP" }], map: { deep: { word: "a" } } };

test.each<readonly [string, Readonly<Record<string, unknown>> | undefined, unknown]>([
  ["nothing given", undefined, defaults],
  ["defaults of elements", { list: [{ note: "x" }, { protocol: "UDP" }] }, { ...defaults, list: [{ note: "x", protocol: "TCP" }, { protocol: "UDP" }] }],
  ["nested defaults", { map: { deep: {} } }, defaults],
  ["false, zero and empty values are given", { none: "", map: { deep: { word: "" } } }, { ...defaults, none: "", map: { deep: { word: "" } } }],
  ["null is absent", { list: null, none: null, map: { deep: null } }, defaults],
  ["what does not fit is left", { list: "a", map: 1, more: [] }, { list: "a", map: 1, more: [] }],
])("%s", (_, given, expected) => {
  expect(complete(schema, given)).toEqual(expected);
});

test("the schema's own values stay as they are", () => {
  const completed = complete(schema);
  Object.assign(completed.map ?? {}, { deep: 1 });
  expect(complete(schema)).toEqual(defaults);
});
