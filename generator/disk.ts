/** The disk, as the compiler reads it. */
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { packageRoot } from "../wasm/package-root.js";
import { createProgram } from "./frontend/program.js";
import { ts } from "./frontend/typescript.js";
import { pathInMemory } from "./memory.js";
import type { Sources } from "./sources.js";

/** The absolute path of a file, spelled as TypeScript spells it. */
export const pathOnDisk = (file: string): string => resolve(file).replaceAll("\\", "/");

export const disk: Sources = { system: ts.sys, packageRoot: pathOnDisk(packageRoot) };

/** Files of `dir` that may hold a rule: TypeScript, neither tests nor declarations nor an index; sorted. */
export function ruleFiles(dir: string): string[] {
  return readdirSync(dir)
    .filter((name) => /\.ts$/.test(name) && !/(\.test|\.d)\.ts$/.test(name) && name !== "index.ts")
    .sort()
    .map((name) => pathOnDisk(join(dir, name)));
}

/** All that is read where `files` are compiled, TypeScript's own library included: the texts by their paths in memory. */
export function readIntoMemory(files: readonly string[]): ReadonlyMap<string, string> {
  const program = createProgram(files, disk);
  return new Map(program.getSourceFiles().map(({ fileName, text }) => [pathInMemory(fileName, disk.packageRoot), text]));
}
