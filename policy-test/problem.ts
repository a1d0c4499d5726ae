import type { Io } from "./io.js";
import { printable } from "./printable.js";

/** Why something could not be done, told to the person who asked for it. Lower case, no full stop. */
export interface Problem {
  readonly message: string;
  /** What to do about it, or what may have been meant. */
  readonly help?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** `file:line:column`, as far as known. */
export function placeOf({ file, line, column }: { file?: string | undefined; line?: number | undefined; column?: number | undefined }): string {
  return [file, line, column].filter((part) => part !== undefined).join(":");
}

/** Prints problems for which there is no report, each with its place and help. */
export function printProblems(problems: readonly Problem[], io: Io, label: "error" | "notice" = "error"): void {
  for (const problem of problems) {
    const place = problem.file === undefined ? "" : `${placeOf(problem)}: `;
    io.stderr.write(`${printable(`${place}${label}: ${problem.message}`)}\n`);
    if (problem.help !== undefined) io.stderr.write(`${printable(`help: ${problem.help}`)}\n`);
  }
}

/** Prints why a command can do nothing; its exit code is 2. */
export function failed(problems: readonly Problem[], io: Io): 2 {
  printProblems(problems, io);
  return 2;
}

/** The text of anything that was thrown; of an error of the system without its code, call and path. */
export function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "syscall" in error ? error.message.replace(/^[A-Z]+: ([^,]*), .*$/s, "$1") : error.message;
}
