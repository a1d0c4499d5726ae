/** The figures of a run (figures.ts) as the table of the README. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { EngineFigures } from "./figures.js";
import { markedIn, withMarked } from "./marks.js";

export interface Figures {
  /** Those of several test files on one engine are one. */
  readonly engines: readonly EngineFigures[];
  readonly mutants: { readonly planted: number; readonly caught: number };
}

/** The file that holds what became of the mutants. */
export const MUTANTS_FILE = "mutants.json";

/**
 * What the test files wrote into a folder.
 * @throws Error where there is nothing of it
 */
export function readFigures(folder: string): Figures {
  const files = readdirSync(folder).filter((file) => file.endsWith(".json")).sort();
  const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), "utf8"));
  const rows = files.filter((file) => file !== MUTANTS_FILE).flatMap((file) => read(file) as EngineFigures[]); // as writeFigures wrote them
  if (rows.length === 0) throw new Error(`no test file wrote its figures into ${folder}`);
  const engines = [...new Set(rows.map(({ engine }) => engine))].map((engine) => rows.filter((row) => row.engine === engine).reduce(together));
  const mutants = files.includes(MUTANTS_FILE) ? (read(MUTANTS_FILE) as Figures["mutants"]) : { planted: 0, caught: 0 }; // as writeMutantFigures wrote it
  return { engines, mutants };
}

const together = (one: EngineFigures, other: EngineFigures): EngineFigures => ({
  engine: one.engine,
  cases: one.cases + other.cases,
  leftOut: one.leftOut + other.leftOut,
  others: one.others + other.others,
  disagreements: one.disagreements + other.disagreements,
});

const digits = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ",");

/** The table, and the sentence about the mutants below it. */
export function figuresText({ engines, mutants }: Figures): string {
  const rows = engines.map((row) => `| ${row.engine} | ${[row.cases, row.leftOut, row.others, row.disagreements].map(digits).join(" | ")} |`);
  const lines = ["| Engine | Cases compared | Cases left out | Further comparisons | Disagreements |", "|---|--:|--:|--:|--:|", ...rows];
  return `${lines.join("\n")}\n\nOf ${digits(mutants.planted)} faults planted in the compiler, one at a time, \`npm test\` catches ${digits(mutants.caught)}.\n`;
}

/**
 * The table of a page.
 * @throws Error where it has no marks for it
 */
export const figuresIn = (page: string): string => markedIn(page, "figures");

export const withFigures = (page: string, text: string): string => withMarked(page, "figures", text);
