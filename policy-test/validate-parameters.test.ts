import { describe, expect, test } from "vitest";
import { schemaProblems } from "./validate-parameters.js";

const words = { whole: "a thing", part: (path: string) => `\`${path}\` of a thing`, field: "a thing has no field" };

const problemsOf = (schema: Readonly<Record<string, unknown>>, value: unknown): string[] =>
  schemaProblems({ type: "object", properties: { a: schema } }, { a: value }, words).map(({ message }) => message);

describe("a value that breaks its schema is told in the words of manifests", () => {
  test.each<readonly [string, Readonly<Record<string, unknown>>, unknown, string]>([
    ["a number in quotes", { type: "integer" }, "80", '`a` of a thing must be a whole number, but is the text "80"; write a: 80 without quotes'],
    ["a name without quotes", { type: "string" }, 2024, '`a` of a thing must be a text, but is the number 2024; write a: "2024" in quotes'],
    ["a truth value in quotes", { type: "boolean" }, "true", "`a` of a thing must be a boolean, but is the text \"true\"; write a: true without quotes"],
    ["a mapping for a list", { type: "array" }, {}, "`a` of a thing must be a list, but is a mapping; put - before each element"],
    ["a list for a mapping", { type: "object" }, [], "`a` of a thing must be a mapping, but is a list"],
    ["nothing", { type: "string" }, null, "`a` of a thing must be a text, but is nothing"],
    ["several types", { type: ["string", "integer"] }, true, "`a` of a thing must be string,integer, not `true`"],
    ["too little", { minimum: 1 }, 0, "`a` of a thing must be at least 1"],
    ["too much", { maximum: 65535 }, 70000, "`a` of a thing must be at most 65535"],
    ["no element", { minItems: 1 }, [], "`a` of a thing is empty"],
    ["no text", { minLength: 1 }, "", "`a` of a thing is empty"],
    ["no field", { minProperties: 1, properties: { b: {}, c: {} } }, {}, "`a` of a thing is empty; give it at least one of `b`, `c`"],
    ["many elements", { maxItems: 2 }, [1, 2, 3], "`a` of a thing has more than 2 entries"],
    ["many fields", { maxProperties: 2 }, { b: 1, c: 2, d: 3 }, "`a` of a thing has more than 2 entries"],
    ["a long text", { maxLength: 3 }, "long", "`a` of a thing has more than 3 characters"],
  ])("%s", (_, schema, value, message) => {
    expect(problemsOf(schema, value)).toEqual([message]);
  });
});
