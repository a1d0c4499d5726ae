import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { parseBundle } from "../bundles.js";
import type { CompiledRule, StructuralSchema } from "../compiled.js";
import { parseCases, type Case } from "./cases.js";
import { examplesOf } from "./examples.js";
import { tinyRule } from "./fixtures/tiny-rule.js";
import { pageFiles } from "./pages.js";
import { cell, parameterRows, prose } from "./parameter-rows.js";

const cases = parseCases("tiny-host-network.yaml", readFileSync(new URL("fixtures/tiny-host-network.yaml", import.meta.url), "utf8"));
const other: CompiledRule = { ...tinyRule, meta: { ...tinyRule.meta, id: "tiny-other", enforcement: "warn", sources: [], limitations: [], description: "Why <none>.\nAnd why else." } };
const bundle = parseBundle("fixtures/bundles/tiny.yaml", "title: Tiny\ndescription: For tests.\nrules: { tiny-host-network: { parameters: { allowed: [a] } } }", [tinyRule, other]);
const files = pageFiles([tinyRule, other], (rule) => (rule === tinyRule ? cases : []), "fixtures/", [bundle]);
const page = (name: string): string => files.get(name) ?? `no ${name}`;

describe("a rule's page", () => {
  const tiny = page("tiny-host-network.md");

  test("says why, who says so, and what it does not find", () => {
    expect(tiny).toContain("**No host network: none.** Severity high; a finding denies unless somebody says otherwise. Gatekeeper kind `TinyHostNetwork`.");
    expect(tiny).toContain("## Why\n\nBecause the fixture says so.\n\n- The fixture, line 1.\n\n## Avoid");
    expect(tiny).toContain("## Known limits\n\n- It is a toy.\n");
  });

  test("leaves out what the rule has not", () => {
    const bare = page("tiny-other.md");
    for (const heading of ["## Avoid", "## Prefer", "## Known limits", "- Bundle"]) expect(bare).not.toContain(heading);
    expect(bare).toContain("## Why\n\nWhy \\<none>.\n\nAnd why else.\n\n## Parameters");
    expect(bare).toContain("a finding warns unless");
  });

  test("has the parameters, and the bundles with theirs", () => {
    expect(tiny).toContain("| `allowed` | list of text | `[]` | at most 4 entries |  |");
    expect(tiny).toContain('- Bundle `tiny`: deny, with `allowed: ["a"]`');
  });

  test("holds the code of the template, and links to files of the library", () => {
    expect(tiny).toContain(`<summary>Rego</summary>\n\n\`\`\`rego\n${tinyRule.rego(["tinyhostnetwork"], ["input", "parameters"])}\`\`\``);
    expect(tiny).toContain("<summary>CEL</summary>\n\n```yaml\nfailurePolicy: Fail\nvariables:\n  - name: name\n");
    expect(tiny).toContain("- [ClusterPolicy](../../library/kyverno/tiny-host-network/cluster-policy/tiny-host-network.yaml)");
  });

  test("says how to exempt: by `exempt`, by an own list of matchers, or not at all", () => {
    const exempt = { type: "array", items: { type: "object", properties: { serviceAccountName: { type: "string" } } } } as const;
    const pageOf = (properties: object): string => {
      const rule: CompiledRule = { ...tinyRule, schema: { type: "object", properties } };
      return pageFiles([rule], () => [], "fixtures/", []).get("tiny-host-network.md") ?? "";
    };
    expect(pageOf({ exempt })).toContain("The parameter `exempt` takes matchers");
    expect(pageOf({ allowed: exempt })).toContain("There is no `exempt`: the parameter `allowed` says who may.");
    expect(pageOf({})).toContain("There is no `exempt`: the parameters above");
    expect(pageOf({})).toContain("## Parameters\n\nNone.\n\n## How to exempt");
  });

  test("has no two blank lines, but in code", () => {
    for (const text of files.values()) expect(text.replace(/```.*?```/gs, "code")).not.toContain("\n\n\n");
  });
});

test("the index has a row for each rule, and a column for each bundle", () => {
  expect(page("README.md")).toContain("| Rule | | Severity | Default | `tiny` |\n|---|---|---|---|---|\n");
  expect(page("README.md")).toContain("| [tiny-host-network](tiny-host-network.md) | No host network: none | high | deny | deny |\n");
  expect(page("README.md")).toContain("| [tiny-other](tiny-other.md) | No host network: none | high | warn | – |\n");
});

describe("examples", () => {
  const one = (name: string, more: Partial<Case> = {}): Case => ({ name, parameters: {}, request: { object: { kind: "Pod" } }, violations: [], ...more });
  const names = (given: readonly Case[]): string[] => examplesOf(given).prefer.map((example) => example.name);

  test("are the cases that are marked, in their order", () => {
    expect(names([one("a"), one("c", { example: true }), one("b", { example: true })])).toEqual(["C", "B"]);
  });

  test("are the shortest where none is marked, and one that a cluster could see", () => {
    expect(names([one("long", { parameters: { allowed: ["a"] } }), one("short")])).toEqual(["Short"]);
    expect(names([one("long", { parameters: { allowed: ["a"] } }), one("short", { offline: "no API server takes it" })])).toEqual(["Long"]);
  });

  test("hold all that the outcome hangs on", () => {
    const request = { operation: "UPDATE", object: { kind: "Pod" }, oldObject: { kind: "Pod" } } as const;
    const [example] = examplesOf([one("hostPID is set", { parameters: { allowed: [] }, request, violations: [{ path: "spec", message: "no" }] })]).avoid;
    expect(example).toEqual({
      name: "hostPID is set",
      parts: [
        { key: "object", title: "", yaml: "kind: Pod\n" },
        { key: "oldObject", title: "Before the update:", yaml: "kind: Pod\n" },
        { key: "parameters", title: "With the parameters:", yaml: "allowed: []\n" },
      ],
      messages: ["no"],
    });
  });
});

test("parameters are named with their place, each with type, default and bounds", () => {
  const schema: StructuralSchema = {
    type: "object",
    properties: {
      level: { type: "string", enum: ["a", "b"], default: "a", description: "Which | one.\nOr <none>." },
      labels: { type: "object", additionalProperties: { type: "string" }, maxProperties: 4 },
      ranges: {
        type: "array",
        minItems: 1,
        maxItems: 4,
        items: { type: "object", required: ["from"], properties: { from: { type: "integer", minimum: 1, maximum: 65535 }, strict: { type: "boolean" } } },
      },
      names: { type: "array", maxItems: 2, items: { type: "string", minLength: 1, pattern: "^(a|b)$" } },
    },
  };
  expect(parameterRows(schema).map((row) => Object.values(row).join(" ; "))).toEqual([
    'level ; `"a"`, `"b"` ; `"a"` ; – ; Which \\| one. Or \\<none>.',
    "labels ; map to text ; – ; at most 4 fields ; ",
    "ranges ; list of record ; – ; 1 to 4 entries ; ",
    "ranges[].from ; number ; required ; 1 to 65535 ; ",
    "ranges[].strict ; true or false ; – ; – ; ",
    "names ; list of text ; – ; at most 2 entries, each at least 1 characters, each matches `^(a\\|b)$` ; ",
  ]);
});

test("text stays text in Markdown", () => {
  expect(prose("a <b> and `<c>`")).toBe("a \\<b> and `<c>`");
  expect(cell("a\n b | c")).toBe("a b \\| c");
});
