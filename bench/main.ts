/**
 * `npm run bench`: `policy-test` beside `gator test`, `kyverno apply` and `conftest`, and the latency of the generated templates.
 * `npm run bench -- --report` writes docs/performance.md. For a shorter look: `npm run bench -- --sizes 100,1000 --mixed 0 --runs 3 --no-latency`.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { findRunners, inRepository } from "./contestants.js";
import { latencies } from "./latency.js";
import { writeMixed } from "./mixed.js";
import { race, type Bounds, type Course } from "./race.js";
import { currentLoad, report } from "./report.js";
import { writeWorkloads } from "./workloads.js";

interface Options {
  /** Numbers of workloads, one corpus each. */
  readonly sizes: readonly number[];
  /** MB of the mixed repository; 0 for none. */
  readonly mixed: number;
  readonly bounds: Bounds;
  readonly seed: number;
  readonly withLatency: boolean;
  readonly writesReport: boolean;
}

function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      sizes: { type: "string", default: "100,1000,10000" },
      mixed: { type: "string", default: "50" },
      runs: { type: "string", default: "5" },
      cap: { type: "string", default: "90" },
      seed: { type: "string", default: "1" },
      "no-latency": { type: "boolean", default: false },
      report: { type: "boolean", default: false },
    },
  });
  if (values.report && args.length > 1) throw new Error("--report is of a whole run: it goes with no other option");
  return {
    sizes: values.sizes.split(",").map((size) => wholeNumber("sizes", size, 1)).sort((one, other) => one - other),
    mixed: wholeNumber("mixed", values.mixed, 0),
    bounds: { runs: wholeNumber("runs", values.runs, 1), capMs: wholeNumber("cap", values.cap, 1) * 1000, enoughMs: 12_000 },
    seed: wholeNumber("seed", values.seed, 1),
    withLatency: !values["no-latency"],
    writesReport: values.report,
  };
}

function wholeNumber(name: string, text: string, least: number): number {
  if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
  throw new Error(`--${name} takes whole numbers from ${String(least)}, not \`${text}\``);
}

const log = (line: string): void => void process.stderr.write(`${line}\n`);

async function main({ sizes, mixed, bounds, seed, withLatency, writesReport }: Options): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), "hostnetwork-policies-bench-"));
  try {
    const runners = findRunners(scratch);
    const load = currentLoad();
    const courses = sizes.map((size): Course => {
      const folder = join(scratch, `workloads-${String(size)}`);
      return { title: `${size.toLocaleString("en")} workloads`, folder, corpus: writeWorkloads(folder, size, seed), isComparable: true };
    });
    if (mixed > 0) {
      const folder = join(scratch, "mixed");
      courses.push({ title: `a mixed repository of ${String(mixed)} MB`, folder, corpus: writeMixed(folder, mixed * 1e6, seed), isComparable: false });
    }
    const empty = join(scratch, "start");
    mkdirSync(empty);
    writeFileSync(join(empty, "settings.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n");
    const [start, ...laps] = await race([{ title: "start", folder: empty, isComparable: false }, ...courses], runners, bounds, scratch, log);
    if (start === undefined) throw new Error("nothing was measured");
    const few = join(scratch, "few");
    writeWorkloads(few, 25, seed);
    const measured = { runners, start, laps, bounds, load, ...(withLatency ? { latencies: await latencies(few, courses[0]?.folder ?? few, scratch, log) } : {}) };
    const page = report(measured);
    if (writesReport) writeFileSync(inRepository("docs/performance.md"), page);
    process.stdout.write(page);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

try {
  await main(readOptions(process.argv.slice(2)));
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
