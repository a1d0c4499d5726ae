/** The library's rules, compiled from their sources once a test file. */
import { fileURLToPath } from "node:url";
import { compileRules } from "../generator/compile.js";
import type { CompiledRule } from "../generator/compiled.js";
import { formatDiagnostic } from "../generator/diagnostics.js";
import { complete, defaultsOf } from "../generator/schema/schema.js";
import type { Parameters } from "../manifest/run.js";

const compilation = compileRules(fileURLToPath(new URL("../policies", import.meta.url)));
if (compilation.diagnostics.length > 0) throw new Error(compilation.diagnostics.map(formatDiagnostic).join("\n\n"));

/** Sorted by id. */
export const compiledRules: readonly CompiledRule[] = compilation.rules;

const byId = new Map(compiledRules.map((rule) => [rule.meta.id, rule]));

/** @throws Error where there is no such rule */
export function compiledRule(id: string): CompiledRule {
  const rule = byId.get(id);
  if (rule === undefined) throw new Error(`there is no rule ${id}`);
  return rule;
}

/**
 * The parameters of a rule with its defaults filled in.
 * @throws Error for a parameter that the rule has not
 */
export function completeParameters(id: string, given: Parameters): Parameters {
  return completeFor(compiledRule(id), given);
}

/**
 * The same for any rule.
 * @throws Error for a parameter that the rule has not
 */
export function completeFor({ meta: { id }, schema }: CompiledRule, given: Parameters): Parameters {
  const known = Object.keys(defaultsOf(schema));
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`${id} has no parameter ${unknown.join(", ")}`);
  return complete(schema, given);
}
