/** Finds suites and runs them. */
import { packageAssets, readWasmManifest, type Assets } from "../assets.js";
import { findSources, STDIN, type Source } from "../input.js";
import type { Io } from "../io.js";
import { textOf, type Problem } from "../problem.js";
import { readText } from "../text.js";
import { filterOf, type Filter } from "./filter.js";
import { isSuiteDocument, runGatekeeperSuite, type Language } from "./gatekeeper.js";
import { isTestDocument, runKyvernoTest } from "./kyverno.js";
import { documentsOf, folderOf } from "./reading.js";
import type { CaseResult, SuiteReport } from "./result.js";

export interface SuiteRunOptions {
  /** Files and folders; `folder/...`, as gator has it, is the folder. */
  readonly paths: readonly string[];
  /** See `filterOf`. */
  readonly run?: string;
  readonly language?: Language;
}

/** Files without these words hold no suite, and need not be read as YAML. */
const GROUPS = /test\.gatekeeper\.sh\/|cli\.kyverno\.io\//;

export async function runSuites(
  { paths, run, language = "cel" }: SuiteRunOptions,
  io: Pick<Io, "cwd" | "stdin">,
  assets: Assets = packageAssets(),
): Promise<SuiteReport | { readonly problems: readonly Problem[] }> {
  if (paths.length === 0) return { problems: [{ message: "no path given", help: "name files or folders with suites" }] };
  if (paths.includes(STDIN)) return { problems: [{ message: "a suite is no standard input", help: "the files that it names lie beside it: name its file" }] };
  let filter: Filter;
  try {
    filter = filterOf(run);
  } catch (error) {
    return { problems: [{ message: `\`--run\`: ${textOf(error)}` }] };
  }
  const { rules } = readWasmManifest(assets.manifest);
  const cases: CaseResult[] = [];
  const problems: Problem[] = [];
  let suites = 0;
  for (const path of paths) {
    const { sources, problems: missing } = await findSources([path.replace(/\/\.\.\.$/, "")], io);
    problems.push(...missing);
    const before = suites + problems.length;
    for (const source of sources) {
      const { documents, problems: unreadable } = read(source);
      problems.push(...unreadable);
      for (const document of documents) {
        const options = { rules, filter, language, folder: folderOf(document.file, io.cwd) };
        const outcome = isSuiteDocument(document) ? runGatekeeperSuite(document, options) : isTestDocument(document) ? runKyvernoTest(document, options) : undefined;
        if (outcome === undefined) continue;
        suites += 1;
        if ("problems" in outcome) problems.push(...outcome.problems);
        else cases.push(...outcome.cases);
      }
    }
    if (suites + problems.length === before) problems.push({ message: `no suite in \`${path}\``, help: "a suite is a Suite of test.gatekeeper.sh or a Test of cli.kyverno.io" });
  }
  if (problems.length === 0 && !cases.some(({ outcome }) => outcome !== "skipped")) {
    const help = run === undefined ? "all of them are skipped" : `no test or case fits \`${run}\``;
    problems.push({ message: "no case was run", help });
  }
  return { suites, cases, problems };
}

function read(source: Source): ReturnType<typeof documentsOf> {
  try {
    const text = "path" in source ? readText(source.path) : source.text;
    return GROUPS.test(text) ? documentsOf(text, source.file) : { documents: [], problems: [] };
  } catch (error) {
    return { documents: [], problems: [{ file: source.file, message: textOf(error) }] };
  }
}
