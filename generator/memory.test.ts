/** The compiler in memory says and makes what it says and makes on disk. */
import { describe, expect, test } from "vitest";
import { compileFiles } from "./compile.js";
import type { CompiledRule } from "./compiled.js";
import { compileSources, type Compilation } from "./compiler.js";
import { formatDiagnostic } from "./diagnostics.js";
import { readIntoMemory, ruleFiles } from "./disk.js";
import { calls } from "./frontend/fixtures/refused/calls.js";
import { definitions } from "./frontend/fixtures/refused/definitions.js";
import { parameters } from "./frontend/fixtures/refused/parameters.js";
import { statements } from "./frontend/fixtures/refused/statements.js";
import { typeErrors } from "./frontend/fixtures/refused/type-errors.js";
import { diagnose, ID, idOf, neighbours, unmarked } from "./frontend/fixtures/snippets.js";
import { memory, pathInMemory } from "./memory.js";

const files = ruleFiles("policies");
const onDisk = compileFiles(files);
const texts = readIntoMemory(files);
const rules = files.map((file) => pathInMemory(file, process.cwd().replaceAll("\\", "/")));

function compileInMemory(more: ReadonlyMap<string, string>, wanted: readonly string[]): Compilation {
  return compileSources(wanted, memory(new Map([...texts, ...more])));
}

/** All that is said of a rule: its functions are asked. */
function made(rule: CompiledRule): unknown {
  const rego = [["a"], ["input", "parameters"]] as const;
  const trace = { statements: rule.trace.statements, cel: rule.trace.cel(), rego: rule.trace.rego(...rego) };
  return { ...rule, expressible: rule.expressible(new Set()), cel: rule.cel(), rego: rule.rego(...rego), trace, mutation: rule.mutation !== undefined };
}

test("every rule becomes the same Rego, CEL and schema", () => {
  const { rules: compiled, diagnostics } = compileInMemory(new Map(), rules);
  expect(diagnostics).toEqual([]);
  expect(compiled.length).toBeGreaterThan(15);
  expect(compiled.map(made)).toEqual(onDisk.rules.map(made));
});

test("nothing is read of the disk", () => {
  expect([...texts.keys()].filter((path) => !/^\/(policies|typescript\/lib)\/[\w./-]+\.ts$/.test(path))).toEqual([]);
  expect(() => compileSources(rules, memory(new Map()))).toThrow(`${rules[0] ?? ""} cannot be read`);
});

describe.each(Object.entries({ statements, calls, definitions, parameters, typeErrors }))("refused %s", (_, rows) => {
  const sources = rows.map((row) => unmarked(row).text);

  test("are refused in the same words at the same places", () => {
    const paths = sources.map((_source, index) => `/policies/${idOf(index)}.ts`);
    const more = [...sources.map((source, index) => [paths[index] ?? "", source.replaceAll(ID, idOf(index))] as const), ...Object.entries(neighbours).map(([name, text]) => [`/policies/${name}`, text] as const)];
    const said = compileInMemory(new Map(more), paths).diagnostics.map((each) => ({ ...each, file: each.file.replace("policies/", "") }));
    const expected = diagnose(sources).flat();
    expect(expected.length).toBeGreaterThan(5);
    expect(said.filter(({ file }) => file.startsWith("rule-")).map(formatDiagnostic)).toEqual(expected.map(formatDiagnostic));
  });
});
