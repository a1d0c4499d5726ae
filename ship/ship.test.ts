import { createHash } from "node:crypto";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { isObject } from "../generator/schema/json.js";
import { readVersions } from "../generator/versions.js";
import { objectsIn, valueAt } from "../test/json.js";
import { installed } from "../test/library-files.js";
import { packageRoot } from "../wasm/package-root.js";
import { bundleArtefacts } from "./bundles.js";
import { packChart } from "./chart.js";
import { run } from "./release/run.js";
import { ship } from "./ship.js";
import { tarball } from "./tar.js";

const version = readVersions(join(packageRoot, "policies"))?.library.version ?? "";
let folder: string;
/** What is shipped of this repository. */
const shipped = mkdtempSync(join(tmpdir(), "ship-test-"));
beforeAll(() => {
  ship(shipped);
});
afterAll(() => {
  rmSync(shipped, { recursive: true, force: true });
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ship-test-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const json = (path: string): unknown => JSON.parse(readFileSync(path, "utf8"));
const filesIn = (path: string): string[] => readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));

test("the same library gives the same bytes, wherever it lies and whenever it was written", () => {
  const copy = join(folder, "copy");
  for (const part of ["charts", "library", "policies"]) cpSync(join(packageRoot, part), join(copy, part), { recursive: true });
  for (const path of filesIn(copy)) {
    utimesSync(path, 1_000_000_000, 1_000_000_000);
    chmodSync(path, 0o600);
  }
  ship(join(folder, "other"), copy);
  const sums = readFileSync(join(shipped, "SHA256SUMS"), "utf8");
  expect(sums.split("\n").length).toBeGreaterThan(100);
  expect(readFileSync(join(folder, "other", "SHA256SUMS"), "utf8")).toBe(sums);
});

test("a changed policy gives another digest to the bundles that hold it, and to no other", () => {
  const copy = join(folder, "copy");
  for (const part of ["charts", "library", "policies"]) cpSync(join(packageRoot, part), join(copy, part), { recursive: true });
  const changed = join(copy, "library/gatekeeper/host-network-resource-limits/template.yaml");
  writeFileSync(changed, `${readFileSync(changed, "utf8")}# changed\n`);
  const digests = (out: string): Map<unknown, unknown> =>
    new Map(objectsIn(valueAt(json(join(out, "oci", "index.json")), "manifests")).map((manifest) => [valueAt(manifest, "annotations", "org.opencontainers.image.ref.name"), manifest["digest"]]));
  ship(join(folder, "other"), copy);
  const before = digests(shipped);
  const after = digests(join(folder, "other"));
  expect([...before.keys()].filter((tag) => before.get(tag) !== after.get(tag))).toEqual([`gatekeeper-recommended-${version}`, `gatekeeper-strict-${version}`]);
});

test("checksums name every file, and are of what lies there", () => {
  const lines = readFileSync(join(shipped, "SHA256SUMS"), "utf8").trimEnd().split("\n");
  expect(lines).toHaveLength(filesIn(shipped).length - 1);
  for (const line of lines) {
    const [sum = "", path = ""] = line.split("  ");
    expect(createHash("sha256").update(readFileSync(join(shipped, path))).digest("hex"), path).toBe(sum);
  }
});

test("nothing of somebody else's is removed, and what it wrote itself is written anew", () => {
  ship(shipped);
  mkdirSync(join(folder, "mine"));
  writeFileSync(join(folder, "mine", "thesis.txt"), "");
  expect(() => ship(join(folder, "mine"))).toThrow("is not empty");
  expect(readdirSync(join(folder, "mine"))).toEqual(["thesis.txt"]);
});

describe("the chart", () => {
  const chart = join(packageRoot, "charts/hostnetwork-policies");

  test("is an archive that tar reads, with every file as it is and nothing of this machine", () => {
    const archive = join(shipped, "charts", `hostnetwork-policies-${version}.tgz`);
    run("tar", ["-xzf", archive], folder);
    const files = (root: string): Map<string, string> => new Map(filesIn(root).map((path): [string, string] => [path.slice(root.length), readFileSync(path, "utf8")]).sort(([one], [other]) => (one < other ? -1 : 1)));
    const unpacked = files(join(folder, "hostnetwork-policies"));
    expect(unpacked).toEqual(files(chart));
    expect(unpacked.size).toBeGreaterThan(50);
    for (const line of run("tar", ["--utc", "--numeric-owner", "-tvzf", archive], folder).trimEnd().split("\n")) expect(line).toMatch(/^-rw-r--r-- 0\/0 +\d+ 1970-01-01 00:00 hostnetwork-policies\//);
  });

  test("is packed without what its .helmignore names, and not in another version", () => {
    const copy = join(folder, "copy");
    cpSync(chart, copy, { recursive: true });
    writeFileSync(join(copy, "older.tgz"), "");
    mkdirSync(join(copy, ".git"));
    writeFileSync(join(copy, ".git", "HEAD"), "");
    expect(packChart(copy, version).content).toEqual(packChart(chart, version).content);
    expect(() => packChart(copy, "99.0.0")).toThrow(`has version ${version}, the library 99.0.0`);
  });

  test("has no path that a header has no room for", () => {
    expect(() => tarball([["a".repeat(101), new Uint8Array()]])).toThrow("is too long for a tar archive");
  });
});

describe("an artefact", () => {
  const artefacts = bundleArtefacts(join(packageRoot, "library"), { name: "hostnetwork-policies", version: "0.1.0", released: "2026-01-01" });

  test("is there for each engine and bundle", () => {
    const bundles = readdirSync(join(packageRoot, "policies", "bundles")).map((name) => name.replace(".yaml", ""));
    expect(artefacts.map(({ tag }) => tag)).toEqual(["admission-policy", "gatekeeper", "kyverno"].flatMap((engine) => bundles.map((bundle) => `${engine}-${bundle}-0.1.0`)).sort());
  });

  test.each(artefacts)("$tag has no two files of one name, and no name that leads out of its folder", ({ layers }) => {
    const paths = layers.map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
    for (const path of paths) expect(path).toMatch(/^[a-z]+\/[a-z-]+\.yaml$/);
  });

  test("holds the SyncSets of its templates", () => {
    const paths = artefacts.find(({ tag }) => tag.startsWith("gatekeeper-recommended"))?.layers.map(({ path }) => path);
    const syncSets = installed("gatekeeper/bundles/recommended/templates").filter((object) => isObject(object) && object["kind"] === "SyncSet");
    expect(syncSets.length).toBeGreaterThan(0);
    expect(paths?.filter((path) => path.startsWith("sync/"))).toHaveLength(syncSets.length);
  });
});
