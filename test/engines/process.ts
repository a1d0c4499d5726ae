/** Running programs on files that are made for them. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";

export interface Output {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;
const TIMEOUT_MILLISECONDS = 300_000;

/**
 * Runs a program; whether its status is a failure is for the caller to say.
 * @throws Error where it does not run or is killed
 */
export async function execute(program: string, given: readonly string[], cwd?: string): Promise<Output> {
  return withSlot(
    () =>
      new Promise((resolve, reject) => {
        const options = { cwd, maxBuffer: MAX_OUTPUT_BYTES, timeout: TIMEOUT_MILLISECONDS };
        const child = execFile(program, given, options, (error, stdout, stderr) => {
          if (error === null) resolve({ status: 0, stdout, stderr });
          else if (typeof error.code === "number") resolve({ status: error.code, stdout, stderr });
          else reject(new Error(`${program} does not run: ${error.message}`, { cause: error }));
        });
        // gator reads objects from a pipe as well, and would wait for its end.
        child.stdin?.end();
      }),
  );
}

/** Engines are started by the hundred: no more of them at a time than there are processors. */
let free = availableParallelism();
const waiting: (() => void)[] = [];

async function withSlot<Result>(work: () => Promise<Result>): Promise<Result> {
  if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
  else free -= 1;
  try {
    return await work();
  } finally {
    // The slot goes to who waits longest, or back.
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  }
}

/** Gives `work` a new folder that holds `files`, and removes it afterwards. */
export async function withFiles<Result>(files: ReadonlyMap<string, string>, work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "hostnetwork-policies-"));
  try {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** JSON that every YAML reader takes too: characters that YAML does not allow in a text are escaped. */
export function json(value: unknown): string {
  return JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Several objects as one YAML file. */
export function documents(objects: readonly unknown[]): string {
  return objects.map((object) => `${json(object)}\n`).join("---\n");
}
