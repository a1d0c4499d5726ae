import type { Command } from "commander";
import { didYouMean } from "./nearest.js";
import type { Problem } from "./problem.js";

/** commander's errors in the form of ours: user input in backticks, no full stop, help on its own line. */
export function restyle(text: string): string {
  return text
    .replace(/'([^']*)'/g, "`$1`")
    .replace(/\n\(Did you mean (?:one of )?(.*)\?\)/, (_, words: string) => `\nhelp: did you mean ${words.replace(/[^\s,]+/g, "`$&`")}?`)
    .replace(/ is invalid( for argument `[^`]*`)?\. (.*?)\.?\n/, (_, where: string | undefined, help: string) => ` is invalid${where ?? ""}\nhelp: ${help.charAt(0).toLowerCase()}${help.slice(1)}\n`)
    .replace(/`([^`]*)` is invalid\b(.*\nhelp: )(allowed choices are (.*))\n/, (all, value: string, between: string, choices: string, words: string) => {
      const { help } = didYouMean(value, words.split(", "));
      return help === undefined ? all : `\`${value}\` is invalid${between}${help} ${choices}\n`;
    });
}

/** A long flag with one dash, which would be read as a short one with a value: `-format json` as `-f ormat`. */
export function singleDash(argv: readonly string[], program: Command): Problem | undefined {
  const end = argv.indexOf("--");
  const words = (end === -1 ? argv : argv.slice(0, end)).map((word) => word.replace(/=.*$/s, ""));
  const flags = [program, ...program.commands].flatMap(({ options }) => options.map(({ long }) => long));
  const word = words.find((each) => /^-[a-z]{2}/.test(each) && flags.includes(`-${each}`));
  return word === undefined ? undefined : { message: `unknown option \`${word}\``, help: `did you mean \`-${word}\`?` };
}
