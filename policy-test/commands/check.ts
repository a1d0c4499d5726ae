import type { Assets } from "../assets.js";
import type { CheckFlags } from "../flags.js";
import { hasColours, type Io } from "../io.js";
import { printProblems } from "../problem.js";
import { exitCodeOf } from "../report.js";
import { run } from "../run.js";

/** `policy-test PATHS`: checks manifests, and prints what was found. */
export async function checkCommand(paths: readonly string[], flags: CheckFlags, io: Io, assets: Assets): Promise<number> {
  const { rule: rules = [], format, fix = false, dryRun = false, ...options } = flags;
  if (dryRun && !fix) {
    printProblems([{ message: "`--dry-run` belongs to `--fix`", help: "without --fix nothing is ever written" }], io);
    return 2;
  }
  const report = await run({ paths, rules, ...options, ...(fix ? { fix: dryRun ? "preview" : "write" } : {}) }, io, assets);
  if ("problems" in report) {
    printProblems(report.problems, io);
    return 2;
  }
  if (format === "json") {
    const { formatJson } = await import("../reporters/json.js");
    io.stdout.write(formatJson(report));
  } else {
    const { formatText } = await import("../reporters/text.js");
    const { diff } = report.fix ?? {};
    // The diff alone goes where a patch is taken from.
    const output = diff === undefined ? io.stdout : io.stderr;
    if (diff !== undefined) io.stdout.write(diff);
    output.write(formatText(report, { colours: hasColours(output, io.env) }));
  }
  return exitCodeOf(report);
}
