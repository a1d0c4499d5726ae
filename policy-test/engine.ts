import type { ReviewRequest } from "../manifest/run.js";
import type { RuleFinding, RuleParameters } from "../wasm/evaluate.js";
import type { WasmManifest } from "../wasm/manifest.js";
import type { Assets } from "./assets.js";

/** `wasm`: the compiled rules; `js`: the rules as the TypeScript that they are written in. They find the same. */
export const engineNames = ["wasm", "js"] as const;
export type EngineName = (typeof engineNames)[number];

/**
 * Evaluates the rules named in `parameters`; findings come sorted by rule, path and message.
 * @throws Error where the engine fails; it never answers "clean" in doubt
 */
export type Engine = (review: ReviewRequest, parameters: RuleParameters) => readonly RuleFinding[];

/** Loads an engine, and nothing of the other. */
export async function loadEngine(name: EngineName, assets: Assets, manifest: WasmManifest): Promise<Engine> {
  if (name === "js") {
    const { createJsEngine } = await import("./engine-js.js");
    return createJsEngine(manifest);
  }
  const { loadEvaluator } = await import("../wasm/evaluate.js");
  const evaluator = await loadEvaluator(assets.wasm, manifest);
  return (review, parameters) => evaluator.evaluate(review, parameters);
}
