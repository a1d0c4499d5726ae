/** The library: `import { check } from "hostnetwork-policies"`, or from `hostnetwork-policies/policy-test` without the kit for rules. */
import { resolve } from "node:path";
import type { MemoryFile } from "./memory.js";
import { didYouMean } from "./nearest.js";
import { placeOf, type Problem } from "./problem.js";
import type { Report } from "./report.js";
import type { RunOptions } from "./run.js";

export type { EngineName } from "./engine.js";
export type { Fixed, FixReport, NotFixed } from "./fix/report.js";
export type { MemoryFile, ObjectFile, TextFile } from "./memory.js";
export type { Problem } from "./problem.js";
export type { Finding, InputError, NotChecked, ObjectName, Report, ReportedEnforcement, Waived } from "./report.js";
export { exitCodeOf } from "./report.js";

/** What to check, and with what. Something must be named in `paths` or `files`. */
export interface CheckOptions extends Omit<RunOptions, "paths" | "texts" | "config" | "inventory" | "excerpts" | "progress"> {
  /** Files, folders, globs and `-` for standard input. */
  readonly paths?: readonly string[];
  /** Texts and objects in memory. */
  readonly files?: readonly MemoryFile[];
  /** Path of a config or of Constraints, or what these would say: an object, or a list of Constraints. Without it `policy-test.yaml`, as the command finds it; `{}` is none. */
  readonly config?: string | Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[];
  /** The rest of the cluster, as paths and in memory: context of every file, not checked itself. */
  readonly inventory?: readonly (string | MemoryFile)[];
  /** Folder that the compiler wrote its `wasm/` to: its rules are run, and not those of the library. */
  readonly compiled?: string;
  /** Folder that paths are relative to; the working folder by default. */
  readonly cwd?: string;
}

/** Nothing could be checked: an option is wrong, or nothing is there. */
export class CheckError extends Error {
  override readonly name = "CheckError";
  /** Each reason, with its place and what to do about it as far as known. */
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map((problem) => [placeOf(problem), problem.message].filter((part) => part !== "").join(": ")).join("\n"));
    this.problems = problems;
  }
}

const OPTIONS = Object.keys({
  paths: true,
  files: true,
  config: true,
  bundle: true,
  rules: true,
  engine: true,
  compiled: true,
  namespace: true,
  jobs: true,
  fix: true,
  inventory: true,
  base: true,
  changedOnly: true,
  strictFiles: true,
  requireWorkloads: true,
  allowAnnotations: true,
  cwd: true,
} satisfies Record<keyof CheckOptions, true>);

/**
 * Checks manifests as the command does.
 * @returns everything that was found. Input that cannot be read is in `inputErrors`: a report is clean where `exitCodeOf` says 0
 * @throws CheckError where nothing could be checked at all
 */
export async function check(options: CheckOptions): Promise<Report> {
  const unknown = Object.keys(options).filter((name) => !OPTIONS.includes(name));
  if (unknown.length > 0) throw new CheckError(unknown.map((name) => ({ message: `there is no option \`${name}\``, ...didYouMean(name, OPTIONS) })));
  const { paths = [], files = [], inventory = [], config, compiled, cwd = process.cwd(), ...others } = options;
  if (compiled !== undefined && others.engine === "js") throw new CheckError([{ message: "`compiled` names rules without their source, which the engine `js` runs" }]);
  const { memorySources, textOfObjects } = await import("./memory.js");
  const texts = memorySources(files);
  if ("problems" in texts) throw new CheckError(texts.problems);
  const beside = memorySources(inventory.filter((each) => typeof each !== "string"));
  if ("problems" in beside) throw new CheckError(beside.problems);

  const [{ run }, { assetsIn }] = await Promise.all([import("./run.js"), import("./assets.js")]);
  const settings = config === undefined || typeof config === "string" ? config : { file: "config", text: textOfObjects([config].flat()) };
  if (typeof settings === "object" && settings.text === "") throw new CheckError([{ message: "the list of Constraints is empty", help: "`config: {}` is no config" }]);
  const report = await run(
    {
      ...others,
      paths,
      texts: texts.sources,
      inventory: [...inventory.filter((each) => typeof each === "string"), ...beside.sources],
      ...(settings === undefined ? {} : { config: settings }),
    },
    { cwd, stdin: process.stdin },
    compiled === undefined ? undefined : assetsIn(resolve(cwd, compiled)),
  );
  if ("problems" in report) throw new CheckError(report.problems);
  return report;
}
