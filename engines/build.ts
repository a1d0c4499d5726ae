import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";

import { recipeOf, type EngineName, type EngineRecipe } from "./catalogue.js";
import { cacheDirectory, engineDirectory, findEngine, type Engine } from "./find.js";
import { requireGo, runGo } from "./go.js";

/** Milliseconds between two signs of life during a build. */
const heartbeat = 30_000;

/**
 * The engine, built into the cache if it is neither there nor on PATH. Safe to run twice at once and to interrupt:
 * the build happens in a folder of its own beside the final one and gets the final name in one step.
 * @param report receives progress lines.
 * @throws Error if Go is missing or too old, or if the build fails.
 */
export async function buildEngine(
  name: EngineName,
  report: (line: string) => void = () => undefined,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Engine> {
  const found = findEngine(name, environment);
  if (found !== undefined) {
    return found;
  }
  const recipe = recipeOf(name);
  const title = `${name} ${recipe.version}`;
  requireGo(title, environment);

  const started = Date.now();
  const elapsed = (): string => `${Math.round((Date.now() - started) / 1000)} s`;
  report(`${title}: building, about ${recipe.coldBuildMinutes} min on two cores if nothing is cached`);
  const timer = setInterval(() => {
    report(`${title}: still building, ${elapsed()}`);
  }, heartbeat);
  await mkdir(cacheDirectory(environment), { recursive: true });
  const temporary = await mkdtemp(join(cacheDirectory(environment), `.building-${name}-`));
  try {
    await compile(name, recipe, temporary, environment);
    await publish(temporary, engineDirectory(name, environment));
  } finally {
    clearInterval(timer);
    await rm(temporary, { recursive: true, force: true });
  }
  report(`${title}: built in ${elapsed()}`);

  return { name, version: recipe.version, path: join(engineDirectory(name, environment), name) };
}

/** Leaves exactly one file in `directory`: the binary, called `name`. */
async function compile(name: EngineName, recipe: EngineRecipe, directory: string, given: NodeJS.ProcessEnv): Promise<void> {
  const environment = recipe.toolchain === undefined ? given : { ...given, GOTOOLCHAIN: recipe.toolchain };
  const stamps = Object.entries(recipe.stamp ?? {}).map(([variable, value]) => `-X ${variable}=${value}`);
  // Symbol tables (-s -w) make a third of the size and nobody debugs these; readonly means go.sum decides what is built.
  const flags = ["-mod=readonly", "-trimpath", "-ldflags", ["-s", "-w", ...stamps].join(" ")];
  if (recipe.wrapper !== undefined) {
    await runGo(["build", ...flags, "-o", join(directory, name), recipe.package], wrapperDirectory(recipe.wrapper), environment);
    return;
  }
  await runGo(["install", ...flags, `${recipe.package}@v${recipe.version}`], directory, { ...environment, GOBIN: directory });
  // `go install` names the file after the package, which is not always the engine's name.
  const [binary] = await readdir(directory);
  if (binary === undefined) {
    throw new Error(`\`go install ${recipe.package}\` left no binary in ${directory}`);
  }
  await rename(join(directory, binary), join(directory, name));
}

/** Gives a finished build its final name; if a build that ran at the same time was quicker, keeps that one. */
async function publish(temporary: string, final: string): Promise<void> {
  try {
    await rename(temporary, final);
  } catch (error) {
    if (!existsSync(final)) {
      throw error;
    }
  }
}

/** Go modules are not compiled to `dist/`: from there the way leads back to the sources. */
function wrapperDirectory(wrapper: string): string {
  const beside = join(import.meta.dirname, wrapper);
  return existsSync(beside) ? beside : join(import.meta.dirname, "..", "..", "engines", wrapper);
}
