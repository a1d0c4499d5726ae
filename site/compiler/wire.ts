/** The messages between the page and the worker that compiles. */
import type { Diagnostic } from "../../generator/diagnostics.js";
import type { CompiledView } from "./view.js";

/** A diagnostic, with the text that the command prints. */
export interface Refusal extends Diagnostic {
  readonly text: string;
  /** Whether it is of the file that is shown, and not of one that it imports. */
  readonly isHere: boolean;
}

export type Outcome =
  | { readonly kind: "compiled"; readonly view: CompiledView }
  | { readonly kind: "refused"; readonly refusals: readonly Refusal[] }
  /** The file exports no rule: the command takes it for helpers. */
  | { readonly kind: "empty" };

export interface ToWorker {
  readonly number: number;
  readonly id: string;
  readonly text: string;
}

export type FromWorker =
  | { readonly number: number; readonly outcome: Outcome }
  /** The compiler itself is broken. */
  | { readonly number: number; readonly failure: string };
