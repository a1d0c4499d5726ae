/** The files of a release. Built from a clone of the commit: what lies about in the work tree is no part of them. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { isObject } from "../../generator/schema/json.js";
import { writeChecksums } from "../checksums.js";
import { ship } from "../ship.js";
import { run } from "./run.js";

/**
 * Writes the npm package, the OCI layout, the folders for Artifact Hub, the bill of materials and the checksums of all. The same commit
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
    writeFileSync(join(out, "sbom.cdx.json"), billOfMaterials(run("npm", ["sbom", "--sbom-format", "cyclonedx", "--omit", "dev", "--package-lock-only"], clone)));
    writeChecksums(out);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** npm's own, without what differs from run to run: the time and a random number. */
export function billOfMaterials(text: string): string {
  const bill: unknown = JSON.parse(text);
  if (!isObject(bill) || !isObject(bill["metadata"]) || !Array.isArray(bill["components"])) throw new Error("npm sbom wrote no CycloneDX");
  const { serialNumber: _number, ...rest } = bill;
  const { timestamp: _time, ...metadata } = bill["metadata"];
  return `${JSON.stringify({ ...rest, metadata }, null, 2)}\n`;
}
