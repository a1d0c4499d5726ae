/** The suites that ship with the library pass in `policy-test suite`, all of them; what `gator verify` and `kyverno test` say is in engines/library.test.ts. */
import { expect, test } from "vitest";
import { exitCodeOfSuites, type SuiteReport } from "../policy-test/suite/result.js";
import { runSuites, type SuiteRunOptions } from "../policy-test/suite/run.js";
import { packageRoot } from "../wasm/package-root.js";
import { loadCases } from "./cases.js";

async function run(options: SuiteRunOptions): Promise<SuiteReport> {
  const report = await runSuites(options, { cwd: packageRoot, stdin: process.stdin });
  if (!("cases" in report)) throw new Error(report.problems.map(({ message }) => message).join("\n"));
  return report;
}

const wrong = ({ cases }: SuiteReport): unknown[] => cases.filter(({ outcome }) => outcome !== "ok");

test.each(["cel", "rego"] as const)("every case of the Gatekeeper Suites, answered as %s does", async (language) => {
  const report = await run({ paths: ["library/gatekeeper"], language });
  expect(wrong(report)).toEqual([]);
  expect(report.cases).toHaveLength(loadCases().length);
  expect(exitCodeOfSuites(report)).toBe(0);
});

test("every object of the Kyverno Tests", async () => {
  const report = await run({ paths: ["library/kyverno"] });
  expect(wrong(report)).toEqual([]);
  expect(report.cases.length).toBeGreaterThan(500);
  expect(exitCodeOfSuites(report)).toBe(0);
});
