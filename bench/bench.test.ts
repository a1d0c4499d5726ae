/** That the bench measures what it says: runs, bounds, corpora, and the aims on its page. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readManifest } from "../manifest/read.js";
import type { Runner, Runners } from "./contestants.js";
import { medianOf, runOnce } from "./measure.js";
import { writeMixed } from "./mixed.js";
import type { Lap } from "./race.js";
import { aims, report } from "./report.js";
import { writeWorkloads } from "./workloads.js";

const scratch = mkdtempSync(join(tmpdir(), "bench-"));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

const node = (code: string) => ({ title: "node", command: process.execPath, args: ["-e", code] });

describe("a run", () => {
  test("gives what was printed and how long it took", async () => {
    const ending = await runOnce(node("console.log('found'); process.exitCode = 1"), scratch, 20_000);
    expect(ending).toMatchObject({ output: "found\n" });
    expect("sample" in ending && ending.sample.wallMs > 0).toBe(true);
  });

  test("that takes too long is ended", async () => {
    expect(await runOnce(node("setInterval(() => {}, 1000)"), scratch, 200)).toEqual({ cappedAfterMs: 200 });
  });

  test.each([["fails", "console.error('broken'); process.exit(2)"], ["is killed", "process.kill(process.pid, 'SIGKILL')"]])("that %s is an error", async (_, code) => {
    await expect(runOnce(node(code), scratch, 20_000)).rejects.toThrow("node ended with ");
  });
});

test.each([[[3, 1, 2], 2], [[4, 1, 2, 3], 2.5], [[7], 7]])("the median of %j is %d", (values, median) => {
  expect(medianOf(values)).toBe(median);
});

describe("a corpus", () => {
  const textsOf = (folder: string): string[] => readdirSync(folder).sort().map((file) => readFileSync(join(folder, file), "utf8"));

  test.each([
    ["of workloads", (folder: string) => writeWorkloads(folder, 60, 7)],
    ["of all sorts", (folder: string) => writeMixed(folder, 200_000, 7)],
  ] as const)("%s is the same for the same seed, and can be read", (_, write) => {
    const [one, other] = [join(scratch, `one-${_}`), join(scratch, `other-${_}`)];
    const written = write(one);
    expect(write(other)).toEqual(written);
    expect(textsOf(other)).toEqual(textsOf(one));
    const read = textsOf(one).map((text) => readManifest(text, "file"));
    expect(read.flatMap(({ errors }) => errors)).toEqual([]);
    expect(read.reduce((sum, { documents }) => sum + documents.length, 0)).toBe(written.documents);
  });
});

describe("the page", () => {
  const runner = (title: string): Runner => ({ title, shown: title, on: () => node("") });
  const [all, one, parser, gator] = [runner("policy-test"), runner("policy-test, one thread"), runner("js-yaml"), runner("gator test, CEL")];
  const runners: Runners = { all, parser, others: [one, gator], reference: all, peerRules: ["a"], allRules: ["a", "b"], versions: [["gator", "3"]] };
  const lap = (title: string, documents: number | undefined, walls: readonly (number | undefined)[], peak = 1): Lap => ({
    course: { title, folder: "", isComparable: true, ...(documents === undefined ? {} : { corpus: { documents, files: 1, bytes: 1 } }) },
    results: [all, one, parser, gator].map((each, index) => {
      const wallMs = walls[index];
      return wallMs === undefined ? { runner: each, runs: 0, missing: "over 90 s", cappedAfterMs: 90_000 } : { runner: each, runs: 1, median: { wallMs, peakBytes: peak }, fastestMs: wallMs, slowestMs: wallMs };
    }),
  });
  const measured = {
    runners,
    start: lap("start", undefined, [100, 100, 50, 300]),
    laps: [lap("100 workloads", 100, [900, 900, 100, 100]), lap("1,000 workloads", 1000, [230, 230, 150, 1000], 1), lap("10,000 workloads", 10_000, [2100, 2100, 1050, undefined], 2)],
    bounds: { runs: 5, capMs: 90_000, enoughMs: 12_000 },
    load: 0.5,
  };

  test("says of each aim what was measured, start apart, and whether it is met", () => {
    expect(aims(measured).slice(2)).toEqual([
      "| policy-test starts within 150 ms | 100 ms | yes |",
      "| all rules on 1,000 workloads, start apart, take at most 1.3 times what js-yaml takes to parse it | 1.30× | yes |",
      "| all rules on 10,000 workloads, start apart, take at most 1.3 times what js-yaml takes to parse it | 2.00× | no |",
      "| at least 5 times faster than gator test, CEL on 1,000 workloads | 4.35× | no |",
      "| at least 5 times faster than gator test, CEL on 10,000 workloads | over 43× | yes |",
      "| memory of one thread on 10,000 workloads is at most 1.5 times that on 1,000 workloads | 2.00× | no |",
    ]);
  });

  test("says what was not measured", () => {
    expect(report(measured)).toContain("| gator test, CEL | over 90 s |  |  | over 43× |");
    expect(report(measured)).not.toContain("NaN");
  });
});
