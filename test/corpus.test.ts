/** What fuzzing has found stays put right: every entry of test/corpus is asked again, in JavaScript, wasm and CEL. */
import { expect, describe, test } from "vitest";
import { compare, type Disagreement } from "../fuzz/compare.js";
import { corpusManifest, corpusRules, readCorpus, readCorpusWasm, wasmRules } from "../fuzz/corpus.js";
import { celEngine, celInNode, inJavaScript, setOf, wasmEngine } from "../fuzz/engines.js";
import { run, usual } from "../fuzz/run.js";
import { loadEvaluator } from "../wasm/evaluate.js";
import { textAnswer } from "./engines/runner.js";

const corpus = readCorpus();
const rules = corpusRules(corpus);
const random = wasmRules(rules);
const { wasm, manifest } = readCorpusWasm();
const built = corpusManifest(random, "", wasm);
const { evaluate } = await loadEvaluator(wasm, built);
const engines = [wasmEngine(() => Promise.resolve(new Map(random.map(({ meta: { id } }) => [id, evaluate])))), ...celInNode];

/** Programs that run Rego report a set of findings. */
const reportsSets = (engine: string): boolean => /opa|rego/i.test(engine);

test("the corpus has entries of random rules and of the library's, and its wasm is up to date; else run `npm run fuzz -- --corpus`", () => {
  expect([...corpus.values()].filter(({ rule }) => rule !== undefined).length).toBeGreaterThan(0);
  expect(random.length).toBeGreaterThan(0);
  expect(manifest).toEqual({ ...built, opa: expect.any(String) as unknown });
});

test("every entry says what was wrong", () => {
  expect([...corpus].filter(([, { note }]) => note === "not looked at yet").map(([file]) => file)).toEqual([]);
});

test("the compiler refuses the rules of which the corpus says so, and no others", () => {
  expect([...rules.refused]).toEqual([...corpus].flatMap(([file, { refused }]) => (refused === undefined ? [] : [[file, refused]])));
});

describe.each([...rules.ready])("%s", (file, rule) => {
  const entry = corpus.get(file);
  if (entry === undefined) throw new Error(`there is no ${file}`);
  const sample = { request: entry.request, given: entry.parameters };

  test("the TypeScript says what it said", () => {
    const violations = inJavaScript(rule, sample);
    expect(reportsSets(entry.engine) ? setOf("", violations) : textAnswer(rule.compiled.meta.id, violations)).toEqual(entry.expected);
  });

  test.each(engines.map((engine) => ({ name: engine.name, engine })))("$name says the same", async ({ engine }) => {
    const { compared, disagreements } = await compare(engine, [{ rule, samples: [sample] }]);
    expect(compared).toBe(1);
    expect(disagreements.map(({ expected, got }) => ({ expected, got }))).toEqual([]);
  });
});

test("a fault that is planted in the CEL is found, and made small", { timeout: 240_000 }, async () => {
  const planted = celEngine("CEL with a fault", (rule) => {
    const { variables, ...program } = rule.cel();
    return { ...program, variables: variables.map(({ name, expression }) => ({ name, expression: expression.replaceAll(".exists(", ".all(") })) };
  });
  const found: Disagreement[] = [];
  const size = { ...usual, rules: 5, samples: 6, kept: 1, shrinkMilliseconds: 120_000 };
  const tally = await run({ seed: 1, until: Date.now(), engines: [planted], size, found: (each) => found.push(each), report: () => undefined });
  expect(tally.rounds).toBe(1);
  expect(tally.rows[0]?.disagreements).toBeGreaterThan(0);
  const [only] = found;
  expect(found).toHaveLength(1);
  expect(only?.got).not.toEqual(only?.expected);
  // Little more is left than the frame: even a rule that does nothing but let workloads off has an `exists`.
  const code = only?.rule.source?.split("export default")[1] ?? "";
  expect(code.length).toBeLessThan(500);
});
