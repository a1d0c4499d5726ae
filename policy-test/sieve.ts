import type { RuleParameters } from "../wasm/evaluate.js";
import type { Engine } from "./engine.js";

/**
 * Asks the compiled rules only where the TypeScript that they are compiled from finds something. That is their definition, and
 * to run it is many times faster: it builds one view of an object for all rules, and of that only what they ask for.
 *
 * What is reported is what the compiled rules find. Where they find nothing of what their definition finds, that is an error; where the
 * definition cannot be run, they decide alone. sieve.test.ts holds the findings equal to those of the compiled rules by themselves.
 */
export function sieved(definition: Engine, compiled: Engine): Engine {
  const subsetOf = createSubsets();
  return (review, parameters) => {
    let suspects: ReadonlySet<string>;
    try {
      suspects = new Set(definition(review, parameters).map(({ rule }) => rule));
    } catch {
      return compiled(review, parameters);
    }
    if (suspects.size === 0) return [];
    const found = compiled(review, subsetOf(parameters, suspects));
    const missed = [...suspects].filter((id) => !found.some(({ rule }) => rule === id));
    if (missed.length > 0) throw new Error(`rule \`${missed.join("`, `")}\` finds something here, but nothing once it is compiled; this is a bug of policy-test, please report it`);
    return found;
  };
}

/** The parameters of some of the rules; the same ones for the same rules, since an engine checks parameters that it does not know yet. */
function createSubsets(): (parameters: RuleParameters, ids: ReadonlySet<string>) => RuleParameters {
  const known = new WeakMap<RuleParameters, Map<string, RuleParameters>>();
  return (parameters, ids) => {
    const subsets = known.get(parameters) ?? new Map<string, RuleParameters>();
    known.set(parameters, subsets);
    const key = [...ids].join(" ");
    const subset = subsets.get(key) ?? Object.fromEntries(Object.entries(parameters).filter(([id]) => ids.has(id)));
    subsets.set(key, subset);
    return subset;
  };
}
