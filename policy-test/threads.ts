/** Deals the texts to threads. What comes out is the same for any number of them. */
import { statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Source } from "./input.js";
import { textOf } from "./problem.js";
import { checkShare, loadChecker, type Outcome, type Pile, type Setup } from "./share.js";

/** What a worker gets. */
export interface WorkerTask {
  readonly setup: Setup;
  readonly pile: Pile;
  readonly thread: number;
}

/**
 * Bytes that a thread should have to check: with fewer, starting it takes longer than it saves. Each thread compiles the same code again
 * before it is fast, for which a single one has the other processors.
 */
const BYTES_A_THREAD = 16_000_000;
const MAX_AUTOMATIC = 4;

/**
 * Checks the sources on several threads, this one included.
 * @param jobs how many threads, at most; by default as many as help
 * @param progress told, between the texts of this thread, how many are taken of all
 * @returns an outcome for each source, in their order
 * @throws Error if the engine cannot be loaded or a thread ends before its work does
 */
export async function checkSources(sources: readonly Source[], setup: Setup, jobs?: number, progress?: (taken: number, all: number) => void): Promise<Outcome[]> {
  const sized = sources.map((source, index) => ({ source, index, size: sizeOf(source) }));
  // The largest first: a large one that is taken last would be waited for.
  sized.sort((one, other) => other.size - one.size);
  const threads = Math.max(1, Math.min(sources.length, jobs ?? automatic(sized.reduce((sum, { size }) => sum + size, 0))));
  const taken = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)).fill(threads);
  const pile: Pile = { sources: sized.map(({ source }) => source), taken };

  const workers = Array.from({ length: threads - 1 }, (_, index) => startWorker({ setup, pile, thread: index + 1 }));
  try {
    const own = checkShare(await loadChecker(setup), pile, 0, progress);
    const outcomes = new Map([own, ...(await Promise.all(workers.map(({ share }) => share)))].flatMap((share) => [...share]));
    return sized
      .map(({ source, index }, number) => ({ index, outcome: outcomes.get(number) ?? { file: source.file, message: "no thread has checked this file" } }))
      .sort((one, other) => one.index - other.index)
      .map(({ outcome }) => outcome);
  } finally {
    for (const { stop } of workers) stop();
  }
}

/** The size of a source; 0 where it is not known, which reading it will tell. */
function sizeOf(source: Source): number {
  if ("text" in source) return source.text.length;
  try {
    return statSync(source.path).size;
  } catch {
    return 0;
  }
}

function automatic(bytes: number): number {
  return Math.min(availableParallelism(), MAX_AUTOMATIC, Math.floor(bytes / BYTES_A_THREAD));
}

function startWorker(task: WorkerTask): { readonly share: Promise<ReadonlyMap<number, Outcome>>; readonly stop: () => void } {
  const worker = new Worker(new URL("./worker.js", import.meta.url), {
    workerData: task,
    resourceLimits: { maxYoungGenerationSizeMb: 64 },
  });
  const share = new Promise<ReadonlyMap<number, Outcome>>((resolve, reject) => {
    const fail = (why: string): void => {
      reject(new Error(`a worker thread ended early, so that not everything was checked: ${why}`));
    };
    worker.once("message", resolve);
    worker.once("error", (error) => fail(textOf(error)));
    worker.once("messageerror", (error) => fail(textOf(error)));
    worker.once("exit", (code) => fail(`exit code ${code}`)); // means nothing once the share has come
  });
  // It is awaited only after this thread's own share; a worker that fails meanwhile is no unhandled rejection.
  share.catch(() => undefined);
  return { share, stop: () => void worker.terminate() };
}
