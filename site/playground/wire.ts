/** The messages between the page and its worker. */
import type { Answer, Choices, FindingKey, Question } from "./question.js";

/** First the address of the module, then any number of questions. */
export type ToWorker =
  | { readonly kind: "start"; readonly wasm: string }
  | { readonly kind: "check"; readonly id: number; readonly question: Question }
  | { readonly kind: "fix"; readonly id: number; readonly question: Question; readonly only?: FindingKey };

export type FromWorker =
  | { readonly kind: "started"; readonly choices: Choices }
  | { readonly kind: "checked"; readonly id: number; readonly answer: Answer }
  | { readonly kind: "fixed"; readonly id: number; readonly text: string }
  /** Without an id: nothing can be checked at all. */
  | { readonly kind: "failed"; readonly id?: number; readonly message: string };
