import { spawnSync } from "node:child_process";

/**
 * Runs a program and gives what it printed.
 * @throws Error with what it said where it fails
 */
export function run(program: string, given: readonly string[], cwd: string): string {
  const { status, error, stdout, stderr } = spawnSync(program, given, { cwd, encoding: "utf8", maxBuffer: 2 ** 28 });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`\`${[program, ...given].join(" ")}\` failed\n${stderr}${stdout}`);
  return stdout;
}
