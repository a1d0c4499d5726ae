import { join } from "node:path";
import type { WasmManifest } from "../../wasm/manifest.js";
import { packageRoot } from "../../wasm/package-root.js";
import { configSchema } from "./schema.js";

/** The published file. */
export const CONFIG_SCHEMA_FILE = join(packageRoot, "policy-test", "config.schema.json");

export const configSchemaText = (manifest: WasmManifest): string => `${JSON.stringify(configSchema(manifest), null, 2)}\n`;
