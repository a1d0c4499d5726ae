/** What the playground asks and is told; plain data that crosses from the page to the worker and back. */
import type { FileReport } from "../../policy-test/report.js";
import type { Problem } from "../../policy-test/problem.js";

/** All that a result depends on, and all that a shared link holds. */
export interface Question {
  readonly manifest: string;
  /** Text of a policy-test.yaml; empty for none. */
  readonly config: string;
  /** Name of a bundle; empty for none. */
  readonly bundle: string;
  /** Ids of the only rules to run; empty for all. */
  readonly rules: readonly string[];
}

/** A finding, by what tells it from every other of one manifest and rule. */
export interface FindingKey {
  readonly rule: string;
  readonly line: number;
  readonly column: number;
  readonly path: string;
}

export interface Fixable extends FindingKey {
  readonly wrote: string;
}

export interface NotFixable extends FindingKey {
  readonly why: string;
}

export type Answer =
  /** What is wrong with the settings; nothing has been checked. */
  | { readonly problems: readonly Problem[] }
  | { readonly report: FileReport; readonly rules: readonly string[]; readonly fixable: readonly Fixable[]; readonly notFixable: readonly NotFixable[] };

export interface RuleSummary {
  readonly id: string;
  readonly title: string;
  readonly severity: string;
  readonly enforcement: string;
}

/** What the page must know to show the choices. */
export interface Choices {
  readonly rules: readonly RuleSummary[];
  readonly bundles: readonly { readonly name: string; readonly title: string }[];
}

export const MANIFEST_FILE = "manifest.yaml";
export const CONFIG_FILE = "policy-test.yaml";

export function isSame(one: FindingKey, other: FindingKey): boolean {
  return one.rule === other.rule && one.line === other.line && one.column === other.column && one.path === other.path;
}

/** The command that does the same. */
export function commandFor({ config, bundle, rules }: Question): string {
  const parts = [
    "npx policy-test",
    ...(bundle === "" ? [] : [`--bundle ${bundle}`]),
    ...rules.map((rule) => `--rule ${rule}`),
    ...(config.trim() === "" ? [] : [`--config ${CONFIG_FILE}`]),
    MANIFEST_FILE,
  ];
  return parts.join(" ");
}
