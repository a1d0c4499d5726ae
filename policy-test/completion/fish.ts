import type { CommandLine, CompletedCommand, CompletedFlag, Values } from "./model.js";

/** A script for fish. */
export function fishCompletion({ program, root, commands }: CommandLine): string {
  const names = commands.map(({ name }) => name).join(" ");
  const lines = [
    `# fish completion of ${program}, to be loaded with: ${program} completion fish | source`,
    ...commands.map(({ name, description }) => `complete -c ${program} -n __fish_use_subcommand -a ${name} -d ${quoted(description)}`),
    ...linesOf(program, `not __fish_seen_subcommand_from ${names}`, root),
    ...commands.flatMap((command) => linesOf(program, `__fish_seen_subcommand_from ${command.name}`, command)),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function linesOf(program: string, condition: string, { flags, operands }: CompletedCommand): string[] {
  const start = `complete -c ${program} -n ${quoted(condition)}`;
  return [...flags.map((flag) => `${start}${flagPart(flag)}`), ...(operands === "path" ? [] : [`${start} -f${wordsPart(operands)}`])];
}

function flagPart({ names, description, values }: CompletedFlag): string {
  const parts = names.map((name) => (name.startsWith("--") ? ` -l ${name.slice(2)}` : ` -s ${name.slice(1)}`));
  const value = values === "none" ? "" : values === "path" ? " -rF" : ` -x${wordsPart(values)}`;
  return `${parts.join("")}${value} -d ${quoted(description)}`;
}

function wordsPart(values: Values): string {
  return typeof values === "string" ? "" : ` -a ${quoted(values.join(" "))}`;
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
