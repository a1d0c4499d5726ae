/** What a run has shown, as JSON, as a table, and as the section of docs/proof.md. */
import { Ajv } from "ajv";
import type { Entry } from "./corpus.js";
import type { Row, Tally } from "./run.js";

/** The JSON that a run writes. */
export interface Result {
  readonly minutes: number;
  readonly seed: number;
  readonly engines: "node" | "all";
  readonly seconds: number;
  /** Engines that this machine lacks. */
  readonly missing: readonly string[];
  readonly rounds: number;
  /** How many random rules were compared. */
  readonly rules: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly rows: readonly Row[];
  /** The files of test/corpus that the run has written. */
  readonly files: readonly string[];
}

export function resultOf(of: Pick<Result, "minutes" | "seed" | "engines" | "seconds" | "missing" | "files">, { rounds, rules, refused, rows }: Tally): Result {
  const { files, ...settings } = of;
  return { ...settings, rounds, rules, refused: Object.fromEntries([...refused].sort()), rows, files };
}

const isResult = new Ajv().compile<Result>({
  type: "object",
  required: ["minutes", "seed", "engines", "seconds", "missing", "rounds", "rules", "refused", "rows", "files"],
  properties: { missing: { type: "array" }, rows: { type: "array", items: { type: "object", required: ["engine", "compared", "violated", "beyondBudget", "disagreements"] } } },
});

/** @throws Error for what no run has written */
export function parseResult(text: string): Result {
  const value: unknown = JSON.parse(text);
  if (!isResult(value)) throw new Error("this is not what `npm run fuzz -- --json FILE` writes");
  return value;
}

const heading = ["engine", "comparisons", "with findings", "beyond the budget", "disagreements"];
const cellsOf = (row: Row): string[] => [row.engine, ...[row.compared, row.violated, row.beyondBudget, row.disagreements].map(String)];

/** For a terminal. */
export function table({ rows, rules, rounds, seconds, refused }: Result): string {
  const lines = [heading, ...rows.map(cellsOf)];
  const widths = heading.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const refusals = Object.entries(refused).map(([message, count]) => `refused: ${String(count)} random rules: ${message}`);
  return [
    ...lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd()),
    `${String(rules)} random rules in ${String(rounds)} rounds, ${String(seconds)} s`,
    ...refusals,
  ].join("\n");
}

const START = "<!-- Written by `npm run fuzz -- … --report docs/proof.md`; do not edit. -->";
const END = "<!-- End of what the fuzzer wrote. -->";

/** The page with the section of the run in the place of the last one, or at the end. */
export function proofWith(page: string, result: Result, corpus: ReadonlyMap<string, Entry>): string {
  const [from, to] = [page.indexOf(START), page.indexOf(END)];
  const section = `${START}\n${sectionOf(result, corpus)}\n${END}\n`;
  return from === -1 || to === -1 ? `${page.trimEnd()}\n\n${section}` : `${page.slice(0, from)}${section}${page.slice(to + END.length + 1)}`;
}

function sectionOf(result: Result, corpus: ReadonlyMap<string, Entry>): string {
  const { minutes, seed, engines, seconds, rules, rounds, rows, missing } = result;
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const found = [...corpus].map(([file, entry]) => row([`\`${file}\``, entry.seed === undefined ? "by hand" : `seed ${String(entry.seed)}`, entry.engine, entry.note.replaceAll("|", "\\|")]));
  return `
\`\`\`sh
npm run fuzz -- --minutes ${String(minutes)} --seed ${String(seed)} --engines ${engines}
\`\`\`

ran for ${String(seconds)} s: ${String(rules)} random rules in ${String(rounds)} rounds, and all rules of the library in each.${missing.length === 0 ? "" : ` Not built on that machine: ${missing.join(", ")}.`}

${[row(heading), row(heading.map(() => "---")), ...rows.map((each) => row(cellsOf(each)))].join("\n")}

Everything that fuzzing has found, in \`test/corpus\`, where every \`npm test\` asks again:

${[row(["file", "found", "engine", "what it was"]), row(["---", "---", "---", "---"]), ...found].join("\n")}
`;
}
