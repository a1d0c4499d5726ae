/** Packs the package once for all tests of it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { pack, type PackedPackage } from "./pack.js";

declare module "vitest" {
  export interface ProvidedContext {
    readonly package: PackedPackage;
  }
}

export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), "packed-"));
  project.provide("package", await pack(folder));
  return () => {
    rmSync(folder, { recursive: true });
  };
}
