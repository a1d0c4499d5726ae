/** Programs that run in the background for as long as the cluster is up. */
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

/** A program that was started: all that is needed to stop it from another process, and no other program in its place. */
export interface Started {
  readonly name: string;
  readonly pid: number;
  /** In the kernel's clock ticks: process ids are used again, but not with the same time. */
  readonly startTime: string;
}

export interface Program {
  readonly name: string;
  readonly path: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts a program whose output goes to `NAME.log` in `folder`. It outlives this process. */
export function start({ name, path, args, environment = {} }: Program, folder: string): Started {
  const log = openSync(join(folder, `${name}.log`), "a");
  const child = spawn(path, args, { cwd: folder, detached: true, stdio: ["ignore", log, log], env: { ...process.env, ...environment } });
  closeSync(log);
  child.on("error", () => undefined); // said below, at once
  if (child.pid === undefined) throw new Error(`${name} does not start: ${path}`);
  child.unref();
  return { name, pid: child.pid, startTime: statOf(child.pid)?.startTime ?? "" };
}

/** What Linux says of a process; undefined where there is none. */
function statOf(pid: number): { readonly state: string; readonly startTime: string } | undefined {
  try {
    // `pid (name) state …`, and 19 fields on the start time; the name may hold spaces and brackets itself.
    const fields = readFileSync(`/proc/${String(pid)}/stat`, "utf8").replace(/^.*\) /s, "").split(" ");
    return { state: fields[0] ?? "", startTime: fields[19] ?? "" };
  } catch {
    return undefined;
  }
}

/** Whether the process is still the program that was started. */
export function isRunning({ pid, startTime }: Started): boolean {
  const stat = statOf(pid);
  return stat !== undefined && stat.state !== "Z" && stat.startTime === startTime;
}

/** Ends a program, with force where it does not end by itself. */
export async function stop(program: Started, graceMilliseconds = 8000): Promise<void> {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if (!isRunning(program)) return;
    process.kill(program.pid, signal);
    const deadline = Date.now() + graceMilliseconds;
    while (isRunning(program) && Date.now() < deadline) await sleep(50);
  }
}

export const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Thrown by a test of `waitFor` that need not be tried again: what is waited for has ended. */
export class Ended extends Error {
  constructor() {
    super("it has ended");
  }
}

/**
 * Waits until `test` gives something.
 * @param what names it in the error
 * @throws Error after the time is over, with what the last try threw
 */
export async function waitFor<T>(what: string, test: () => Promise<T | undefined>, milliseconds = 180_000): Promise<T> {
  const deadline = Date.now() + milliseconds;
  let last = "";
  while (Date.now() < deadline) {
    try {
      const found = await test();
      if (found !== undefined) return found;
    } catch (error) {
      if (error instanceof Ended) throw new Error(`${what} ended before it was ready`, { cause: error });
      last = `: ${error instanceof Error ? error.message : String(error)}`;
    }
    await sleep(200);
  }
  throw new Error(`${what} is not there after ${String(milliseconds / 1000)} s${last}`);
}

/** Ports of loopback that nothing listens on. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(0, "127.0.0.1", resolve);
      });
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("a server without a port");
    return address.port;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** The last lines of a program's log, for an error. */
export function tailOf(name: string, folder: string, lines = 15): string {
  try {
    return readFileSync(join(folder, `${name}.log`), "utf8").trimEnd().split("\n").slice(-lines).join("\n");
  } catch {
    return "(no log)";
  }
}

/** The whole file or none of it, whenever this process is killed. */
export function writeJson(path: string, value: unknown): void {
  writeFileSync(`${path}.new`, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(`${path}.new`, path);
}
