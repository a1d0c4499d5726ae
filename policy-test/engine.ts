import type { ReviewRequest } from "../manifest/run.js";
import type { RuleFinding, RuleParameters } from "../wasm/evaluate.js";
import type { WasmManifest } from "../wasm/manifest.js";
import { areOwn, type Assets } from "./assets.js";

/** `wasm`: the compiled rules; `js`: the rules as the TypeScript that they are written in. They find the same. */
export const engineNames = ["wasm", "js"] as const;
export type EngineName = (typeof engineNames)[number];

/**
 * Evaluates the rules named in `parameters`; findings come sorted by rule, path and message.
 * @throws Error where the engine fails; it never answers "clean" in doubt
 */
export type Engine = (review: ReviewRequest, parameters: RuleParameters) => readonly RuleFinding[];

/** Loads an engine. The compiled rules of this package are asked through their definition (sieve.ts); others, of which there is no source, always. */
export async function loadEngine(name: EngineName, assets: Assets, manifest: WasmManifest): Promise<Engine> {
  if (name === "js") return loadDefinition(manifest);
  const { loadEvaluator } = await import("../wasm/evaluate.js");
  const loading = loadEvaluator(assets.wasm, manifest);
  const definition = areOwn(assets) ? await loadDefinition(manifest) : undefined;
  const evaluator = await loading;
  const compiled: Engine = (review, parameters) => evaluator.evaluate(review, parameters);
  if (definition === undefined) return compiled;
  const { sieved } = await import("./sieve.js");
  return sieved(definition, compiled);
}

async function loadDefinition(manifest: WasmManifest): Promise<Engine> {
  const { createJsEngine } = await import("./engine-js.js");
  return createJsEngine(manifest);
}
