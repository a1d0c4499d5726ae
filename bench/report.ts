/** docs/performance.md: what one run has measured. Every figure comes from that run. */
import { cpus, totalmem } from "node:os";

import type { Runners } from "./contestants.js";
import { COMPARED, type Latencies, type Latency } from "./latency.js";
import type { Bounds, Lap, Result } from "./race.js";

/** All that a run has to tell. */
export interface Measured {
  readonly runners: Runners;
  readonly start: Lap;
  readonly laps: readonly Lap[];
  /** Absent where it was not asked for. */
  readonly latencies?: Latencies;
  readonly bounds: Bounds;
  readonly seed: number;
}

/** What is aimed at (the issue that this comes from says so), and the least size of a corpus that it is said of. */
const AIMS = { startMs: 150, toParse: 1.3, toGator: 5, memory: 1.5, byHand: 1 };
const AIMED_FROM = 1000;

const ms = (value: number): string => (value < 10_000 ? `${value.toFixed(0)} ms` : `${(value / 1000).toFixed(1)} s`);
const mb = (bytes: number | undefined): string => (bytes === undefined ? "–" : `${(bytes / 1024 ** 2).toFixed(0)} MiB`);
const times = (value: number): string => `${value < 10 ? value.toFixed(2) : value.toFixed(0)}×`;
const row = (...cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

export function report(measured: Measured): string {
  const { runners, laps, start, latencies, bounds } = measured;
  const left = runners.allRules.filter((rule) => !runners.peerRules.includes(rule));
  return `<!-- Written by \`npm run bench -- --report\`; do not edit. -->
# Performance

What one run of \`npm run bench -- --report\` has measured, each program on the same files in the same minutes. Every figure is of that run; another machine gives
others. [bench/README.md](../bench/README.md) says how it is done.

| | |
|---|---|
${environment(runners).map((cells) => row(...cells)).join("\n")}

\`policy-test\` runs all ${String(runners.allRules.length)} rules, the others ${String(runners.peerRules.length)}: ${left.map((rule) => `\`${rule}\``).join(", ")} look at other objects, which each
of them sees in another way. Where findings can be compared they were: on workloads each peer finds exactly what \`policy-test\` finds with the same rules.

## Aims

${aims(measured).join("\n")}

## Start

One file with one ConfigMap: what it takes to start.

${table(start)}

${laps.map((lap) => `## ${heading(lap)}\n\n${described(lap)}\n\n${table(lap)}`).join("\n\n")}

Wall time, CPU time (user and system, all threads) and peak resident memory of the whole process, start included: medians of up to ${String(bounds.runs)} runs, in turns. A program
whose runs took ${String(bounds.enoughMs / 1000)} s has no further one; a run of ${String(bounds.capMs / 1000)} s was ended. The ratio is wall time in times of \`policy-test\`.

The commands:

\`\`\`sh
${[runners.all, runners.parser, ...runners.others].map(({ shown }) => shown).join("\n")}
\`\`\`
${latencies === undefined ? "" : latencySection(latencies)}`;
}

function environment({ versions }: Runners): string[][] {
  const processors = cpus();
  return [
    ["Machine", `${String(processors.length)} × ${processors[0]?.model.trim() ?? "unknown"}, ${(totalmem() / 1024 ** 3).toFixed(0)} GiB, ${process.platform}`],
    ["Versions", versions.map(([name, version]) => `${name} ${version}`).join(", ")],
  ];
}

const heading = ({ course }: Lap): string => `${course.title.charAt(0).toUpperCase()}${course.title.slice(1)}`;

function described({ course: { corpus } }: Lap): string {
  return corpus === undefined ? "" : `${String(corpus.documents)} documents in ${String(corpus.files)} files, ${(corpus.bytes / 1024 ** 2).toFixed(1)} MiB.`;
}

function table({ results }: Lap): string {
  const base = results[0]?.median?.wallMs ?? NaN;
  const lines = results.map(({ runner, median, runs, fastestMs, slowestMs, missing }) =>
    median === undefined
      ? row(runner.title, missing ?? "", "", "", "", "")
      : row(runner.title, `${ms(median.wallMs)} (${ms(fastestMs ?? NaN)} – ${ms(slowestMs ?? NaN)}, ${String(runs)})`, median.cpuMs === undefined ? "–" : ms(median.cpuMs), mb(median.peakBytes), times(median.wallMs / base), ""),
  );
  return ["| Program | Wall (fastest – slowest, runs) | CPU | Peak memory | Ratio |", "|---|--:|--:|--:|--:|", ...lines.map((line) => line.replace(/ \| {2}\|$/, " |"))].join("\n");
}

