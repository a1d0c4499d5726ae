/** What the compiler view says: how it stands, where a statement and what it became are, and what was refused. */
import { h, type VNode } from "vue";
import { count } from "../../policy-test/values.js";
import { placesIn, type Pane } from "./links.js";
import type { CompiledView } from "./view.js";
import type { Outcome, Refusal } from "./wire.js";

export type Told =
  | { readonly kind: "loading" | "starting" | "compiling" | "compiled" }
  | Exclude<Outcome, { kind: "compiled" }>
  | { readonly kind: "failed"; readonly why: string };

const KINDS = { applies: "the condition", const: "the constant", if: "the condition", for: "the loop", yield: "the finding" } as const;

/** One line that says how it stands; of a rule that compiles, what is pointed at and where it is. */
export function describeLinks(told: Told, view: CompiledView | undefined, pointed: readonly number[]): string {
  switch (told.kind) {
    case "loading":
      return "Loading the rule…";
    case "starting":
      return "Loading TypeScript, and compiling…";
    case "compiling":
      return "Compiling…";
    case "refused":
      return `The rule does not compile: ${count(told.refusals.length, "error")}. Rego and CEL are those of before.`;
    case "empty":
      return "This file exports no rule, so that the command would take it for helpers of others. Rego and CEL are those of before.";
    case "failed":
      return `Nothing was compiled: ${told.why}`;
    case "compiled":
      return view === undefined ? "" : describePointed(view, pointed);
  }
}

function describePointed(view: CompiledView, [statement]: readonly number[]): string {
  const pointed = statement === undefined ? undefined : view.statements[statement];
  if (statement === undefined || pointed === undefined) return `Compiled: ${count(view.statements.filter(({ kind }) => kind === "yield").length, "finding")}`;
  return `Here is ${KINDS[pointed.kind]}: Rego ${linesOf("rego", view, statement)}, CEL ${linesOf("cel", view, statement)}`;
}

function linesOf(pane: Exclude<Pane, "source">, view: CompiledView, statement: number): string {
  const lineAt = (offset: number): number => view[pane].text.slice(0, offset).split("\n").length;
  const ranges = placesIn(pane, view).filter((place) => place.statement === statement).map(({ start, end }) => [lineAt(start), lineAt(end)] as const);
  const texts = [...new Set(ranges.map(([from, to]) => (from === to ? String(from) : `${String(from)}–${String(to)}`)))];
  if (texts.length === 0) return "nowhere";
  return `${texts.length === 1 && !texts[0]?.includes("–") ? "line" : "lines"} ${texts.join(", ")}`;
}

/** The diagnostics as the command prints them. */
export function refusalList(told: Told, goTo: (line: number, column: number) => void): VNode | undefined {
  if (told.kind !== "refused") return undefined;
  return h("ol", { class: "results refusals", "aria-label": "Errors" }, told.refusals.map((refusal) => refusalItem(refusal, goTo)));
}

function refusalItem({ isHere, line, column, text }: Refusal, goTo: (line: number, column: number) => void): VNode {
  return h("li", { class: "result error" }, [
    isHere ? h("button", { type: "button", class: "place-button", onClick: () => { goTo(line, column); } }, `line ${String(line)}`) : undefined,
    h("pre", { tabindex: 0, "aria-label": `Error on line ${String(line)}` }, text),
  ]);
}
