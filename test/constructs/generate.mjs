/** `npm run generate:constructs`: compiles the rules of this folder to the wasm module that test/constructs.test.ts runs. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

import { requireEngine } from "../../dist/engines/index.js";
import { compileRules } from "../../dist/generator/compile.js";
import { formatDiagnostic } from "../../dist/generator/diagnostics.js";
import { buildWasm } from "../../dist/generator/wasm.js";

const rules = dirname(fileURLToPath(import.meta.url));
const out = join(rules, "generated");
const { rules: compiled, diagnostics } = compileRules(relative(process.cwd(), rules));
if (diagnostics.length > 0) throw new Error(diagnostics.map(formatDiagnostic).join("\n\n"));
const { wasm, manifest } = buildWasm(compiled, requireEngine("opa"));
mkdirSync(out, { recursive: true });
writeFileSync(join(out, "policy.wasm"), wasm);
writeFileSync(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
