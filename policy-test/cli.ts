import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { packageAssets, packageVersion, readWasmManifest, type Assets } from "./assets.js";
import { engineNames, type EngineName } from "./engine.js";
import { DEFAULT_CONFIG, hasColours, type Io } from "./io.js";
import { printNotices, printProblems, textOf } from "./problem.js";
import { showProgress } from "./progress.js";
import { exitCodeOf } from "./report.js";
import { templateNotices } from "./requirements.js";
import { unknownRule } from "./rules.js";

type Format = "text" | "json";

interface CheckFlags {
  readonly config?: string;
  readonly bundle?: string;
  readonly rule?: readonly string[];
  readonly engine: EngineName;
  readonly namespace: string;
  readonly format: Format;
  readonly jobs?: number;
  readonly inventory?: readonly string[];
  readonly base?: string;
  readonly changedOnly?: boolean;
  readonly fix?: true;
  readonly dryRun?: true;
  readonly strictFiles?: true;
  readonly requireWorkloads?: true;
  readonly watch?: true;
}

interface ListFlags {
  /** True where no name is given. */
  readonly bundle?: string | true;
  readonly format: Format;
}

const EXAMPLES = `
examples:
  policy-test deploy/                         every .yaml, .yml and .json file below deploy/
  policy-test 'apps/**/prod*.yaml' pod.json   a glob and a file
  helm template ./chart | policy-test -       standard input
  policy-test --format json deploy/           for programs
  policy-test --inventory cluster/ deploy/    seen beside the rest of its cluster
  policy-test --base /tmp/base --changed-only deploy/
                                              what a change brings: git worktree add /tmp/base main
  policy-test --fix --dry-run deploy/         what can be fixed, as a diff; without --dry-run it is done
  policy-test --bundle ack deploy/            a set of rules; \`policy-test list --bundle\` shows the sets
  policy-test explain host-network-dns-policy
  policy-test ./list                          a folder with the name of a command

exit codes:
  0  clean, or warnings only
  1  at least one finding of a rule that denies
  2  wrong usage, or input that could not be read or checked
`;

/**
 * The command.
 * @param argv without node and script
 * @returns the exit code; never throws
 */
export async function main(argv: readonly string[], io: Io, assets: Assets = packageAssets()): Promise<number> {
  let exitCode = 0;
  const program = createProgram(io, assets, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // it has printed its message
    printProblems([{ message: textOf(error) }], io);
    return 2;
  }
}

