/**
 * `npm run fuzz -- --minutes N --seed S [--engines node|all] [--json FILE] [--report FILE]`; exit code 1 for any disagreement.
 * `npm run fuzz -- --from FILE --report FILE` writes the report of an earlier run's JSON.
 * `npm run fuzz -- --corpus` writes the wasm of test/corpus.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { readCorpus, writeCorpusWasm, writeEntry } from "./corpus.js";
import { enginesHere } from "./engines.js";
import { parseResult, proofWith, resultOf, table, type Result } from "./report.js";
import { run, usual } from "./run.js";

interface Options {
  readonly minutes: number;
  readonly seed: number;
  readonly engines: "node" | "all";
  readonly json: string | undefined;
  readonly report: string | undefined;
  readonly corpus: boolean;
  readonly from: string | undefined;
}

function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: { minutes: { type: "string", default: "1" }, seed: { type: "string", default: "1" }, engines: { type: "string", default: "node" }, json: { type: "string" }, report: { type: "string" }, corpus: { type: "boolean", default: false }, from: { type: "string" } },
  });
  if (values.engines !== "node" && values.engines !== "all") throw new Error(`--engines must be node or all, not \`${values.engines}\``);
  return { minutes: whole("minutes", values.minutes), seed: whole("seed", values.seed), engines: values.engines, json: values.json, report: values.report, corpus: values.corpus, from: values.from };
}

function whole(name: string, text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new Error(`--${name} must be a whole number, not \`${text}\``);
  return Number(text);
}

/** @returns the exit code */
export async function main(args: readonly string[]): Promise<number> {
  const { minutes, seed, engines: which, json, report, corpus, from } = readOptions(args);
  if (corpus) {
    writeCorpusWasm();
    return 0;
  }
  const write = (made: Result): void => {
    if (report !== undefined) writeFileSync(report, proofWith(readFileSync(report, "utf8"), made, readCorpus()));
  };
  if (from !== undefined) {
    write(parseResult(readFileSync(from, "utf8")));
    return 0;
  }
  const { engines, missing } = enginesHere(which);
  console.log(`asking ${engines.map(({ name }) => name).join(", ")}`);
  if (missing.length > 0) console.log(`not built, so not asked: ${missing.join(", ")}`);
  const started = Date.now();
  const files: string[] = [];
  const result = (tally: Parameters<typeof resultOf>[1]): Result => resultOf({ minutes, seed, engines: which, seconds: Math.round((Date.now() - started) / 1000), missing, files }, tally);
  const save = (made: Result): void => {
    if (json === undefined) return;
    mkdirSync(dirname(json), { recursive: true });
    writeFileSync(json, `${JSON.stringify(made, null, 2)}\n`);
  };
  const tally = await run({
    seed,
    until: started + minutes * 60_000,
    engines,
    size: usual,
    found: (disagreement) => {
      const file = writeEntry(disagreement, seed);
      files.push(file);
      console.log(`\n${disagreement.engine.name} disagrees: test/corpus/${file}\n  expected ${JSON.stringify(disagreement.expected)}\n  got      ${JSON.stringify(disagreement.got)}\n${disagreement.rule.source ?? disagreement.rule.compiled.meta.id}`);
    },
    // A run that is ended early has shown something as well.
    report: (made) => save(result(made)),
  }).finally(() => Promise.all(engines.map(async (engine) => engine.end?.())));
  const made = result(tally);
  save(made);
  console.log(`\n${table(made)}`);
  write(made);
  if (files.length > 0) console.log("put each file of test/corpus right, write its note, then run `npm run fuzz -- --corpus`");
  return made.rows.some(({ disagreements }) => disagreements > 0) ? 1 : 0;
}
