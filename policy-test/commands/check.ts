import { resolve } from "node:path";
import { packageVersion, readWasmManifest, type Assets } from "../assets.js";
import type { CheckFlags } from "../flags.js";
import { hasColours, type Io } from "../io.js";
import { targetsOf, type Target } from "../outputs.js";
import { failed, printProblems, textOf, type Problem } from "../problem.js";
import { showProgress } from "../progress.js";
import { exitCodeOf, type Report } from "../report.js";
import { formats, type ReportContext } from "../reporters/reporter.js";
import { run, type RunOptions } from "../run.js";
import { writeWhole } from "../write.js";

/** `policy-test PATHS`: checks manifests, and writes what was found. */
export async function checkCommand(paths: readonly string[], flags: CheckFlags, io: Io, assets: Assets): Promise<number> {
  const { rule: rules = [], format = [], o = [], output, fix = false, dryRun = false, quiet = false, verbose = false, explain = false, failOn, maxFindings, watch: _, compiled, ...options } = flags;
  const targets = targetsOf({ formats: [...format, ...o], usual: io.stdout.isTTY === true ? "text" : "compact", ...(output === undefined ? {} : { output }) }, io.cwd);
  if ("problems" in targets) return failed(targets.problems, io);
  const problem = fixProblem(fix, dryRun, targets);
  if (problem !== undefined) return failed([problem], io);
  if (compiled !== undefined && flags.engine === "js") return failed([{ message: "`--compiled` names rules without their source, which `--engine js` runs", help: "leave one of them out" }], io);

  const hasExcerpts = targets.some((target) => formats[target.format].hasExcerpts);
  const progress = showProgress(io, quiet);
  const result = await attempt({ paths, rules, ...options, progress: progress.show, excerpts: hasExcerpts, ...(fix ? { fix: dryRun ? "preview" : "write" } : {}) }, io, assets);
  progress.clear();
  const context = { version: packageVersion(), failOn, quiet, explain, ...(maxFindings === undefined ? {} : { maxFindings }) };
  const written = "problems" in result ? targets.filter(({ file }) => file !== undefined) : targets;
  // A report that is there from an earlier run must not be taken for that of this one, which has failed.
  const report = "problems" in result ? failedReport(result.problems) : result;
  if ("problems" in result) printProblems(result.problems, io);
  else if (!quiet) printProblems(result.notices ?? [], io, "notice");
  if (!("problems" in result) && verbose) {
    const { formatDetails } = await import("../details.js");
    io.stderr.write(formatDetails(result, paths));
  }

  const unwritten = await write(report, written, { ...context, rules: rulesOf(assets, "problems" in result) }, io);
  if (unwritten.length > 0) return failed(unwritten, io);
  if (!("problems" in result) && !quiet) await tellWhere(result, targets, io);
  return exitCodeOf(report, failOn);
}

function fixProblem(fix: boolean, dryRun: boolean, targets: readonly Target[]): Problem | undefined {
  if (!dryRun) return undefined;
  if (!fix) return { message: "`--dry-run` belongs to `--fix`", help: "without --fix nothing is ever written" };
  const other = targets.find(({ format, file }) => file === undefined && formats[format].diff === "none");
  if (other === undefined) return undefined;
  return { message: `\`--dry-run\` prints a diff, which \`${other.format}\` on standard output has no place for`, help: `name a file for it: \`--format ${other.format}=FILE\`` };
}

async function attempt(options: RunOptions, io: Io, assets: Assets): ReturnType<typeof run> {
  try {
    return await run(options, io, assets);
  } catch (error) {
    return { problems: [{ message: textOf(error) }] };
  }
}

/** The report of a run that has checked nothing. */
function failedReport(problems: readonly Problem[]): Report {
  const inputErrors = problems.map(({ file = "", message, line, column }) => ({
    file,
    message,
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
  }));
  return { files: [], documents: 0, workloads: 0, rules: [], foreign: 0, skipped: [], ignored: 0, findings: [], notChecked: [], inputErrors };
}

function rulesOf(assets: Assets, hasFailed: boolean): ReportContext["rules"] {
  try {
    return new Map(readWasmManifest(assets.manifest).rules.map((rule) => [rule.id, rule]));
  } catch (error) {
    if (hasFailed) return new Map(); // that may be why
    throw error;
  }
}

/** @returns why reports could not be written */
async function write(report: Report, targets: readonly Target[], context: Omit<ReportContext, "colours">, io: Io): Promise<readonly Problem[]> {
  const { diff } = report.fix ?? {};
  // The diff alone goes where a patch is taken from.
  const isDiffAlone = diff !== undefined && !targets.some(({ format, file }) => file === undefined && formats[format].diff === "within");
  if (isDiffAlone) io.stdout.write(diff);
  const stream = isDiffAlone ? io.stderr : io.stdout;
  const problems: Problem[] = [];
  for (const { format, file } of targets) {
    const reporter = await formats[format].load();
    const text = reporter(report, { ...context, colours: file === undefined && hasColours(stream, io.env) });
    if (file === undefined) {
      stream.write(text);
      continue;
    }
    try {
      writeWhole(resolve(io.cwd, file), text);
    } catch (error) {
      problems.push({ message: `the report cannot be written to \`${file}\`: ${textOf(error)}` });
    }
  }
  return problems;
}

/** Says how it went and where the reports are, where standard output holds none. */
async function tellWhere(report: Report, targets: readonly Target[], io: Io): Promise<void> {
  if (targets.some(({ file }) => file === undefined)) return;
  const { default: picocolors } = await import("picocolors");
  const { formatSummary } = await import("../reporters/closing.js");
  const files = targets.flatMap(({ file }) => (file === undefined ? [] : [file]));
  io.stderr.write(`${formatSummary(report, picocolors.createColors(hasColours(io.stderr, io.env)))}; written to ${files.join(", ")}\n`);
}
