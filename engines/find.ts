import { accessSync, constants, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";

import { recipeOf, type EngineName } from "./catalogue.js";
import { binaryVersion } from "./version.js";

/** A policy engine that is on this machine. */
export interface Engine {
  readonly name: EngineName;
  /** Without the leading `v`. */
  readonly version: string;
  /** Absolute path of the binary. */
  readonly path: string;
}

/**
 * The folder that keeps built engines, outside the repository so that clones and clean checkouts share it:
 * `HOSTNETWORK_POLICIES_ENGINES`, else `hostnetwork-policies/engines` in the user's cache folder.
 */
export function cacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  // `||`: an empty variable counts as unset, as the XDG specification asks.
  const own = environment["HOSTNETWORK_POLICIES_ENGINES"] || undefined;
  const userCache = environment["XDG_CACHE_HOME"] || join(environment["HOME"] || homedir(), ".cache");
  return own ?? join(userCache, "hostnetwork-policies", "engines");
}

/** The folder in the cache that holds one version of an engine. */
export function engineDirectory(name: EngineName, environment: NodeJS.ProcessEnv = process.env): string {
  return join(cacheDirectory(environment), `${name}-${recipeOf(name).version}`);
}

/** The engine in the cache or, failing that, on PATH if it has exactly the right version. Never builds. */
export function findEngine(name: EngineName, environment: NodeJS.ProcessEnv = process.env): Engine | undefined {
  const recipe = recipeOf(name);
  // A cached binary is not asked for its version: only a finished build gets this path.
  const cached = join(engineDirectory(name, environment), name);
  if (isExecutable(cached)) {
    return { name, version: recipe.version, path: cached };
  }
  const path = (environment["PATH"] ?? "")
    .split(delimiter)
    .filter((directory) => isAbsolute(directory))
    .map((directory) => join(directory, name))
    .find((candidate) => isExecutable(candidate) && binaryVersion(candidate, recipe, environment) === recipe.version);
  return path === undefined ? undefined : { name, version: recipe.version, path };
}

/**
 * The engine, as `findEngine` finds it.
 * @throws Error that says how to get it, if it is not there.
 */
export function requireEngine(name: EngineName, environment: NodeJS.ProcessEnv = process.env): Engine {
  const engine = findEngine(name, environment);
  if (engine === undefined) {
    throw new Error(
      `${name} ${recipeOf(name).version} is neither in ${cacheDirectory(environment)} nor on PATH\nhelp: run \`npm run engines -- ${name}\``,
    );
  }
  return engine;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
