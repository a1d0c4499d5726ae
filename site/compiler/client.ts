/** The page's end of the worker that compiles. */
import type { FromWorker, Outcome, ToWorker } from "./wire.js";

export interface Compiler {
  /** @throws Error where nothing can be compiled at all */
  readonly compile: (id: string, text: string) => Promise<Outcome>;
  readonly close: () => void;
}

interface Waiting {
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: Error) => void;
}

export function startCompiler(): Compiler {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => {
    const one = waiting.get(data.number);
    waiting.delete(data.number);
    if ("failure" in data) one?.reject(new Error(data.failure));
    else one?.resolve(data.outcome);
  });
  worker.addEventListener("error", (event) => {
    const why = event instanceof ErrorEvent && event.message !== "" ? event.message : "its script could not be loaded";
    for (const { reject } of waiting.values()) reject(new Error(`the compiler stopped: ${why}`));
    waiting.clear();
  });
  return {
    compile: (id, text) =>
      new Promise((resolve, reject) => {
        const message: ToWorker = { number: asked++, id, text };
        waiting.set(message.number, { resolve, reject });
        worker.postMessage(message);
      }),
    close: () => {
      worker.terminate();
    },
  };
}
