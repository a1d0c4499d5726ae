import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";

import { disk } from "../disk.js";
import { checkParameters } from "./check.js";
import { createReader } from "./reader.js";
import { closedSchema, complete, defaultsOf, parameterSchemas, structural, type SchemaProblem } from "./schema.js";

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const ruleFile = path("fixtures/rule.ts");
const shapesFile = path("fixtures/shapes.ts");
const policies = path("../../policies/");
const libraryFiles = readdirSync(policies).filter((name) => name.endsWith(".ts") && !["index.ts"].includes(name));

function schemaOf(file: string, exemptions: "exempt" | "none" = "none") {
  const result = parameterSchemas([file], disk).of(file, exemptions);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.schema;
}

describe("parameters of a rule", () => {
  const schema = schemaOf(ruleFile);

  test("become a structural schema", () => {
    expect(schema).toEqual({
      type: "object",
      properties: {
        texts: { type: "array", description: "Texts.", default: ["a"], minItems: 1, maxItems: 3, items: { type: "string" } },
        count: { type: "integer", default: 5, minimum: -2147483648, maximum: 2147483647 },
        level: { type: "string", enum: ["low", "high"], default: "low" },
        strict: { type: "boolean", default: false },
        ranges: {
          type: "array",
          default: [{ from: 1 }],
          maxItems: 4,
          items: {
            type: "object",
            properties: { from: { type: "integer", minimum: 1, maximum: 2147483647 }, to: { type: "integer", minimum: -2147483648, maximum: 2147483647 } },
            required: ["from"],
          },
        },
        labels: { type: "object", default: {}, maxProperties: 8, additionalProperties: { type: "string" } },
        nested: {
          type: "object",
          description: "The defaults of its fields are its own.",
          default: {},
          properties: {
            prefix: { type: "string", default: "x" },
            deep: { type: "object", default: {}, properties: { on: { type: "boolean", default: true } } },
          },
        },
        single: { type: "string", enum: ["only"], default: "only" },
      },
    });
  });

  test("have complete defaults", () => {
    expect(defaultsOf(schema)).toEqual({
      texts: ["a"],
      count: 5,
      level: "low",
      strict: false,
      ranges: [{ from: 1 }],
      labels: {},
      nested: { prefix: "x", deep: { on: true } },
      single: "only",
    });
  });

  test("are completed below what is given; null counts as absent", () => {
    const given = { count: null, nested: { deep: null, prefix: "y" }, labels: { a: "b" }, other: 1 };
    expect(complete(schema, given)).toEqual({
      ...defaultsOf(schema),
      nested: { prefix: "y", deep: { on: true } },
      labels: { a: "b" },
      other: 1,
    });
  });

  test("are closed offline", () => {
    const validate = new Ajv().compile(closedSchema(schema));
    expect(validate(defaultsOf(schema))).toBe(true);
    expect(validate({ labels: { any: "name" } })).toBe(true);
    expect(validate({ nested: { prefx: "y" } })).toBe(false);
    expect(validate({ ranges: [{ from: 1, too: 2 }] })).toBe(false);
    expect(validate({ countt: 1 })).toBe(false);
  });

  test("have `exempt` unless the rule says otherwise", () => {
    expect(defaultsOf(schemaOf(ruleFile, "exempt"))).toEqual({ ...defaultsOf(schema), exempt: [] });
  });
});

test("a rule without Params has `exempt` only", () => {
  expect(defaultsOf(schemaOf(`${policies}host-network-port-conflict.ts`, "exempt"))).toEqual({ exempt: [] });
});

test("every rule of the library has complete parameters", () => {
  const files = libraryFiles.map((name) => `${policies}${name}`);
  const schemas = parameterSchemas(files, disk);
  for (const file of files) {
    const result = schemas.of(file);
    expect(result).toMatchObject({ ok: true });
    if (result.ok) expect(new Ajv().compile(closedSchema(result.schema))(defaultsOf(result.schema))).toBe(true);
  }
});

describe("what cannot be a parameter is named, with what to write instead", () => {
  const reader = createReader([shapesFile], disk);

  function problemsOf(name: string): readonly SchemaProblem[] {
    const read = reader.read(shapesFile, name);
    if (read === undefined) throw new Error(`no ${name} in the fixture`);
    if (!read.ok) return read.problems;
    const result = structural(read.schema);
    return result.ok ? checkParameters(result.schema) : result.problems;
  }

  test.each([
    ["Recursive", "tree.children[]", /contains itself/, /write the levels out/],
    ["Union", "value", /union of different types/, /one optional field for each/],
    ["Nullable", "value", /union of different types/, /union of literals/],
    ["Mixed", "value", /union of different types/, /union of literals/],
    ["Any", "value", /any, unknown, never/, /write a text/],
    ["Unknown", "value", /any, unknown, never/, /write a text/],
    ["Unresolved", "value", /not found/, /write a text/],
    ["Tuple", "value", /tuple/, /list of one type/],
    ["Callback", "value", /a function/, /write a text/],
    ["Empty", "list[]", /without fields/, /write a text/],
    ["OpenRecord", "value", /index signature/, /field of their own/],
    ["Impossible", "value", /./, /./],
    ["Fraction", "value", /not all of type integer/, /literals of one type/],
    ["Unique", "value", /@uniqueItems/, /use one of @default/],
    ["NoDefault", "value", /no default/, /@default/],
    ["WrongDefault", "value", /does not fit its type: `value` must be integer/, /as JSON/],
  ])("%s", (name, property, message, help) => {
    const [first] = problemsOf(name);
    expect(first).toMatchObject({ property });
    expect(first?.message).toMatch(message);
    expect(first?.help).toMatch(help);
  });

  test("every list and map has a bound", () => {
    expect(problemsOf("Unbounded").map((problem) => problem.property)).toEqual(["value", "records[].texts", "labels"]);
  });
});
