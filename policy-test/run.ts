import { packageAssets, readWasmManifest, type Assets } from "./assets.js";
import { chooseRules } from "./choose.js";
import type { EngineName } from "./engine.js";
import type { Excerpts } from "./excerpts.js";
import type { FixResult } from "./fix/index.js";
import { findSources, STDIN, type Source } from "./input.js";
import type { Io } from "./io.js";
import type { MemorySource } from "./memory.js";
import { doubleMoves } from "./moves.js";
import type { Problem } from "./problem.js";
import type { FileReport, InputError, Report } from "./report.js";
import { loadChecker, type Outcome, type Setup } from "./share.js";
import { loadSurroundings, type SurroundingsOptions } from "./surroundings.js";
import { checkSources } from "./threads.js";

export interface RunOptions extends SurroundingsOptions {
  /** Files, folders, globs and `-` for standard input. */
  readonly paths: readonly string[];
  /** Texts to check beside them that are no files. */
  readonly texts?: readonly MemorySource[];
  /** Path of a config, or of Constraints in a file or folder, or the text of either; without it `policy-test.yaml` in the working folder or the nearest above it. */
  readonly config?: string | MemorySource;
  /** Name of the bundle whose rules to run, with its settings; the config applies on top of them. */
  readonly bundle?: string;
  /** Ids of the only rules to run. */
  readonly rules?: readonly string[];
  readonly engine?: EngineName;
  /** Namespace of objects that name none. */
  readonly namespace?: string;
  /** Threads to check with, at most; by default as many as help. The report is the same for any number. */
  readonly jobs?: number;
  /** Fix what can be fixed: in the files, or only as a diff in the report. */
  readonly fix?: "write" | "preview";
  /** Whether the report holds the lines that findings and input errors stand on. */
  readonly excerpts?: boolean;
}

/** Checks everything that the options name. Problems are returned where nothing could be checked at all. */
export async function run(
  options: RunOptions,
  io: Pick<Io, "cwd" | "stdin">,
  assets: Assets = packageAssets(),
): Promise<Report | { readonly problems: readonly Problem[] }> {
  const { paths, texts = [], rules: named = [], engine = "wasm", namespace = "default" } = options;
  if (paths.length + texts.length === 0) return { problems: [{ message: "no path given", help: "name files or folders, or `-` for standard input" }] };
  const manifest = readWasmManifest(assets.manifest);
  const chosen = await chooseRules({ ...options, rules: named }, io, manifest);
  if ("problems" in chosen) return chosen;
  const { rules, config, notices } = chosen;

  if (options.fix === "write" && texts.length > 0) return { problems: [{ message: "what is in memory cannot be fixed in place", help: "`fix: \"preview\"` says what would change" }] };
  if (options.fix === "write" && paths.includes(STDIN)) return { problems: [{ message: "standard input cannot be fixed in place", help: "name files, or add --dry-run to see what would change" }] };
  const { sources: found, problems } = await findSources(paths, io, config?.path);
  const sources = [...found, ...texts];
  const surroundings = await loadSurroundings(options, { paths, sources, rules, namespace, config: config?.path }, io);
  if ("problems" in surroundings) return surroundings;
  const setup: Setup = { engine, assets, manifest, rules, namespace, impliedNamespace: options.namespace ?? "", ...surroundings };
  const checked = await checkSources(sources, setup, options.jobs);
  const { outcomes, ...fix } = options.fix === undefined ? { outcomes: checked } : await fixAll(sources, checked, setup, options.fix === "preview");
  const files: string[] = [];
  const reports: FileReport[] = [];
  const inputErrors: InputError[] = problems.map(({ file = "", message }) => ({ file, message }));
  for (const outcome of outcomes) {
    if ("report" in outcome) {
      files.push(outcome.file);
      reports.push(outcome.report);
    } else {
      inputErrors.push(outcome);
    }
  }
  const merged = merge(files, reports, inputErrors);
  // The lines of a preview are in no file.
  const hasExcerpts = options.excerpts === true && options.fix !== "preview";
  const report: Report = {
    ...merged,
    rules: [...new Set(rules.map(({ id }) => id))],
    ...(config === undefined ? {} : { config: config.shown }),
    ...(notices.length === 0 ? {} : { notices }),
    ...(hasExcerpts ? { excerpts: await excerptsOf(sources, merged) } : {}),
    ...("fixed" in fix ? { fix } : {}),
  };
  if (report.documents > 0 || report.inputErrors.length > 0) return report;
  return { problems: [{ message: `no manifest in ${[...paths, ...texts.map(({ file }) => file)].map((path) => `\`${path}\``).join(", ")}` }] };
}

async function fixAll(sources: readonly Source[], outcomes: readonly Outcome[], setup: Setup, isDry: boolean): Promise<FixResult> {
  const { fixSources } = await import("./fix/index.js");
  return fixSources(sources, outcomes, await loadChecker(setup), setup.manifest.rules, isDry);
}

async function excerptsOf(sources: readonly Source[], report: Pick<Report, "findings" | "inputErrors">): Promise<Excerpts> {
  const { readExcerpts } = await import("./excerpts.js");
  return readExcerpts(sources, [...report.findings, ...report.inputErrors]);
}

function merge(files: readonly string[], reports: readonly FileReport[], inputErrors: readonly InputError[]): Omit<Report, "rules"> {
  const total = (value: (report: FileReport) => number): number => reports.reduce((sum, report) => sum + value(report), 0);
  return {
    files,
    documents: total((report) => report.documents),
    workloads: total((report) => report.workloads),
    findings: reports.flatMap((report) => report.findings),
    notChecked: reports.flatMap((report) => report.notChecked),
    inputErrors: [...inputErrors, ...reports.flatMap((report) => report.inputErrors), ...doubleMoves(reports.flatMap((report) => report.moves))],
  };
}