function createProgram(io: Io, assets: Assets, exit: (code: number) => void): Command {
  const output = {
    writeOut: (text: string) => void io.stdout.write(text),
    writeErr: (text: string) => void io.stderr.write(text),
    outputError: (text: string, write: (text: string) => void) => {
      write(restyle(text));
    },
  };
  const program = new Command("policy-test")
    .description("Checks Kubernetes manifests against the hostNetwork policies, as the cluster would.")
    .argument("[paths...]", "files, folders, globs, or - for standard input")
    .option("-c, --config <file>", `rules' enforcement and parameters (default: ${DEFAULT_CONFIG} if it exists)`)
    .option("-b, --bundle <name>", "run the rules of this bundle with its settings; the config applies on top")
    .option("-r, --rule <id>", "run only this rule; may be given several times", append)
    .option("-n, --namespace <name>", "namespace of objects that name none", namespaceName, "default")
    .addOption(new Option("-f, --format <format>", "how to print the findings").choices(["text", "json"]).default("text"))
    .addOption(new Option("--engine <engine>", "run the compiled rules or their source").choices(engineNames).default("wasm"))
    .option("--inventory <path>", "rest of the cluster, seen by the rules but not checked; may be given several times", append)
    .option("--base <path>", "folder or file with the state before the change, to find what only an update can violate")
    .option("--changed-only", "say only what the change from --base brings")
    .option("-j, --jobs <number>", "threads to check with (default: as many as help)", threads)
    .option("--fix", "fix in the files what can be fixed, and report what remains")
    .option("--dry-run", "with --fix: write nothing and print a unified diff; what remains goes to standard error")
    .option("--strict-files", "fail at templates of Helm charts and at documents that are no Kubernetes objects, which are else passed over and counted")
    .option("--require-workloads", "fail where a path holds no workload")
    .option("-w, --watch", "check again whenever a file changes, until ctrl-c")
    .version(packageVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .addHelpText("after", EXAMPLES)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput(output)
    .action(async (paths: string[], flags: CheckFlags) => {
      const check = (): Promise<number> => checkCommand(paths, flags, io, assets);
      if (flags.watch !== true) return exit(await check());
      const { watchCommand } = await import("./watch.js");
      exit(await watchCommand(paths, flags, check, io));
    });

  program
    .command("list")
    .description("list the rules, or the bundles")
    .option("-b, --bundle [name]", "list the rules of this bundle with its settings, or the bundles")
    .addOption(new Option("-f, --format <format>", "how to print the list").choices(["text", "json"]).default("text"))
    .action(async (flags: ListFlags) => {
      exit(await listCommand(flags, io, assets));
    });

  program
    .command("explain")
    .description("say what a rule is for, and its parameters")
    .argument("<rule>", "id of the rule")
    .action(async (id: string) => {
      const { rules } = readWasmManifest(assets.manifest);
      const rule = rules.find((candidate) => candidate.id === id);
      if (rule === undefined) {
        printProblems([unknownRule(id, rules)], io);
        exit(2);
        return;
      }
      const { formatExplanation } = await import("./explain.js");
      io.stdout.write(formatExplanation(rule));
    });
  return program;
}

async function listCommand({ bundle: name, format }: ListFlags, io: Io, assets: Assets): Promise<number> {
  const manifest = readWasmManifest(assets.manifest);
  const list = await import("./list.js");
  const isJson = format === "json";
  if (name === undefined) {
    io.stdout.write(isJson ? list.formatListJson(manifest.rules) : list.formatList(manifest.rules));
    return 0;
  }
  if (name === true) {
    io.stdout.write(isJson ? list.formatBundlesJson(manifest.bundles) : list.formatBundles(manifest.bundles));
    return 0;
  }
  const { findBundle } = await import("./bundle.js");
  const bundle = findBundle(name, manifest);
  if ("problems" in bundle) {
    printProblems(bundle.problems, io);
    return 2;
  }
  io.stdout.write(isJson ? list.formatBundlesJson([bundle]) : list.formatBundle(bundle, manifest.rules));
  return 0;
}

async function checkCommand(paths: readonly string[], flags: CheckFlags, io: Io, assets: Assets): Promise<number> {
  const { rule: rules = [], format, fix = false, dryRun = false, watch: _, ...options } = flags;
  if (dryRun && !fix) {
    printProblems([{ message: "`--dry-run` belongs to `--fix`", help: "without --fix nothing is ever written" }], io);
    return 2;
  }
  const { run } = await import("./run.js");
  const progress = showProgress(io);
  const report = await run({ paths, rules, ...options, ...(fix ? { fix: dryRun ? "preview" : "write" } : {}), progress: progress.show }, io, assets).finally(progress.clear);
  if ("problems" in report) {
    printProblems(report.problems, io);
    return 2;
  }
  if (format === "json") {
    const { formatJson } = await import("./reporters/json.js");
    io.stdout.write(formatJson(report));
  } else {
    const { formatText } = await import("./reporters/text.js");
    const { diff } = report.fix ?? {};
    // The diff alone goes where a patch is taken from.
    const output = diff === undefined ? io.stdout : io.stderr;
    if (diff !== undefined) io.stdout.write(diff);
    output.write(formatText(report, { colours: hasColours(output, io.env) }));
  }
  printNotices(templateNotices(report.skipped), io);
  return exitCodeOf(report);
}

function append(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}

/** @throws InvalidArgumentError for what no namespace can be called (RFC 1123 label) */
function namespaceName(value: string): string {
  if (/^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(value)) return value;
  throw new InvalidArgumentError("a namespace has lower-case letters, digits and -");
}

/** @throws InvalidArgumentError for anything but a whole number from 1 */
function threads(value: string): number {
  if (/^[1-9][0-9]{0,2}$/.test(value)) return Number(value);
  throw new InvalidArgumentError("a number of threads is 1 or more");
}

/** commander's errors in the form of ours: user input in backticks, no full stop, help on its own line. */
function restyle(text: string): string {
  return text
    .replace(/'([^']*)'/g, "`$1`")
    .replace(/\n\(Did you mean (?:one of )?(.*)\?\)/, (_, words: string) => `\nhelp: did you mean ${words.replace(/[^\s,]+/g, "`$&`")}?`)
    .replace(/ is invalid\. (.*?)\.?\n/, (_, help: string) => ` is invalid\nhelp: ${help.charAt(0).toLowerCase()}${help.slice(1)}\n`);
}
