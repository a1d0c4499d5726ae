import { spawnSync } from "node:child_process";
import { performance } from "node:perf_hooks";

/** A program that checks manifests. Both that are compared exit 0 or 1 when they have checked everything. */
export interface Contestant {
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
}

export interface Timing {
  readonly title: string;
  readonly medianMs: number;
  readonly fastestMs: number;
  readonly slowestMs: number;
}

/**
 * Wall times of whole processes, start-up included. The contestants take turns, so that a machine that
 * gets slower meanwhile is slower for each; the first turn warms the page cache and is not counted.
 * @throws Error if one does not exit with 0 or 1
 */
export function measure(contestants: readonly Contestant[], runs: number): Timing[] {
  const times = contestants.map((): number[] => []);
  for (let turn = 0; turn <= runs; turn++) {
    contestants.forEach((contestant, index) => {
      const start = performance.now();
      runOnce(contestant);
      if (turn > 0) times[index]?.push(performance.now() - start);
    });
  }
  return contestants.map(({ title }, index) => {
    const sorted = (times[index] ?? []).sort((one, other) => one - other);
    return { title, medianMs: medianOf(sorted), fastestMs: sorted.at(0) ?? NaN, slowestMs: sorted.at(-1) ?? NaN };
  });
}

/**
 * Runs a contestant and gives what it prints.
 * @throws Error if it does not exit with 0 or 1
 */
export function runOnce({ title, command, args }: Contestant): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 30 });
  if (error !== undefined) throw error;
  if (status !== 0 && status !== 1) throw new Error(`${title} ended with ${String(status)}\n${stderr}`);
  return stdout;
}

function medianOf(sorted: readonly number[]): number {
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
}
