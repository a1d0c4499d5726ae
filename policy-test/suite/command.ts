/** `policy-test suite`: runs the test suites of Gatekeeper and Kyverno against the rules. */
import { Option, type Command } from "commander";
import type { Assets } from "../assets.js";
import { hasColours, type Io } from "../io.js";
import { printProblems } from "../problem.js";
import type { Language } from "./gatekeeper.js";

interface SuiteFlags {
  readonly run?: string;
  readonly language: Language;
  readonly format: "text" | "json";
}

const EXAMPLES = `
examples:
  policy-test suite tests/                    every Suite and every kyverno-test.yaml below tests/
  policy-test suite --run '^dns//Pod' tests/  tests like ^dns, and of these the cases like Pod

exit codes:
  0  every case is as wanted, or skipped by the suite
  1  a case is not
  2  something could not be run, or nothing was
`;

/** @param exit takes the exit code of a run */
export function addSuiteCommand(program: Command, io: Io, assets: Assets, exit: (code: number) => void): void {
  program
    .command("suite")
    .description("run Gatekeeper Suites and kyverno-test.yaml against the rules")
    .argument("[paths...]", "files and folders with suites")
    .option("--run <filter>", "only tests and cases whose names fit this regular expression; TEST//CASE for one of each")
    .addOption(new Option("--language <language>", "in which language templates answer: CEL joins the findings of an object, Rego does not").choices(["cel", "rego"]).default("cel"))
    .addOption(new Option("-f, --format <format>", "how to print the results").choices(["text", "json"]).default("text"))
    .addHelpText("after", EXAMPLES)
    .action(async (paths: string[], { format, ...flags }: SuiteFlags) => {
      exit(await suiteCommand({ paths, ...flags }, format, io, assets));
    });
}

async function suiteCommand(options: { readonly paths: readonly string[]; readonly run?: string; readonly language: Language }, format: SuiteFlags["format"], io: Io, assets: Assets): Promise<number> {
  const { runSuites } = await import("./run.js");
  const report = await runSuites(options, io, assets);
  printProblems(report.problems, io);
  if (!("cases" in report)) return 2;
  const [{ exitCodeOfSuites }, { formatSuites, formatSuitesJson }] = await Promise.all([import("./result.js"), import("./print.js")]);
  io.stdout.write(format === "json" ? formatSuitesJson(report) : formatSuites(report, { colours: hasColours(io.stdout, io.env) }));
  return exitCodeOfSuites(report);
}
