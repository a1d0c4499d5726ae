/** Lets everybody check the same folders, in turns, within bounds of time. */
import { foundBy, type Count, type Runner, type Runners } from "./contestants.js";
import { medianOf, runOnce, type Sample } from "./measure.js";
import type { Corpus } from "./workloads.js";

/** A folder to check. */
export interface Course {
  readonly title: string;
  readonly folder: string;
  /** Absent for the folder that shows what it takes to start. */
  readonly corpus?: Corpus;
  /** Whether every document of it means the same to everybody, so that what is found can be compared. */
  readonly isComparable: boolean;
}

/** What one contestant needed on one course. */
export interface Result {
  readonly runner: Runner;
  /** Medians. */
  readonly median?: Sample;
  readonly runs: number;
  readonly fastestMs?: number;
  readonly slowestMs?: number;
  /** Why there is no median. */
  readonly missing?: string;
  /** After how long its run of this course was ended. */
  readonly cappedAfterMs?: number;
  readonly found?: number;
}

export interface Lap {
  readonly course: Course;
  readonly results: readonly Result[];
}

export interface Bounds {
  /** Runs of each contestant, at most. */
  readonly runs: number;
  /** After this time a run is ended, and its contestant has no more on larger courses. */
  readonly capMs: number;
  /** A contestant whose runs of one course have taken this long has no further one. */
  readonly enoughMs: number;
}

/**
 * The contestants take turns, so that a machine that gets slower meanwhile is slower for each.
 * @param courses the small ones first
 * @throws Error if two do not find the same: a race with one who runs elsewhere is worth nothing
 */
export async function race(courses: readonly Course[], { all, others, parser, reference }: Runners, bounds: Bounds, scratch: string, log: (line: string) => void): Promise<Lap[]> {
  const capped = new Map<Runner, string>();
  const laps: Lap[] = [];
  for (const course of courses) {
    const expected = course.isComparable ? foundBy(await outputOf(reference, course, scratch, bounds)) : undefined;
    const racing = [all, parser, ...others].map((runner) => ({ runner, samples: [] as Sample[], found: undefined as number | undefined }));
    for (let turn = 0; turn < bounds.runs; turn++) {
      for (const state of racing) {
        const { runner, samples } = state;
        const spent = samples.reduce((sum, sample) => sum + sample.wallMs, 0);
        if (capped.has(runner) || spent > bounds.enoughMs) continue;
        const ending = await runOnce(runner.on(course.folder), scratch, bounds.capMs);
        if ("cappedAfterMs" in ending) {
          capped.set(runner, course.title);
          continue;
        }
        samples.push(ending.sample);
        if (turn === 0) state.found = checkedCount(runner, ending.output, course, expected);
      }
    }
    const results = racing.map(({ runner, samples, found }): Result => {
      const cappedOn = capped.get(runner);
      if (cappedOn === undefined) return resultOf(runner, samples, found);
      return { runner, runs: 0, missing: whyMissing(cappedOn, course, bounds), ...(cappedOn === course.title ? { cappedAfterMs: bounds.capMs } : {}) };
    });
    log(`${course.title}: ${results.map(({ runner, median, missing }) => `${runner.title} ${median === undefined ? (missing ?? "") : `${String(Math.round(median.wallMs))} ms`}`).join(", ")}`);
    laps.push({ course, results });
  }
  return laps;
}

async function outputOf(runner: Runner, course: Course, scratch: string, { capMs }: Bounds): Promise<string> {
  const ending = await runOnce(runner.on(course.folder), scratch, capMs);
  if ("cappedAfterMs" in ending) throw new Error(`${runner.title} needs more than ${String(capMs)} ms for ${course.title}`);
  return ending.output;
}

function checkedCount(runner: Runner, output: string, course: Course, expected: Readonly<Record<Count["of"], number>> | undefined): number | undefined {
  if (runner.count === undefined || expected === undefined) return undefined;
  const found = runner.count.read(output);
  if (found !== expected[runner.count.of]) {
    throw new Error(`${course.title}: ${runner.title} finds ${String(found)} ${runner.count.of}, policy-test ${String(expected[runner.count.of])}`);
  }
  return found;
}

function whyMissing(cappedOn: string, course: Course, { capMs }: Bounds): string {
  return cappedOn === course.title ? `over ${String(capMs / 1000)} s` : `not run: over ${String(capMs / 1000)} s on ${cappedOn}`;
}

function resultOf(runner: Runner, samples: readonly Sample[], found: number | undefined): Result {
  if (samples.length === 0) return { runner, runs: 0, missing: "not run" };
  const walls = samples.map(({ wallMs }) => wallMs);
  const known = (name: "cpuMs" | "peakBytes"): number[] => samples.flatMap((sample) => sample[name] ?? []);
  const [cpu, peaks] = [known("cpuMs"), known("peakBytes")];
  return {
    runner,
    runs: samples.length,
    median: { wallMs: medianOf(walls), ...(cpu.length === 0 ? {} : { cpuMs: medianOf(cpu) }), ...(peaks.length === 0 ? {} : { peakBytes: medianOf(peaks) }) },
    fastestMs: Math.min(...walls),
    slowestMs: Math.max(...walls),
    ...(found === undefined ? {} : { found }),
  };
}
