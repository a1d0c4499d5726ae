/** The files of a release. Built from a clone of the commit: what lies about in the work tree is no part of them. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { isObject, type JsonObject } from "../../generator/schema/json.js";
import { writeChecksums } from "../checksums.js";
import { ship } from "../ship.js";
import { run } from "./run.js";

/**
 * Writes the npm package, the Helm chart, the OCI layout, the folders for Artifact Hub, the bill of materials and the checksums of all. The same commit
 * gives the same bytes with the same npm.
 * @param out is made anew
 */
export function buildRelease(root: string, out: string): void {
  const folder = mkdtempSync(join(tmpdir(), "hostnetwork-policies-release-"));
  const clone = join(folder, "hostnetwork-policies");
  try {
    run("git", ["clone", "--quiet", "--no-hardlinks", root, clone], folder);
    // `npm ci` would bring the same: the lock file says which.
    symlinkSync(join(root, "node_modules"), join(clone, "node_modules"));
    ship(out, clone);
    run("npm", ["pack", "--silent", "--pack-destination", out], clone);
    writeFileSync(join(out, "sbom.cdx.json"), billOfMaterials(npmSbom(clone, join(folder, "sbom", "hostnetwork-policies"))));
    writeChecksums(out);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * What npm says of the dependencies of the package in `clone`. With `--omit dev` it leaves out what a development dependency needs as well
 * (npm 11.19), so it is shown the package without any.
 * @param folder a new one; npm names the package after it
 */
function npmSbom(clone: string, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const manifest = withoutDevelopment(readJson(join(clone, "package.json")));
  const lock = readJson(join(clone, "package-lock.json"));
  const packages = Object.entries(isObject(lock["packages"]) ? lock["packages"] : {}).filter(([, entry]) => isObject(entry) && entry["dev"] !== true);
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ ...lock, packages: Object.fromEntries(packages.map(([path, entry]) => [path, isObject(entry) ? withoutDevelopment(entry) : entry])) }));
  return run("npm", ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"], folder);
}

function withoutDevelopment({ devDependencies: _left, ...rest }: JsonObject): JsonObject {
  return rest;
}

function readJson(path: string): JsonObject {
  const value: unknown = JSON.parse(readFileSync(path, "utf8"));
  if (!isObject(value)) throw new Error(`${path} is no object`);
  return value;
}

/** npm's own, without what differs from run to run: the time and a random number. */
export function billOfMaterials(text: string): string {
  const bill: unknown = JSON.parse(text);
  if (!isObject(bill) || !isObject(bill["metadata"]) || !Array.isArray(bill["components"])) throw new Error("npm sbom wrote no CycloneDX");
  const { serialNumber: _number, ...rest } = bill;
  const { timestamp: _time, ...metadata } = bill["metadata"];
  return `${JSON.stringify({ ...rest, metadata }, null, 2)}\n`;
}
