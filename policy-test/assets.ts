import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { WasmManifest } from "../wasm/manifest.js";
import { isMap } from "./values.js";

/** The generated files that the command runs on. */
export interface Assets {
  /** Path of the compiled rules. */
  readonly wasm: string;
  /** Path of what is said about them. */
  readonly manifest: string;
}

/** The files of this package, from its source tree as from its `dist`. */
export function packageAssets(): Assets {
  const root = packageRoot();
  return { wasm: join(root, "wasm", "policy.wasm"), manifest: join(root, "wasm", "manifest.json") };
}

export function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8"));
  return isMap(manifest) ? String(manifest.version) : "";
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

function isWasmManifest(value: unknown): value is WasmManifest {
  return (
    isMap(value) &&
    typeof value.entrypoint === "string" &&
    typeof value.wasm === "string" &&
    Array.isArray(value.rules) &&
    value.rules.every((rule) => isMap(rule) && typeof rule.id === "string" && isMap(rule.parameters) && isMap(rule.reads))
  );
}

/** The folder of package.json, above this file both in the source tree and in `dist`. */
function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error("cannot find the package's own files");
    folder = parent;
  }
  return folder;
}
