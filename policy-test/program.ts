/** The command line: commands, flags and help. What a command does is loaded when it is run. */
import { Argument, Command, Option } from "commander";
import { packageVersion, type Assets } from "./assets.js";
import { checkFlags, type CheckFlags } from "./flags.js";
import type { ListFlags } from "./commands/list.js";
import type { Io } from "./io.js";
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
  2  wrong usage, a report that could not be written, or input that could not be read or checked
`;

/** @param exit told the exit code of the command that is run */
export function createProgram(io: Io, assets: Assets, exit: (code: number) => void): Command {
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
    .helpCommand(false)
    .addHelpText("after", EXAMPLES)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput(output)
    .action(async (paths: string[], flags: CheckFlags) => {
      const { checkCommand } = await import("./commands/check.js");
      exit(await checkCommand(paths, flags, io, assets));
    });
  for (const [heading, options] of Object.entries(checkFlags)) {
    for (const option of options) program.addOption(option.helpGroup(heading));
  }
  program.optionsGroup("Other:").version(packageVersion(), "-V, --version", "print the version").helpOption("-h, --help", "print this help");

  program
    .command("list")
    .description("list the rules, or the bundles")
    .option("-b, --bundle [bundle]", "list the rules of this bundle with its settings, or the bundles")
    .addOption(new Option("-f, --format <format>", "how to print the list").choices(["text", "json"]).default("text"))
    .action(async (flags: ListFlags) => {
      const { listCommand } = await import("./commands/list.js");
      exit(listCommand(flags, io, assets));
    });

  program
    .command("explain")
    .description("say what a rule is for, and its parameters")
    .argument("<rule>", "id of the rule")
    .action(async (id: string) => {
      const { explainCommand } = await import("./commands/explain.js");
      exit(explainCommand(id, io, assets));
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
