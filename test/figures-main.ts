/**
 * `npm run figures`: runs everything that compares, and writes what it compared into the README. `-- --from FOLDER` takes the
 * figures of a run that was made with FIGURES=FOLDER; `--print` shows the table in place of writing it.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { figuresText, readFigures, withFigures } from "./figures-table.js";

const README = "README.md";
/** What compares; each writes figures of its own. */
const runs = ["test", "test:engines", "test:cluster", "test:mutants"];

interface Options {
  readonly from?: string;
  readonly print?: true;
}

const options = new Command("figures").option("--from <folder>", "figures of a run that has been made").option("--print", "show them only").allowExcessArguments(false).parse().opts<Options>();

/** @throws Error where one of the runs fails: its figures would say less than they seem to */
function runAll(folder: string): void {
  for (const run of runs) {
    const { status } = spawnSync("npm", ["run", run], { stdio: "inherit", env: { ...process.env, FIGURES: folder, FIGURES_ARE_MADE: "" } });
    if (status !== 0) throw new Error(`\`npm run ${run}\` fails: there are no figures of it`);
  }
}

const folder = options.from ?? mkdtempSync(join(tmpdir(), "hostnetwork-policies-figures-"));
try {
  if (options.from === undefined) runAll(folder);
  const text = figuresText(readFigures(folder));
  if (options.print === true) process.stdout.write(text);
  else writeFileSync(README, withFigures(readFileSync(README, "utf8"), text));
} catch (error) {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  if (options.from === undefined) rmSync(folder, { recursive: true });
}
