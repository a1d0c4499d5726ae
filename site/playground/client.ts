/** The page's end of the worker. */
import wasm from "../../wasm/policy.wasm?url";
import type { Answer, Choices, FindingKey, Question } from "./question.js";
import type { FromWorker, ToWorker } from "./wire.js";

export interface Client {
  readonly check: (question: Question) => Promise<Answer>;
  readonly fix: (question: Question, only?: FindingKey) => Promise<string>;
  readonly close: () => void;
}

interface Waiting {
  readonly resolve: (message: FromWorker) => void;
  readonly reject: (error: Error) => void;
}

/** Starts a worker with the compiled rules. */
export async function connect(): Promise<Client & { readonly choices: Choices }> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  const ask = (message: (id: number) => ToWorker): Promise<FromWorker> =>
    new Promise((resolve, reject) => {
      const id = asked++;
      waiting.set(id, { resolve, reject });
      worker.postMessage(message(id));
    });
  // The start is the question with the number 0.
  worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => {
    const id = "id" in data ? data.id : 0;
    const one = waiting.get(id);
    waiting.delete(id);
    if (data.kind === "failed") one?.reject(new Error(data.message));
    else one?.resolve(data);
  });
  worker.addEventListener("error", (event) => {
    const why = event instanceof ErrorEvent && event.message !== "" ? event.message : "its script could not be loaded";
    for (const { reject } of waiting.values()) reject(new Error(`the checker stopped: ${why}`));
    waiting.clear();
  });
  const started = await ask(() => ({ kind: "start", wasm: new URL(wasm, location.href).href }));
  if (started.kind !== "started") throw new Error("the checker did not start");
  return {
    choices: started.choices,
    async check(question) {
      const answer = await ask((id) => ({ kind: "check", id, question }));
      if (answer.kind !== "checked") throw new Error("the checker gave another answer");
      return answer.answer;
    },
    async fix(question, only) {
      const answer = await ask((id) => ({ kind: "fix", id, question, ...(only === undefined ? {} : { only }) }));
      if (answer.kind !== "fixed") throw new Error("the checker gave another answer");
      return answer.text;
    },
    close: () => {
      worker.terminate();
    },
  };
}
