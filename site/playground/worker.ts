/** Runs the compiled rules beside the page, so that typing never waits for them. */
import { textOf } from "../../policy-test/problem.js";
import { loadEvaluator } from "../../wasm/evaluate.js";
import { isWasmManifest } from "../../wasm/is-manifest.js";
import generated from "../../wasm/manifest.json";
import { createSession, type Session } from "./session.js";
import type { FromWorker, ToWorker } from "./wire.js";

let session: Promise<Session> | undefined;

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => void handle(data));

async function handle(request: ToWorker): Promise<void> {
  try {
    if (request.kind === "start") {
      session = start(request.wasm);
      return tell({ kind: "started", choices: (await session).choices });
    }
    if (session === undefined) throw new Error("the rules have not been started");
    const { check, fix } = await session;
    const { id, question } = request;
    if (request.kind === "check") tell({ kind: "checked", id, answer: await check(question) });
    else tell({ kind: "fixed", id, text: await fix(question, request.only) });
  } catch (error) {
    tell({ kind: "failed", ...("id" in request ? { id: request.id } : {}), message: textOf(error) });
  }
}

async function start(wasm: string): Promise<Session> {
  const response = await fetch(wasm);
  if (!response.ok) throw new Error(`the compiled rules could not be loaded: ${String(response.status)} ${response.statusText}`);
  const manifest: unknown = generated;
  if (!isWasmManifest(manifest)) throw new Error("the manifest of the compiled rules is broken");
  const evaluator = await loadEvaluator(new Uint8Array(await response.arrayBuffer()), manifest);
  return createSession((review, parameters) => evaluator.evaluate(review, parameters), manifest);
}

function tell(message: FromWorker): void {
  postMessage(message);
}
