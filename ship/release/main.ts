/** `npm run release -- [--dry-run] [--skip-tests]`: checks that this commit may be released, and writes what is released. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";

import { Command, CommanderError } from "commander";

import { rules } from "../../policies/index.js";
import { packageRoot } from "../../wasm/package-root.js";
import { defaultOut } from "../ship.js";
import { buildRelease } from "./build.js";
import { problemsOf } from "./checks.js";
import { readRepository } from "./repository.js";
import { run } from "./run.js";

interface Options {
  readonly dryRun?: true;
  readonly skipTests?: true;
}

function command(): Command {
  return new Command("release")
    .description("Checks that this commit may be released, writes dist/release, and tags the commit. Publishes nothing.")
    .option("--dry-run", "do not tag; the changelog may still say Unreleased")
    .option("--skip-tests", "only with --dry-run: do not run npm test")
    .allowExcessArguments(false)
    .exitOverride();
}

/** @returns the exit code: 0 released or may be, 1 may not be, 2 wrong usage */
function main(given: readonly string[]): number {
  let options: Options;
  try {
    options = command().parse(given, { from: "user" }).opts<Options>();
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  const dryRun = options.dryRun === true;
  if (options.skipTests === true && !dryRun) {
    process.stderr.write("error: a release is tested\nhelp: --skip-tests goes with --dry-run only\n");
    return 2;
  }
  const repository = readRepository(packageRoot);
  const ids = rules.map(({ id }) => id);
  const problems = problemsOf(repository, ids, { dryRun });
  for (const problem of problems) process.stderr.write(`error: ${problem}\n`);
  if (problems.length > 0) return 1;
  if (options.skipTests === true) process.stdout.write("tests: skipped\n");
  else if (!["test", "generate -- --check"].every(npmRun)) return 1;
  buildRelease(packageRoot, defaultOut);
  for (const name of readdirSync(defaultOut).sort()) process.stdout.write(`${join(defaultOut, name)}\n`);
  const tag = `v${repository.packageVersion}`;
  if (dryRun) {
    process.stdout.write(`${tag} may be released; nothing was tagged\n`);
    for (const later of problemsOf(repository, ids, { dryRun: false })) process.stdout.write(`before the release: ${later}\n`);
  } else {
    run("git", ["tag", "--annotate", tag, "--message", tag], packageRoot);
    process.stdout.write(`${tag} is tagged; docs/releases.md says how to publish it\n`);
  }
  return 0;
}

function npmRun(script: string): boolean {
  return spawnSync("npm", ["run", ...script.split(" ")], { cwd: packageRoot, stdio: "inherit" }).status === 0;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
