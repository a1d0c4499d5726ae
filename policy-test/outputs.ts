/** Which reports are written where: what `--format`, `-o` and `--output` say together. */
import { resolve } from "node:path";
import { didYouMean } from "./nearest.js";
import type { Problem } from "./problem.js";
import { formats, isFormat, type FormatName } from "./reporters/reporter.js";

/** A report to write; without a file to standard output. */
export interface Target {
  readonly format: FormatName;
  /** As it was written. */
  readonly file?: string;
}

export interface OutputFlags {
  /** Each `FORMAT` or `FORMAT=FILE`. */
  readonly formats: readonly string[];
  readonly output?: string;
  /** The format where none is asked for. */
  readonly usual: FormatName;
}

/** What to write where; problems where two reports would get into each other's way. */
export function targetsOf({ formats: given, output, usual }: OutputFlags, cwd: string): readonly Target[] | { readonly problems: readonly Problem[] } {
  if (output !== undefined && isFormat(output)) {
    return { problems: [{ message: `\`--output ${output}\` names a file, not a format`, help: `for the format write \`--format ${output}\`, for a file of that name \`--output ./${output}\`` }] };
  }
  const targets: Target[] = [];
  const problems: Problem[] = [];
  for (const word of given) {
    const target = parseTarget(word);
    if ("message" in target) problems.push(target);
    else targets.push(target);
  }
  if (problems.length > 0) return { problems };
  if (targets.length === 0) targets.push({ format: usual });

  const [first, second] = targets.filter(({ file }) => file === undefined);
  if (first !== undefined && second !== undefined) {
    const where = output === undefined ? "standard output" : `\`${output}\``;
    return { problems: [{ message: `\`${first.format}\` and \`${second.format}\` cannot both go to ${where}`, help: `name a file for one of them: \`--format ${second.format}=FILE\`` }] };
  }
  if (output !== undefined && first === undefined) {
    return { problems: [{ message: "`--output` has nothing to write: each format names a file of its own", help: "leave out either" }] };
  }
  const placed = targets.map((target) => (target.file === undefined && output !== undefined ? { ...target, file: output } : target));
  const twice = placed.find((target, index) => target.file !== undefined && placed.slice(0, index).some((other) => isSamePlace(target, other, cwd)));
  if (twice?.file !== undefined) return { problems: [{ message: `two reports cannot both go to \`${twice.file}\`` }] };
  return placed;
}

function isSamePlace(one: Target, other: Target, cwd: string): boolean {
  return one.file !== undefined && other.file !== undefined && resolve(cwd, one.file) === resolve(cwd, other.file);
}

function parseTarget(word: string): Target | Problem {
  const end = word.indexOf("=");
  const format = end === -1 ? word : word.slice(0, end);
  const names = Object.keys(formats);
  if (!isFormat(format)) {
    const isFile = /[./\\]/.test(word);
    return { message: `unknown format \`${format}\``, help: isFile ? `a file is named with \`--output ${word}\`` : `the formats are ${names.join(", ")}`, ...(isFile ? {} : didYouMean(format, names)) };
  }
  if (end === -1) return { format };
  const file = word.slice(end + 1);
  return file === "" ? { message: `\`${word}\` names no file`, help: `write \`${format}=FILE\`, or \`${format}\` for standard output` } : { format, file };
}
