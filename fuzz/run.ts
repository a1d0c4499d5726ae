/** One run of the fuzzer: rounds of random rules and of the library's rules, until the time is over. */
import { rules } from "../policies/index.js";
import { compare, type Disagreement } from "./compare.js";
import { compileTexts, type Ready } from "./compile.js";
import { libraryRule } from "./corpus.js";
import type { FuzzEngine, Question } from "./engines.js";
import { randomRule, sourceOf } from "./program.js";
import { clusterSamplesOf, samplesOf } from "./samples.js";
import { shrink } from "./shrink.js";
import type { Term } from "./term.js";

/** How much is done in one round, and with what it finds. */
export interface Size {
  /** Random rules. */
  readonly rules: number;
  readonly samples: number;
  /** Of rules of a round, for programs that are started for each question. */
  readonly batchRules: number;
  readonly batchSamples: number;
  /** Of the first so many disagreements each is made small and kept; the others are counted. */
  readonly kept: number;
  readonly shrinkMilliseconds: number;
}

export const usual: Size = { rules: 24, samples: 20, batchRules: 4, batchSamples: 8, kept: 12, shrinkMilliseconds: 60_000 };

export interface Row {
  readonly engine: string;
  compared: number;
  violated: number;
  beyondBudget: number;
  disagreements: number;
}

/** What a run has shown so far. */
export interface Tally {
  readonly rows: readonly Row[];
  rounds: number;
  rules: number;
  /** Random rules that the compiler does not take, by what it says of them. */
  readonly refused: Map<string, number>;
}

export interface Settings {
  readonly seed: number;
  /** When to start no further round, as of `Date.now()`. */
  readonly until: number;
  readonly engines: readonly FuzzEngine[];
  readonly size: Size;
  /** Called for each disagreement that is kept, shrunk. */
  readonly found: (disagreement: Disagreement) => void;
  /** Called after each round. */
  readonly report: (tally: Tally) => void;
}

export async function run({ seed, until, engines, size, found, report }: Settings): Promise<Tally> {
  const tally: Tally = { rows: engines.map((engine) => ({ engine: engine.name, compared: 0, violated: 0, beyondBudget: 0, disagreements: 0 })), rounds: 0, rules: 0, refused: new Map() };
  const known = new Set<string>();
  const library = rules.map(libraryRule);
  do {
    const start = seed * 100_003 + tally.rounds * size.rules;
    const trees = new Map(Array.from({ length: size.rules }, (_, index): [string, Term] => [`random-${String(index)}`, randomRule(start + index)]));
    const { ready, refused } = compileTexts(new Map([...trees].map(([id, tree]) => [id, sourceOf(tree, id)])));
    tally.rules += ready.length;
    for (const { message } of refused) {
      const kind = message.replace(/`[^`]*`|\d+/g, "…");
      tally.refused.set(kind, (tally.refused.get(kind) ?? 0) + 1);
    }
    const all = [...ready, ...library];
    const questions = all.map((rule, index): Question => ({ rule, samples: samplesOf(rule, size.samples, start + index) }));
    // Programs that are started for each question get another few rules each round.
    const few = Array.from({ length: size.batchRules }, (_, index) => all[(tally.rounds * size.batchRules * 7 + index * 9) % all.length]).filter((rule): rule is Ready => rule !== undefined);
    const batch = [...new Set(few)].map((rule): Question => ({ rule, samples: clusterSamplesOf(rule, size.batchSamples, start) }));
    const inCluster = all.map((rule, index): Question => ({ rule, samples: clusterSamplesOf(rule, size.batchSamples, start + index) }));
    const asked = { node: questions, server: inCluster, batch } as const;
    for (const [at, engine] of engines.entries()) {
      const row = tally.rows[at];
      if (row === undefined || (tally.rounds > 0 && Date.now() > until)) continue;
      const { compared, violated, beyondBudget, disagreements } = await compare(engine, asked[engine.kind]);
      row.compared += compared;
      row.violated += violated;
      row.beyondBudget += beyondBudget;
      row.disagreements += disagreements.length;
      for (const each of disagreements) {
        const { id } = each.rule.compiled.meta;
        const key = `${id} ${String(each.rule.source === undefined ? 0 : tally.rounds)}`;
        if (known.has(key) || known.size >= size.kept) continue;
        known.add(key);
        found(await shrink(each, each.rule.source === undefined ? undefined : trees.get(id), Date.now() + size.shrinkMilliseconds));
      }
    }
    tally.rounds += 1;
    report(tally);
  } while (Date.now() < until);
  return tally;
}
