/** What the compiler view loads: each rule as it is compiled now, and what the compiler in the browser reads. */
import { join } from "node:path";
import { root } from "../../docs/markdown.js";
import { compileSources } from "../../generator/compiler.js";
import { formatDiagnostic } from "../../generator/diagnostics.js";
import { readIntoMemory, ruleFiles } from "../../generator/disk.js";
import { memory } from "../../generator/memory.js";
import { pathOf } from "../compiler/compile.js";
import { viewOf, type CompiledView } from "../compiler/view.js";

/** A rule as the page loads it. */
export interface CompiledPage {
  readonly source: string;
  readonly view: CompiledView;
}

export interface CompiledContent {
  readonly rules: Readonly<Record<string, CompiledPage>>;
  /** What rules import, and TypeScript's own library: texts by path. */
  readonly files: Readonly<Record<string, string>>;
}

/** @throws Error where a rule does not compile */
export function compiledContent(ids: readonly string[]): CompiledContent {
  const texts = readIntoMemory(ruleFiles(join(root, "policies")));
  const paths = ids.map(pathOf);
  const { rules, diagnostics } = compileSources(paths, memory(texts));
  if (diagnostics.length > 0) throw new Error(diagnostics.map(formatDiagnostic).join("\n\n"));
  return {
    rules: Object.fromEntries(rules.map((rule) => [rule.meta.id, { source: texts.get(pathOf(rule.meta.id)) ?? "", view: viewOf(rule) }])),
    files: Object.fromEntries([...texts].filter(([path]) => !paths.includes(path))),
  };
}
