import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { DEFAULT_CONFIG } from "../io.js";

/** A config, as people call it and where it lies. */
export interface FoundConfig {
  /** Its path as seen from the working folder. */
  readonly shown: string;
  readonly path: string;
}

/**
 * The `policy-test.yaml` of the working folder or, going up, of the nearest folder above it. The root of a repository is the last one
 * that is looked in: what lies above it belongs to somebody else.
 */
export function findConfig(cwd: string): FoundConfig | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const path = join(folder, DEFAULT_CONFIG);
    if (existsSync(path)) return { shown: relative(cwd, path), path };
    if (existsSync(join(folder, ".git")) || dirname(folder) === folder) return undefined;
  }
}
