import type { CommandLine, CompletedCommand, CompletedFlag, Values } from "./model.js";

/** A script for zsh, to be put as `_policy-test` into a folder of fpath, or to be sourced after compinit. */
export function zshCompletion({ program, root, commands }: CommandLine): string {
  const name = `_${program.replaceAll("-", "_")}`;
  return `#compdef ${program}
# zsh completion of ${program}, to be loaded with: source <(${program} completion zsh)
${name}_operands() {
  local -a commands
  commands=(
${commands.map((command) => `    ${quoted(`${command.name}:${command.description}`)}`).join("\n")}
  )
  (( CURRENT == 2 )) && _describe command commands
  _files
}

${name}() {
  if (( CURRENT > 2 )); then
    case $words[2] in
${commands.map((command) => `      ${command.name})\n        shift words; (( CURRENT-- ))\n        ${call(command, spec("1", "", command.operands))}\n        return ;;`).join("\n")}
    esac
  fi
  ${call(root, quoted(`*: :${name}_operands`))}
}

if [[ $funcstack[1] == _${program} ]]; then
  ${name} "$@"
else
  compdef ${name} ${program}
fi
`;
}

function call({ flags }: CompletedCommand, operands: string): string {
  return ["_arguments -s", ...flags.flatMap((flag) => flagSpecs(flag)), ...(operands === "" ? [] : [operands])].join(" \\\n    ");
}

function flagSpecs({ names, description, isRepeatable, values }: CompletedFlag): string[] {
  const others = names.length > 1 && !isRepeatable ? `(${names.join(" ")})` : "";
  return names.map((name) => spec(`${isRepeatable ? "*" : others}${name}${values !== "none" && name.startsWith("--") ? "=" : ""}`, `[${description.replace(/[\\[\]]/g, "\\$&")}]`, values));
}

function spec(what: string, description: string, values: Values): string {
  if (values === "none") return description === "" ? "" : quoted(what + description);
  const action = values === "path" ? "_files" : typeof values === "string" ? " " : `(${values.join(" ")})`;
  return quoted(`${what}${description}: :${action}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
