import { reviewing, type Parameters, type Run } from "../manifest/run.js";
import type { RuleDefinition } from "../policies/kit/rule.js";
import { rules } from "../policies/index.js";
import { byRulePathMessage } from "../wasm/evaluate.js";
import type { WasmManifest } from "../wasm/manifest.js";
import type { Engine } from "./engine.js";

/**
 * The rules themselves as an engine: slower than the module, but can be stepped through in a debugger.
 * @throws Error if a rule of the manifest is none of this package's
 */
export function createJsEngine(manifest: WasmManifest): Engine {
  const all: readonly object[] = rules;
  const definitions = new Map(all.filter(isDefinition).map((rule) => [rule.id, rule]));
  const runners = new Map(
    manifest.rules.map(({ id, reads }) => {
      const definition = definitions.get(id);
      if (definition === undefined) throw new Error(`rule \`${id}\` has no source in this package; use \`--engine wasm\``);
      return [id, (run: Run, given: Parameters) => run(definition, given, reads)];
    }),
  );
  return (review, parameters) => {
    const run = reviewing(review);
    return Object.entries(parameters)
      .flatMap(([id, given]) => {
        const runner = runners.get(id);
        if (runner === undefined) throw new TypeError(`there is no rule \`${id}\``);
        return runner(run, given).map(({ path, message }) => ({ rule: id, path, message }));
      })
      .sort(byRulePathMessage);
  };
}

/** Each rule has its own type of parameters; those it is given here have passed the schema made from that type. */
export function isDefinition(rule: object): rule is RuleDefinition<Parameters> {
  return "check" in rule && typeof rule.check === "function";
}
