/** The compiler's door for whatever runs in Node: it compiles what lies on the disk. */
import type { CompiledRule } from "./compiled.js";
import { compileSources, type Compilation } from "./compiler.js";
import { disk, pathOnDisk, ruleFiles } from "./disk.js";
import { readVersions, refuseStrangers, type Release } from "./versions.js";

export type { Compilation } from "./compiler.js";

/**
 * Compiles every rule of a folder: each TypeScript file with a default export, tests and `index.ts` aside.
 * @throws Error where the folder cannot be read, or its `versions.yaml` is malformed
 */
export function compileRules(dir: string): Compilation {
  const compilation = compileFiles(ruleFiles(dir));
  const versions = readVersions(dir);
  if (versions === undefined || compilation.diagnostics.length > 0) return compilation;
  refuseStrangers(versions, compilation.rules.map(({ meta }) => meta.id));
  return { ...compilation, rules: compilation.rules.map((rule) => withRelease(rule, versions.rules[rule.meta.id])) };
}

const withRelease = (rule: CompiledRule, release: Release | undefined): CompiledRule => (release === undefined ? rule : { ...rule, meta: { ...rule.meta, release } });

/** Compiles the rules of `files`; a file without a default export holds helpers and is no rule. */
export function compileFiles(files: readonly string[]): Compilation {
  return compileSources(files.map(pathOnDisk), disk);
}
