/** What a shell has to know of the command line, taken from commander's definitions. */
import type { Argument, Command, Option } from "commander";
import type { WasmManifest } from "../../wasm/manifest.js";

/** What may stand at a place: these words, a path, something that only a person knows, or nothing at all. */
export type Values = readonly string[] | "path" | "free" | "none";

export interface CompletedFlag {
  /** `-f`, `--format`. */
  readonly names: readonly string[];
  readonly description: string;
  readonly isRepeatable: boolean;
  readonly values: Values;
}

export interface CompletedCommand {
  /** Empty for the command without a name. */
  readonly name: string;
  readonly description: string;
  readonly flags: readonly CompletedFlag[];
  readonly operands: Values;
}

export interface CommandLine {
  readonly program: string;
  readonly root: CompletedCommand;
  readonly commands: readonly CompletedCommand[];
}

/** Words by what help calls a value; those of other placeholders are in the definitions, or known to people only. */
type Placeholders = Readonly<Record<string, Values>>;

/** @param formats the words that `<format[=file]>` starts with */
export function commandLineOf(program: Command, { rules, bundles }: WasmManifest, formats: readonly string[]): CommandLine {
  const placeholders: Placeholders = {
    file: "path",
    path: "path",
    paths: "path",
    rule: rules.map(({ id }) => id),
    bundle: bundles.map(({ name }) => name),
    "format[=file]": formats,
  };
  return {
    program: program.name(),
    root: completed(program, "", placeholders),
    commands: program.commands.map((command) => completed(command, command.name(), placeholders)),
  };
}

function completed(command: Command, name: string, placeholders: Placeholders): CompletedCommand {
  const [operand] = command.registeredArguments;
  return {
    name,
    description: command.description(),
    flags: command.createHelp().visibleOptions(command).map((option) => flagOf(option, placeholders)),
    operands: operand === undefined ? "none" : operandValues(operand, placeholders),
  };
}

function flagOf(option: Option, placeholders: Placeholders): CompletedFlag {
  const { short, long, description, argChoices } = option;
  const [, placeholder = ""] = /[<[](.*)[>\]]$/.exec(option.flags) ?? [];
  return {
    names: [short, long].filter((name) => name !== undefined),
    description,
    isRepeatable: description.includes("may be given several times"),
    values: !option.required && !option.optional ? "none" : (argChoices ?? placeholders[placeholder] ?? "free"),
  };
}

function operandValues(operand: Argument, placeholders: Placeholders): Values {
  return operand.argChoices ?? placeholders[operand.name()] ?? "free";
}
