/** `npm run generate:chart`: writes the generated files of the Helm chart. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageAssets, readWasmManifest } from "../policy-test/assets.js";
import { CHART_FOLDER, chartFiles } from "./chart-files.js";

rmSync(join(CHART_FOLDER, "files"), { recursive: true, force: true });
for (const [path, text] of chartFiles(readWasmManifest(packageAssets().manifest))) {
  const file = join(CHART_FOLDER, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
