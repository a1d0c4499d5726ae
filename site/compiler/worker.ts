/** The compiler beside the page: TypeScript is loaded by whoever edits a rule, and typing never waits for it. */
import "../shims/process.js";
import { textOf } from "../../policy-test/problem.js";
import files from "../.content/compiler/files.json";
import { createCompiler } from "./compile.js";
import type { FromWorker, ToWorker } from "./wire.js";

const compile = createCompiler(new Map(Object.entries(files)));

addEventListener("message", ({ data: { number, id, text } }: MessageEvent<ToWorker>) => {
  try {
    tell({ number, outcome: compile(id, text) });
  } catch (error) {
    tell({ number, failure: textOf(error) });
  }
});

function tell(message: FromWorker): void {
  postMessage(message);
}
