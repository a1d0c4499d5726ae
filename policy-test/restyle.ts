/** commander's errors in the form of ours: user input in backticks, no full stop, help on its own line. */
export function restyle(text: string): string {
  return text
    .replace(/'([^']*)'/g, "`$1`")
    .replace(/\n\(Did you mean (?:one of )?(.*)\?\)/, (_, words: string) => `\nhelp: did you mean ${words.replace(/[^\s,]+/g, "`$&`")}?`)
    .replace(/ is invalid\. (.*?)\.?\n/, (_, help: string) => ` is invalid\nhelp: ${help.charAt(0).toLowerCase()}${help.slice(1)}\n`);
}