/** One row for each thing that is aimed at. */
export function aims({ start, laps, runners, latencies }: Measured): string[] {
  const wall = (lap: Lap, title: string): number | undefined => resultOf(lap, title)?.median?.wallMs;
  const startOf = (title: string): number => wall(start, title) ?? NaN;
  const apart = (lap: Lap, title: string): number | undefined => {
    const whole = wall(lap, title);
    return whole === undefined ? undefined : whole - startOf(title);
  };
  const rows: { readonly aim: string; readonly measured: string; readonly isMet: boolean }[] = [];
  const add = (aim: string, value: number | undefined, limit: number, shown: (value: number) => string, isLeast = false): void => {
    if (value !== undefined) rows.push({ aim, measured: shown(value), isMet: isLeast ? value >= limit : value <= limit });
  };
  const { all, parser, others } = runners;
  add(`policy-test starts within ${String(AIMS.startMs)} ms`, startOf(all.title), AIMS.startMs, ms);
  const large = laps.filter(({ course: { corpus } }) => (corpus?.documents ?? 0) >= AIMED_FROM);
  for (const lap of large) {
    const [ours, parsing] = [apart(lap, all.title), apart(lap, parser.title)];
    add(`all rules on ${lap.course.title}, start apart, take at most ${String(AIMS.toParse)} times what js-yaml takes to parse it`, ours === undefined || parsing === undefined ? undefined : ours / parsing, AIMS.toParse, times);
  }
  for (const lap of large) {
    const ours = wall(lap, all.title);
    for (const { title } of others.filter((other) => other.title.startsWith("gator"))) {
      const theirs = wall(lap, title);
      add(`at least ${String(AIMS.toGator)} times faster than ${title} on ${lap.course.title}`, ours === undefined || theirs === undefined ? undefined : theirs / ours, AIMS.toGator, times, true);
    }
  }
  const peaks = large.filter(({ course }) => course.isComparable).map((lap) => ({ lap, bytes: resultOf(lap, "policy-test, one thread")?.median?.peakBytes }));
  const [first, last] = [peaks.at(0), peaks.at(-1)];
  if (first?.bytes !== undefined && last?.bytes !== undefined && first !== last) {
    add(`memory of one thread on ${last.lap.course.title} is at most ${String(AIMS.memory)} times that on ${first.lap.course.title}`, last.bytes / first.bytes, AIMS.memory, times);
  }
  if (latencies !== undefined) {
    const { compared, handWritten } = latencies;
    for (const engine of ["rego", "cel"] as const) {
      const [ours, theirs] = [compared[engine], handWritten[engine]];
      add(`a review with the template of ${COMPARED} takes no longer than with one by hand, ${engine === "rego" ? "Rego" : "CEL"}`, ours === undefined || theirs === undefined ? undefined : ours / theirs, AIMS.byHand, times);
    }
  }
  return ["| Aim | Measured | Met |", "|---|--:|---|", ...rows.map(({ aim, measured, isMet }) => row(aim, measured, isMet ? "yes" : "no"))];
}

const resultOf = ({ results }: Lap, title: string): Result | undefined => results.find(({ runner }) => runner.title === title);

function latencySection({ generated, handWritten, compared }: Latencies): string {
  const us = (value: number | undefined): string => (value === undefined ? "–" : `${value.toFixed(0)} µs`);
  const line = ({ title, rego, cel }: Latency): string => row(title, us(rego), us(cel));
  const ratio = (ours: number | undefined, theirs: number | undefined): string => (ours === undefined || theirs === undefined ? "–" : times(ours / theirs));
  return `
## In the cluster

The median review of one workload, as \`gator bench --engine all\` tells it: the time that admission waits for Gatekeeper's engine. Templates without CEL
look at the Namespace or the cluster.

| Template | Rego | CEL |
|---|--:|--:|
${generated.map(line).join("\n")}

The same check as \`${COMPARED}\`, written by hand for Gatekeeper alone ([template](../bench/hand-written/template.yaml)), finds the same workloads:

| Template | Rego | CEL |
|---|--:|--:|
${line(compared)}
${line(handWritten)}
${row("ratio", ratio(compared.rego, handWritten.rego), ratio(compared.cel, handWritten.cel))}
`;
}
