/**
 * What the runs compared, for the table in the README and at the end of CI: a test file writes what each engine was
 * asked into the folder that the environment variable FIGURES names. Without it nothing is written.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What one engine was compared with the rules' TypeScript on. */
export interface EngineFigures {
  /** As a reader knows it: "gator with CEL". */
  readonly engine: string;
  /** Cases of test/cases whose answer was compared. */
  readonly cases: number;
  /** Cases that the engine cannot be asked, each by a named entry of a table, or is not asked because it takes too long. */
  readonly leftOut: number;
  /** Comparisons beyond the cases: random requests, other operations. */
  readonly others: number;
  readonly disagreements: number;
}

/** Writes the figures of one test file as `NAME.json`; each file has a name of its own, so that none is lost. */
export function writeFigures(name: string, engines: readonly EngineFigures[]): void {
  write(name, engines);
}

/** Writes what became of the mutants (test/mutants). */
export function writeMutantFigures(planted: number, caught: number): void {
  write("mutants", { planted, caught });
}

function write(name: string, value: unknown): void {
  const folder = process.env["FIGURES"];
  if (folder === undefined || folder === "") return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(value, null, 2)}\n`);
}
