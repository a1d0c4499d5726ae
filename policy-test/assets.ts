import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../wasm/package-root.js";
import { isWasmManifest } from "../wasm/is-manifest.js";
import type { WasmManifest } from "../wasm/manifest.js";
import { isMapping } from "../manifest/mapping.js";

/** The generated files that the command runs on. */
export interface Assets {
  /** Path of the compiled rules. */
  readonly wasm: string;
  /** Path of what is said about them. */
  readonly manifest: string;
}

/** The files of this package, from its source tree as from its `dist`. */
export function packageAssets(): Assets {
  return assetsIn(join(packageRoot, "wasm"));
}

/** The files of a folder that the compiler has written its `wasm/` to. */
export function assetsIn(folder: string): Assets {
  return { wasm: join(folder, "policy.wasm"), manifest: join(folder, "manifest.json") };
}

/** Whether the rules are those of this package, whose source it has. */
export function areOwn({ wasm, manifest }: Assets): boolean {
  const own = packageAssets();
  return wasm === own.wasm && manifest === own.manifest;
}

export function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8"));
  return isMapping(manifest) ? String(manifest.version) : "";
}

/**
 * Reads wasm/manifest.json.
 * @throws Error if it is missing or not what the generator writes
 */
export function readWasmManifest(path: string): WasmManifest {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(`cannot read the compiled rules' manifest \`${path}\`; run \`npm run generate\``, { cause: error });
  }
  if (!isWasmManifest(value)) throw new Error(`\`${path}\` is no manifest of compiled rules; run \`npm run generate\``);
  return value;
}
