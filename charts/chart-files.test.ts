import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { expect, test } from "vitest";
import { packageAssets, readWasmManifest } from "../policy-test/assets.js";
import { packageRoot } from "../wasm/package-root.js";
import { CHART_FOLDER, chartFiles, generatedOnDisk } from "./chart-files.js";

test("the generated files of the chart are up to date; else run `npm run generate:chart`", () => {
  const expected = chartFiles(readWasmManifest(packageAssets().manifest));
  const stale = [...expected].filter(([path, text]) => !generatedOnDisk().includes(path) || readFileSync(join(CHART_FOLDER, path), "utf8") !== text);
  expect(stale.map(([path]) => path)).toEqual([]);
  expect(generatedOnDisk().filter((path) => !expected.has(path))).toEqual([]);
  expect(expected.size).toBeGreaterThan(50);
});

test("the chart has the version of the package", () => {
  const { version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string }; // ours
  expect(load(readFileSync(join(CHART_FOLDER, "Chart.yaml"), "utf8"))).toMatchObject({ version, appVersion: version });
});
