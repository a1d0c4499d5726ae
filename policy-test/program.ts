/** The command line: commands, flags and help. What a command does is loaded when it is run. */
import { resolve } from "node:path";
import { Argument, Command, Option } from "commander";
import { assetsIn, packageVersion, type Assets } from "./assets.js";
import { checkFlags, type CheckFlags } from "./flags.js";
import type { ListFlags } from "./commands/list.js";
import type { RenderFlags } from "./commands/render.js";
import { DEFAULT_CONFIG, type Io } from "./io.js";
import { restyle } from "./restyle.js";
import { addSuiteCommand } from "./suite/command.js";

const EXAMPLES = `
examples:
  policy-test deploy/                         every .yaml, .yml and .json file below deploy/
  policy-test 'apps/**/prod*.yaml' pod.json   a glob and a file
  helm template ./chart | policy-test -       standard input
  policy-test --format json deploy/           for programs
  policy-test --format sarif=out.sarif --format github deploy/
                                              a report in a file, and another on standard output
  policy-test --inventory cluster/ deploy/    seen beside the rest of its cluster
  policy-test --base /tmp/base --changed-only deploy/
                                              what a change brings: git worktree add /tmp/base main
  policy-test --fix --dry-run deploy/         what can be fixed, as a diff; without --dry-run it is done
  policy-test --bundle ack deploy/            a set of rules; \`policy-test list --bundle\` shows the sets
  policy-test explain host-network-dns-policy
  policy-test ./list                          a folder with the name of a command

exit codes:
  0  clean, or warnings only
  1  at least one finding of a rule that denies; with --fail-on warn also of one that warns
  2  wrong usage, a report that could not be written, or input that could not be read or judged
`;

const COMPILED = "the rules that the compiler wrote there, its wasm/, and not those of the library";

/** @param exit told the exit code of the command that is run */
export function createProgram(io: Io, assets: Assets, exit: (code: number) => void): Command {
  const output = {
    writeOut: (text: string) => void io.stdout.write(text),
    writeErr: (text: string) => void io.stderr.write(text),
    outputError: (text: string, write: (text: string) => void) => {
      write(restyle(text));
    },
  };
  const rulesIn = (folder: string | undefined): Assets => (folder === undefined ? assets : assetsIn(resolve(io.cwd, folder)));
  const program = new Command("policy-test")
    .description("Checks Kubernetes manifests against the hostNetwork policies, as the cluster would.")
    .argument("[paths...]", "files, folders, globs, or - for standard input")
    .helpCommand(false)
    .addHelpText("after", EXAMPLES)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput(output)
    .action(async (paths: string[], flags: CheckFlags) => {
      const { checkCommand } = await import("./commands/check.js");
      const check = (): Promise<number> => checkCommand(paths, flags, io, rulesIn(flags.compiled));
      if (flags.watch !== true) return exit(await check());
      const { watchCommand } = await import("./watch.js");
      exit(await watchCommand(paths, flags, check, io));
    });
  for (const [heading, options] of Object.entries(checkFlags)) {
    for (const option of options) program.addOption(option.helpGroup(heading));
  }
  program.optionsGroup("Other:").version(packageVersion(), "-V, --version", "print the version").helpOption("-h, --help", "print this help");

  program
    .command("list")
    .description("list the rules, or the bundles")
    .option("-b, --bundle [bundle]", "list the rules of this bundle with its settings, or the bundles")
    .option("--compiled <folder>", COMPILED)
    .addOption(new Option("-f, --format <format>", "how to print the list").choices(["text", "json"]).default("text"))
    .action(async (flags: ListFlags) => {
      const { listCommand } = await import("./commands/list.js");
      exit(listCommand(flags, io, rulesIn(flags.compiled)));
    });

  program
    .command("render")
    .description("make policies for a cluster of the config")
    .option("-c, --config <file>", `the config (default: the nearest ${DEFAULT_CONFIG})`)
    .option("-b, --bundle <bundle>", "the rules of this bundle with its settings; the config applies on top")
    .addOption(new Option("-t, --target <engine>", "what runs them in the cluster").choices(["gatekeeper", "kyverno", "admission-policy"]).makeOptionMandatory())
    .option("-o, --output <folder>", "write a file for each rule, and a kustomization (default: print them)")
    .action(async (flags: RenderFlags) => {
      const { renderCommand } = await import("./commands/render.js");
      exit(await renderCommand(flags, io, assets));
    });

  program
    .command("explain")
    .description("say what a rule is for, and its parameters")
    .argument("<rule>", "id of the rule")
    .option("--compiled <folder>", COMPILED)
    .action(async (id: string, { compiled }: { readonly compiled?: string }) => {
      const { explainCommand } = await import("./commands/explain.js");
      exit(explainCommand(id, io, rulesIn(compiled)));
    });

  program
    .command("completion")
    .description("print a script that completes flags, rules and bundles in a shell")
    .addArgument(new Argument("<shell>", "the shell").choices(["bash", "fish", "zsh"]))
    .action(async (shell: "bash" | "fish" | "zsh") => {
      const { completionCommand } = await import("./commands/completion.js");
      exit(completionCommand(shell, program, io, assets));
    });
  addSuiteCommand(program, io, assets, exit);
  return program;
}
