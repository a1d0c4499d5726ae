/** Runs programs and takes their time, their CPU time and their memory. */
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";

/** A program that checks manifests. All exit with 0 or 1 when they have checked everything. */
export interface Contestant {
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** One run. CPU time and memory are there where the system has /proc. */
export interface Sample {
  readonly wallMs: number;
  readonly cpuMs?: number;
  readonly peakBytes?: number;
}

/** How a run ended. */
export type Ending = { readonly sample: Sample; readonly output: string } | { readonly cappedAfterMs: number };

const POLL_MS = 10;

/**
 * Runs a contestant, start-up included.
 * @param folder for what it prints: a pipe that is read by this process would slow it down
 * @param capMs after which it is killed
 * @throws Error if it does not exit with 0 or 1
 */
export async function runOnce({ title, command, args }: Contestant, folder: string, capMs: number): Promise<Ending> {
  const [output, errors] = ["output.txt", "errors.txt"].map((name) => join(folder, name)) as [string, string]; // two names, two paths
  const files = [output, errors].map((path) => openSync(path, "w"));
  const cpuBefore = childrenCpuMs();
  const start = performance.now();
  const child = spawn(command, args, { stdio: ["ignore", ...files] });
  let peakBytes: number | undefined;
  const ended = { byCap: false };
  const poll = setInterval(() => (peakBytes = peakOf(child.pid) ?? peakBytes), POLL_MS);
  const cap = setTimeout(() => {
    ended.byCap = true;
    child.kill("SIGKILL");
  }, capMs);
  try {
    const status = await new Promise<number | null>((resolve, reject) => child.once("error", reject).once("exit", resolve));
    const wallMs = performance.now() - start;
    if (ended.byCap) return { cappedAfterMs: capMs };
    if (status !== 0 && status !== 1) throw new Error(`${title} ended with ${String(status)}\n${readFileSync(errors, "utf8").slice(-2000)}`);
    const cpuAfter = childrenCpuMs();
    return {
      sample: { wallMs, ...(cpuBefore === undefined || cpuAfter === undefined ? {} : { cpuMs: cpuAfter - cpuBefore }), ...(peakBytes === undefined ? {} : { peakBytes }) },
      output: readFileSync(output, "utf8"),
    };
  } finally {
    clearInterval(poll);
    clearTimeout(cap);
    for (const file of files) closeSync(file);
  }
}

/** CPU time of all children that have ended, user and system; Linux counts it in hundredths of a second. */
function childrenCpuMs(): number | undefined {
  const text = readIfThere("/proc/self/stat");
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

/** The most memory that a running process has had resident. */
function peakOf(pid: number | undefined): number | undefined {
  const status = pid === undefined ? undefined : readIfThere(`/proc/${String(pid)}/status`);
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status ?? "")?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined; // no /proc, or the process has ended
  }
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
}
