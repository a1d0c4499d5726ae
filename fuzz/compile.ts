/** Random rules as the tests need them: compiled by the compiler itself, and runnable as the TypeScript that they are. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { compileFunction } from "node:vm";
import { compileFiles } from "../generator/compile.js";
import type { CompiledRule } from "../generator/compiled.js";
import { ts } from "../generator/frontend/typescript.js";
import * as kit from "../policies/kit/index.js";
import type { RuleDefinition } from "../policies/kit/index.js";

/** A rule in both of its meanings. */
export interface Ready {
  readonly compiled: CompiledRule;
  readonly definition: RuleDefinition;
  /** Absent for a rule of the library. */
  readonly source?: string;
}

export interface Refusal {
  readonly id: string;
  readonly message: string;
}

/**
 * Compiles rules together, which is much faster than one by one.
 * @param sources by id
 * @returns those that compile, in their order, and the first fault of each other
 */
export function compileTexts(sources: ReadonlyMap<string, string>): { readonly ready: readonly Ready[]; readonly refused: readonly Refusal[] } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "fuzz-")));
  try {
    for (const [id, source] of sources) writeFileSync(join(folder, `${id}.ts`), source);
    const pathsOf = (ids: Iterable<string>): string[] => [...ids].map((id) => join(folder, `${id}.ts`));
    const first = compileFiles(pathsOf(sources.keys()));
    const refused = new Map<string, string>();
    for (const { file, message } of first.diagnostics) {
      const id = basename(file, ".ts");
      if (!sources.has(id)) throw new Error(`the fault lies in none of the rules: ${file}: ${message}`);
      if (!refused.has(id)) refused.set(id, message);
    }
    const left = [...sources.keys()].filter((id) => !refused.has(id));
    const { rules, diagnostics } = refused.size === 0 ? first : compileFiles(pathsOf(left));
    if (diagnostics.length > 0) throw new Error(`a rule compiles among others only: ${diagnostics[0]?.message ?? ""}`);
    const byId = new Map(rules.map((rule) => [rule.meta.id, rule]));
    const ready = left.flatMap((id): Ready[] => {
      const [compiled, source] = [byId.get(id), sources.get(id)];
      return compiled === undefined || source === undefined ? [] : [{ compiled, source, definition: definitionOf(source) }];
    });
    return { ready, refused: [...refused].map(([id, message]) => ({ id, message })) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs the file of a rule. Its kit is the one that builds the views, which a file elsewhere would not find. */
function definitionOf(source: string): RuleDefinition {
  const options = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  const { outputText } = ts.transpileModule(source, { compilerOptions: options });
  const exported: { default?: unknown } = {};
  const evaluate: unknown = compileFunction(outputText, ["exports", "require"]);
  if (typeof evaluate === "function") Reflect.apply(evaluate, undefined, [exported, () => kit]);
  if (!isDefinition(exported.default)) throw new Error("the file defines no rule");
  return exported.default;
}

function isDefinition(value: unknown): value is RuleDefinition {
  return typeof value === "object" && value !== null && "check" in value && typeof value.check === "function";
}
