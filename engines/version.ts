import { spawnSync } from "node:child_process";

import type { EngineRecipe } from "./catalogue.js";

/** A program that takes longer to tell its version than this, in milliseconds, is not the one we look for. */
const patience = 20_000;

/**
 * The version of a binary without the leading `v`, or undefined if it cannot be found out. Asks `go` first, because
 * binaries made by `go install` often do not know their own version; without Go, or for a release build that carries
 * no module version, asks the program itself.
 */
export function binaryVersion(path: string, recipe: EngineRecipe, environment: NodeJS.ProcessEnv): string | undefined {
  const moduleVersion = parseModuleVersion(outputOf("go", ["version", "-m", path], environment), recipe.module);
  if (moduleVersion !== undefined) {
    return moduleVersion;
  }
  return recipe.versionOutput.pattern.exec(outputOf(path, recipe.versionOutput.arguments, environment))?.[1];
}

/**
 * The version of `module` in the output of `go version -m`, without the leading `v`; undefined if the module is not
 * there or was built from a work tree (`(devel)`).
 */
export function parseModuleVersion(output: string, module: string): string | undefined {
  for (const line of output.split("\n")) {
    const [kind, path, version] = line.trim().split(/\s+/);
    if ((kind === "mod" || kind === "dep") && path === module) {
      return version?.startsWith("v") === true ? version.slice(1) : undefined;
    }
  }
  return undefined;
}

/** What a program prints on stdout; nothing if it does not exist, fails or hangs. */
function outputOf(program: string, programArguments: readonly string[], environment: NodeJS.ProcessEnv): string {
  const run = spawnSync(program, programArguments, { encoding: "utf8", env: environment, timeout: patience, stdio: ["ignore", "pipe", "ignore"] });
  return run.status === 0 ? run.stdout : "";
}
