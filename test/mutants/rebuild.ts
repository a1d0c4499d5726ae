/**
 * Before the tests of a copy: makes the wasm module with the copy's own compiler. On a machine without opa `npm test`
 * compares with the module that is committed, and holds that to be the one that the compiler's Rego gives; so whoever
 * changes the compiler must commit a module like this one, and this one is what is judged.
 */
import { writeFileSync } from "node:fs";
import { requireEngine } from "../../engines/index.js";
import { compileFiles } from "../../generator/compile.js";
import { formatDiagnostic } from "../../generator/diagnostics.js";
import { ruleFiles } from "../../generator/disk.js";
import { buildWasm } from "../../generator/wasm.js";

/** Where the module of a folder of rules lies. */
const places: Readonly<Record<string, string>> = { policies: "wasm", "test/constructs": "test/constructs/generated" };

export function setup(): void {
  const { MUTANT_COMPILES: folder = "", MUTANT_RULE: only = "" } = process.env;
  const place = places[folder];
  if (place === undefined) return;
  // One rule compiles in a fraction of the time.
  const { rules, diagnostics } = compileFiles(ruleFiles(folder).filter((path) => only === "" || path.endsWith(`/${only}.ts`)));
  if (diagnostics.length > 0) throw new Error(diagnostics.map(formatDiagnostic).join("\n\n"));
  const { wasm, manifest } = buildWasm(rules, requireEngine("opa"));
  writeFileSync(`${place}/policy.wasm`, wasm);
  writeFileSync(`${place}/manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`);
}
