/** Compiles one rule from memory, with the command's own compiler. */
import { compileSources } from "../../generator/compiler.js";
import { formatDiagnostic } from "../../generator/diagnostics.js";
import { memory } from "../../generator/memory.js";
import type { Outcome } from "./wire.js";
import { viewOf } from "./view.js";

export const pathOf = (id: string): string => `/policies/${id}.ts`;

/** @param files what rules import, and TypeScript's own library, by path */
export function createCompiler(files: ReadonlyMap<string, string>): (id: string, text: string) => Outcome {
  return (id, text) => {
    const path = pathOf(id);
    const { rules, diagnostics } = compileSources([path], memory(new Map(files).set(path, text)));
    const [rule] = rules;
    if (rule !== undefined) return { kind: "compiled", view: viewOf(rule) };
    if (diagnostics.length > 0) return { kind: "refused", refusals: diagnostics.map((each) => ({ ...each, isHere: `/${each.file}` === path, text: formatDiagnostic(each) })) };
    return { kind: "empty" };
  };
}
