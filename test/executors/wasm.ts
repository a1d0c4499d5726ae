/** Runs a rule in the OPA wasm that ships: the library's own module through the library's own evaluator. */
import { readFileSync } from "node:fs";
import type { Parameters, ReviewRequest } from "../../manifest/run.js";
import type { Violation } from "../../policies/kit/index.js";
import { loadEvaluator } from "../../wasm/evaluate.js";
import type { WasmManifest } from "../../wasm/manifest.js";
import { completeParameters } from "../compiled.js";

const folder = new URL("../../wasm/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL("manifest.json", folder), "utf8")) as WasmManifest; // written by the generator, byte-checked
const evaluator = await loadEvaluator(readFileSync(new URL("policy.wasm", folder)), manifest);

/** The violations of any request, sorted by path and message; parameters as a user would write them. */
export function runInWasm(id: string, request: ReviewRequest, parameters: Parameters): Violation[] {
  return evaluator.evaluate(request, { [id]: completeParameters(id, parameters) }).map(({ path, message }) => ({ path, message }));
}
