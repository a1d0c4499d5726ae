/** A single fault in a back end, planted to see whether the tests notice. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The parts of `npm test` that compare findings with the rules' TypeScript: nothing else counts as catching a mutant. That
 * generated files or the wasm are no longer what the compiler makes is no part of them.
 */
export const comparisons = {
  /** The library's rules: every case, and random requests. */
  agreement: { file: "test/agreement.test.ts", compiles: "policies", title: (rule: string) => `^${rule} ` },
  /** Rules that each use a construct of the language, on random requests. */
  constructs: { file: "test/constructs.test.ts", compiles: "test/constructs", title: (rule: string) => `^'?${rule}'? is the same in` },
  /** Rules for engines that do not know everything: what they find, and what they must leave out. */
  restrict: { file: "generator/ir/restrict.test.ts", compiles: undefined, title: (): string => "^a finding " },
  /** Mutations: the objects that they make. */
  fixes: { file: "test/fixes.test.ts", compiles: undefined, title: (): string => "^'?the mutation of " },
} as const satisfies Record<string, { readonly file: string; readonly compiles: string | undefined; readonly title: (rule: string) => string }>;
export type Comparison = keyof typeof comparisons;

export interface Mutant {
  /** What it breaks, in a few words; no two mutants have the same. */
  readonly breaks: string;
  readonly file: string;
  /** A piece of the file that stands there exactly once. */
  readonly original: string;
  readonly replacement: string;
  /** The narrowest part of `npm test` that catches it: a comparison, and the rule that shows the difference. */
  readonly caughtBy: readonly [Comparison, rule?: string];
  /** Whether it changes Rego: then the wasm is made anew with the broken compiler. */
  readonly inRego: boolean;
}

/**
 * Plants the fault in the repository at `root`.
 * @throws Error where the piece of code is not there exactly once: the mutant must be written anew
 */
export function plant(root: string, { breaks, file, original, replacement }: Mutant): void {
  const path = join(root, file);
  const [before, after, ...more] = readFileSync(path, "utf8").split(original);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`the mutant "${breaks}" does not apply: ${file} must hold this exactly once, and holds it ${String(after === undefined ? 0 : more.length + 1)} times:\n${original}`);
  }
  writeFileSync(path, `${before}${replacement}${after}`);
}
