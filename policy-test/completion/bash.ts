import type { CommandLine, CompletedCommand, Values } from "./model.js";

/** A script for bash, also for the 3.2 of macOS. */
export function bashCompletion({ program, root, commands }: CommandLine): string {
  const name = `_${program.replaceAll("-", "_")}`;
  const names = commands.map((command) => command.name);
  return `# bash completion of ${program}, to be loaded with: source <(${program} completion bash)
${name}() {
  local IFS=$'\\n' command="" current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  # bash makes three words of --flag=value.
  if [[ $current == "=" ]]; then
    current=""
  elif [[ $previous == "=" ]]; then
    previous="\${COMP_WORDS[COMP_CWORD-2]}"
  fi
  COMPREPLY=()
  if (( COMP_CWORD > 1 )); then
    case "\${COMP_WORDS[1]}" in
      ${names.join("|")}) command="\${COMP_WORDS[1]}" ;;
    esac
  fi
  case "$command $previous" in
${[root, ...commands].flatMap((command) => flagCases(command)).join("\n")}
  esac
  if [[ $current == -* ]]; then
    case "$command" in
${[root, ...commands].map(({ name: own, flags }) => `      "${own}") ${reply(flags.flatMap((flag) => flag.names))} ;;`).join("\n")}
    esac
  elif (( COMP_CWORD == 1 )); then
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -W "${names.join("\n")}" -- "$current") $(compgen -f -- "$current"))
  else
    case "$command" in
${[root, ...commands].map(({ name: own, operands }) => `      "${own}") ${complete(operands)} ;;`).join("\n")}
    esac
  fi
}
complete -o default -F ${name} ${program}
`;
}

/** What follows a flag that takes a value. */
function flagCases({ name, flags }: CompletedCommand): string[] {
  return flags
    .filter(({ values }) => values !== "none")
    .map(({ names, values }) => `    ${names.map((flag) => `"${name} ${flag}"`).join("|")}) ${complete(values)}; return ;;`);
}

/** With nothing to reply bash offers paths, unless it is told not to. */
function complete(values: Values): string {
  if (values === "path") return ":";
  return typeof values === "string" ? "compopt +o default 2>/dev/null" : reply(values);
}

function reply(words: readonly string[]): string {
  return `COMPREPLY=($(compgen -W "${words.join("\n")}" -- "$current"))`;
}
