/**
 * The construct rules where the engines themselves are installed (`npm run engines`): Kubernetes' own CEL
 * environments compile and evaluate them, and opa finds nothing to say about their Rego.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findEngine } from "../engines/index.js";
import { compileRules } from "../generator/compile.js";
import type { JsonObject } from "../generator/schema/json.js";
import { complete } from "../generator/schema/schema.js";
import { knownTo } from "../generator/targets/known.js";
import { messageText, runRule, type ReviewRequest } from "../manifest/run.js";
import { parametersOf } from "./constructs-parameters.js";
import { definitions } from "./constructs/index.js";
import { requestArbitrary, workloadArbitrary } from "./generators.js";
import { listOf, objectsIn } from "./json.js";

const { rules } = compileRules("test/constructs");
const opa = findEngine("opa");
const kubernetes = findEngine("cel-check");

interface Sample {
  readonly request: ReviewRequest;
  readonly given: JsonObject | undefined;
}

describe.skipIf(kubernetes === undefined)("Kubernetes' CEL", () => {
  const known = knownTo["admission-policy"];
  test.each(["1.30", "1.36"])("%s compiles every construct, and finds the same", (version) => {
    const sampled = new Map(rules.map((rule) => [rule.meta.id, samples(rule.schema)]));
    const policies = rules.map((rule) => ({ id: rule.meta.id, ...rule.cel(undefined, known), requests: (sampled.get(rule.meta.id) ?? []).map(celRequest) }));
    const reports = reportsOf(execFileSync(kubernetes?.path ?? "", { input: JSON.stringify({ versions: [version], policies }), maxBuffer: 2 ** 30, encoding: "utf8" }));
    expect(reports.flatMap((report) => listOf(report["errors"]).map((error) => `${String(report["id"])}: ${String(error)}`))).toEqual([]);
    // Of the others the server is given a part, whose findings are some of the whole's.
    const whole = rules.filter((rule) => rule.expressible(known) === "whole");
    expect(whole.length).toBeGreaterThan(15);
    for (const rule of whole) {
      const { id } = rule.meta;
      const definition = definitions.get(id);
      const results = objectsIn(reports.find((report) => report["id"] === id)?.["results"]);
      const expected = (sampled.get(id) ?? []).map(({ request, given }) =>
        definition === undefined ? id : messageText(id, runRule(definition, request, complete(rule.schema, given), rule.reads)),
      );
      expect(results.map((result) => result["error"] ?? result["text"]), id).toEqual(expected);
    }
  });
});

describe.skipIf(opa === undefined)("opa", () => {
  test("checks and formats the Rego of every construct without a word", () => {
    const folder = mkdtempSync(join(tmpdir(), "constructs-"));
    try {
      for (const rule of rules) writeFileSync(join(folder, `${rule.meta.id}.rego`), rule.rego([rule.meta.id], ["input", "parameters"]));
      for (const given of [["check", "--strict", folder], ["fmt", "--list", folder]]) {
        const { stdout, stderr } = spawnSync(opa?.path ?? "", given, { encoding: "utf8" });
        expect(stdout + stderr).toBe("");
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function samples(schema: JsonObject): Sample[] {
  const request = fc.oneof({ weight: 3, arbitrary: workloadArbitrary.map((object): ReviewRequest => ({ object })) }, { weight: 1, arbitrary: requestArbitrary });
  return fc.sample(fc.record({ request, given: parametersOf(schema) }), { numRuns: 60, seed: 1 });
}

const celRequest = ({ request, given }: Sample, index: number): object => ({
  name: String(index),
  operation: request.operation ?? "",
  object: request.object,
  ...(request.oldObject === undefined ? {} : { oldObject: request.oldObject }),
  ...(given === undefined ? {} : { parameters: given }),
});

function reportsOf(text: string): JsonObject[] {
  return objectsIn(JSON.parse(text));
}
