/**
 * The compiler itself, not only the library's rules: each construct of the language that rules are written in gives
 * the same findings in every engine that runs in Node. The rules of test/constructs are those of somebody else.
 */
import { readFileSync } from "node:fs";
import fc, { type Arbitrary } from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { compileRules } from "../generator/compile.js";
import type { CompiledRule } from "../generator/compiled.js";
import { complete } from "../generator/schema/schema.js";
import { digest, regoModules, sourceDigest, wasmManifest } from "../generator/wasm.js";
import { messageText, runRule, type ReviewRequest } from "../manifest/run.js";
import type { Violation } from "../policies/kit/index.js";
import { loadEvaluator } from "../wasm/evaluate.js";
import type { WasmManifest } from "../wasm/manifest.js";
import { parametersOf } from "./constructs-parameters.js";
import { definitions } from "./constructs/index.js";
import { requestsFor } from "./context-generators.js";
import { newCounting } from "./counting.js";
import { celEvaluator } from "./executors/cel.js";
import { writeFigures } from "./figures.js";
import { requestArbitrary, workloadArbitrary } from "./generators.js";

const { rules, diagnostics } = compileRules("test/constructs");
const generated = new URL("constructs/generated/", import.meta.url);
const wasm = readFileSync(new URL("policy.wasm", generated));
const manifest: unknown = JSON.parse(readFileSync(new URL("manifest.json", generated), "utf8"));
const built: WasmManifest = wasmManifest(rules, { opa: "", source: sourceDigest(regoModules(rules)), wasm: digest(wasm) });
const evaluator = await loadEvaluator(wasm, built);

const counting = newCounting();
const asked = { requests: 0, violated: 0 };
afterAll(() => {
  console.log(`requests of ${String(rules.length)} construct rules, and how many violate: ${JSON.stringify(asked)}`);
  writeFigures("constructs", counting.figures());
});

test("every rule compiles", () => {
  expect(diagnostics).toEqual([]);
  expect(rules.map((rule) => rule.meta.id)).toEqual([...definitions.keys()].sort());
});

test("the wasm module is up to date; else run `npm run generate:constructs`", () => {
  expect(manifest).toEqual({ ...built, opa: expect.any(String) as unknown });
});

/** Most requests are of workloads that are new: they alone are always reviewed. */
const requestsOf = (rule: CompiledRule): Arbitrary<ReviewRequest[]> => {
  const fresh = fc.oneof({ weight: 3, arbitrary: workloadArbitrary.map((object): ReviewRequest => ({ object })) }, { weight: 1, arbitrary: requestArbitrary });
  const isPlain = rule.needs.length === 0 && rule.meta.reviews === "workloads";
  return fc.array(isPlain ? fresh : requestsFor(rule), { minLength: 6, maxLength: 6 });
};

describe.each(rules.map((rule) => ({ id: rule.meta.id, rule })))("$id", ({ id, rule }) => {
  test("is the same in JavaScript, wasm and CEL", () => {
    const ofConstraint = celEvaluator(rule.cel());
    fc.assert(
      fc.property(requestsOf(rule), parametersOf(rule.schema), (batch, given) => {
        const parameters = complete(rule.schema, given);
        const own = celEvaluator(rule.cel(parameters));
        for (const request of batch) {
          const violations = inJavaScript(rule, request, parameters);
          const text = messageText(id, violations);
          counting.expectEqual("wasm in Node", "others", () => inWasm(id, request, parameters), asSet(violations));
          counting.expectEqual("CEL in Node, parameters of a Constraint", "others", () => ofConstraint(request, given), text);
          counting.expectEqual("CEL in Node, parameters in the policy", "others", () => own(request), text);
          asked.requests += 1;
          asked.violated += violations.length > 0 ? 1 : 0;
        }
      }),
      { numRuns: 30 },
    );
  });
});

function inJavaScript(rule: CompiledRule, request: ReviewRequest, parameters: Readonly<Record<string, unknown>>): Violation[] {
  const definition = definitions.get(rule.meta.id);
  if (definition === undefined) throw new Error(`test/constructs/index.ts lacks ${rule.meta.id}`);
  return runRule(definition, request, parameters, rule.reads);
}

function inWasm(id: string, request: ReviewRequest, parameters: Readonly<Record<string, unknown>>): string[] {
  return asSet(evaluator.evaluate(request, { [id]: parameters }));
}

const asSet = (violations: readonly Violation[]): string[] => [...new Set(violations.map(({ path, message }) => `${path}: ${message}`))].sort();
