/** `npm run generate`: compiles the rules and writes what is made of them, or checks that it is there. */
import { existsSync, statSync } from "node:fs";
import { join, relative } from "node:path";

import { Command, CommanderError } from "commander";

import { requireEngine } from "../engines/index.js";
import type { Difference, Place } from "./artefacts.js";
import { formatDiagnostic } from "./diagnostics.js";
import { missingPackages } from "./needs.js";

const DEFAULT_RULES = "policies";

interface Options {
  readonly rules: string;
  readonly out: string;
  readonly cases?: string;
  readonly check?: true;
}

function command(): Command {
  return new Command("generate")
    .description("Compiles rules and writes library/, docs/rules/ and wasm/ below the output folder.")
    .option("--rules <dir>", "folder of rule files; its bundles/ may hold <bundle>.yaml files", DEFAULT_RULES)
    .option("--out <dir>", "folder to write library/, docs/rules/ and wasm/ to", ".")
    .option("--cases <dir>", "folder of <rule>.yaml case files (default: cases/ in the folder of the rules)")
    .option("--check", "write nothing; fail and name each file that is stale, missing or an orphan")
    .allowExcessArguments(false)
    .exitOverride();
}

/** @returns the exit code: 0 done or clean, 1 rules that do not compile or files that differ, 2 wrong usage */
async function main(given: readonly string[]): Promise<number> {
  const missing = missingPackages();
  if (missing !== undefined) {
    console.error(missing);
    return 2;
  }
  const [{ differences, generate }, { compileRules }] = await Promise.all([import("./artefacts.js"), import("./compile.js")]);
  let options: Options;
  try {
    options = command().parse(given, { from: "user" }).opts<Options>();
    requireFolder(options.rules);
    if (options.cases !== undefined) requireFolder(options.cases);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    console.error(`error: ${textOf(error)}`);
    return 2;
  }
  const { rules, diagnostics } = compileRules(options.rules);
  if (diagnostics.length > 0) {
    console.error(diagnostics.map(formatDiagnostic).join("\n\n"));
    return 1;
  }
  const place = placeOf(options);
  try {
    return options.check === true ? report(differences(rules, place), place) : tell(generate(rules, place, () => requireEngine("opa")));
  } catch (error) {
    console.error(`error: ${textOf(error)}`);
    return 1;
  }
}

function placeOf({ rules, out, cases }: Options): Place {
  const named = relative(process.cwd(), rules).replaceAll("\\", "/") || ".";
  // The cases of this repository's own rules are part of its tests.
  const usual = [join(rules, "cases"), ...(named === DEFAULT_RULES ? [join("test", "cases")] : [])];
  const folder = cases ?? usual.find((candidate) => existsSync(candidate));
  const bundles = join(rules, "bundles").replaceAll("\\", "/");
  return { rules: named, out, ...(folder === undefined ? {} : { cases: folder }), ...(existsSync(bundles) ? { bundles } : {}) };
}

/** @throws Error if `path` is no folder */
function requireFolder(path: string): void {
  if (!existsSync(path) || !statSync(path).isDirectory()) throw new Error(`\`${path}\` is no folder`);
}

function report(found: readonly Difference[], place: Place): number {
  if (found.length === 0) return 0;
  for (const { path, change } of found) console.error(`${change.padEnd(7)}  ${join(place.out, path)}`);
  console.error(`\n${String(found.length)} generated files differ from the rules\nhelp: run \`npm run generate\`; remove orphans that it leaves`);
  return 1;
}

function tell(written: readonly Difference[]): number {
  const verbs = { stale: "updated", missing: "added", orphan: "removed" } as const;
  for (const { path, change } of written) console.log(`${verbs[change].padEnd(7)}  ${path}`);
  console.log(written.length === 0 ? "everything is up to date" : `${String(written.length)} files changed`);
  return 0;
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

process.exitCode = await main(process.argv.slice(2));
