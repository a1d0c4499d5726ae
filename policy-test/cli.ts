import { CommanderError } from "commander";
import { packageAssets, type Assets } from "./assets.js";
import type { Io } from "./io.js";
import { printProblems, textOf } from "./problem.js";
import { createProgram } from "./program.js";
import { singleDash } from "./restyle.js";

/**
 * The command.
 * @param argv without node and script
 * @returns the exit code; never throws
 */
export async function main(argv: readonly string[], io: Io, assets: Assets = packageAssets()): Promise<number> {
  let exitCode = 0;
  const program = createProgram(io, assets, (code) => {
    exitCode = code;
  });
  const problem = singleDash(argv, program);
  if (problem !== undefined) {
    printProblems([problem], io);
    return 2;
  }
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // it has printed its message
    printProblems([{ message: textOf(error) }], io);
    return 2;
  }
}
