import { isMapping } from "../manifest/mapping.js";
import type { WasmManifest } from "./manifest.js";

/** Whether a value is what the generator writes into wasm/manifest.json. */
export function isWasmManifest(value: unknown): value is WasmManifest {
  return (
    isMapping(value) &&
    typeof value.entrypoint === "string" &&
    typeof value.wasm === "string" &&
    Array.isArray(value.rules) &&
    value.rules.every(
      (rule) =>
        isMapping(rule) && typeof rule.id === "string" && isMapping(rule.parameters) && isMapping(rule.reads) && Array.isArray(rule.needs) && typeof rule.reviews === "string",
    ) &&
    Array.isArray(value.bundles) &&
    value.bundles.every((bundle) => isMapping(bundle) && typeof bundle.name === "string" && Array.isArray(bundle.rules))
  );
}
