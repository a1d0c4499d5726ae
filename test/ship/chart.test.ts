/** The packed chart by way of Helm: from the release's folder, and from a registry, it is the chart of this repository. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CHART_FOLDER } from "../../charts/chart-files.js";
import { requireEngine } from "../../engines/index.js";
import { readVersions } from "../../generator/versions.js";
import { ship } from "../../ship/ship.js";
import { packageRoot } from "../../wasm/package-root.js";
import { helm, mustHelm } from "../chart/helm.js";
import { execute } from "../engines/process.js";
import { startRegistry, type Registry } from "./registry.js";

const folder = mkdtempSync(join(tmpdir(), "ship-chart-"));
const version = readVersions(join(packageRoot, "policies"))?.library.version ?? "";
const name = `hostnetwork-policies-${version}.tgz`;
const archive = join(folder, "out", "charts", name);
ship(join(folder, "out"));
let registry: Registry;
let address: string;

beforeAll(async () => {
  registry = await startRegistry(join(folder, "registry"));
  address = `oci://${registry.host}/charts/hostnetwork-policies`;
  const { status, stderr } = await execute(requireEngine("oras").path, ["cp", "--from-oci-layout", "--to-plain-http", `${join(folder, "out", "oci")}:chart-${version}`, `${registry.host}/charts/hostnetwork-policies:${version}`]);
  expect(status, stderr).toBe(0);
});
afterAll(async () => {
  await registry.end();
  rmSync(folder, { recursive: true });
});

/** What Helm makes of a chart, for each target. */
const rendered = (chart: string, ...more: readonly string[]): string[] =>
  ["admission-policy", "gatekeeper", "kyverno"].map((target) => mustHelm(["template", "rules", chart, "--set", `target=${target},bundle=recommended,constraints=always`, ...more]));

test("helm lints the archive and renders of it what it renders of the folder", () => {
  expect(helm(["lint", "--strict", archive]).code).toBe(0);
  const expected = rendered(CHART_FOLDER);
  for (const text of expected) expect(text.length).toBeGreaterThan(10_000);
  expect(rendered(archive)).toEqual(expected);
});

test("helm package packs the same files", async () => {
  mustHelm(["package", CHART_FOLDER, "--destination", folder]);
  const list = async (path: string): Promise<string[]> => (await execute("tar", ["-tzf", path])).stdout.split("\n").sort();
  expect(await list(archive)).toEqual(await list(join(folder, name)));
});

test("helm pulls it from a registry, byte for byte", () => {
  mkdirSync(join(folder, "pulled"));
  mustHelm(["pull", address, "--version", version, "--plain-http", "--destination", join(folder, "pulled")]);
  expect(readFileSync(join(folder, "pulled", name)).equals(readFileSync(archive))).toBe(true);
});

test("helm shows and renders it from the registry", () => {
  expect(mustHelm(["show", "chart", address, "--version", version, "--plain-http"])).toBe(mustHelm(["show", "chart", CHART_FOLDER]));
  expect(rendered(address, "--version", version, "--plain-http")).toEqual(rendered(CHART_FOLDER));
});
