/** Which findings are waived: those that the rule would not have with the waiver as one of its parameters, as `render` writes it. */
import { isMapping } from "../manifest/mapping.js";
import { joinPath } from "../manifest/path.js";
import type { RuleFinding, RuleParameters } from "../wasm/evaluate.js";
import { dayProblem } from "./day.js";
import type { KubernetesObject } from "./identity.js";
import { didYouMean } from "./nearest.js";
import type { AppliedFinding } from "./plan.js";
import type { Waived } from "./report.js";

/** A waiver of one rule, as the config has it. */
export interface Waiver {
  /** Its place among the waivers of the config, from 0. */
  readonly number: number;
  readonly waived: Waived;
  /** The rule with the waiver written into its parameters. */
  readonly asked: RuleParameters;
}

export interface WaivableFinding extends AppliedFinding {
  readonly waived?: Waived;
  /** Number of the config's waiver; absent for one that stands at the object. */
  readonly waiver?: number;
}

/** @param ask the same request again, with other parameters */
export function withWaivers(found: readonly AppliedFinding[], ask: (parameters: RuleParameters) => readonly RuleFinding[]): readonly WaivableFinding[] {
  const left = new Map<Waiver, ReadonlySet<string>>();
  const leftBy = (waiver: Waiver): ReadonlySet<string> => {
    const keys = left.get(waiver) ?? new Set(ask(waiver.asked).map(keyOf));
    left.set(waiver, keys);
    return keys;
  };
  return found.map((finding) => {
    const waiver = finding.by.waivers?.find((each) => !leftBy(each).has(keyOf(finding)));
    return waiver === undefined ? finding : { ...finding, waived: waiver.waived, waiver: waiver.number };
  });
}

const keyOf = ({ path, message }: RuleFinding): string => JSON.stringify([path, message]);

/** `waive.hostnetwork-policies/RULE: 2027-01-31 why`, in the annotations of an object. */
const PREFIX = "waive.hostnetwork-policies/";

export interface AnnotationOptions {
  /** YYYY-MM-DD. */
  readonly today: string;
  /** Every rule, also those that are not run. */
  readonly rules: readonly string[];
}

export interface Annotated {
  readonly byRule: ReadonlyMap<string, Waived>;
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

/** The waivers that stand in an object's own annotations. */
export function annotatedWaivers({ metadata }: KubernetesObject, { today, rules }: AnnotationOptions): Annotated {
  const annotations = isMapping(metadata) && isMapping(metadata.annotations) ? metadata.annotations : {};
  const byRule = new Map<string, Waived>();
  const problems: { path: string; message: string }[] = [];
  for (const [name, value] of Object.entries(annotations)) {
    if (!name.startsWith(PREFIX)) continue;
    const rule = name.slice(PREFIX.length);
    const [, expires = "", reason = ""] = /^(\S+)\s+(\S.*)$/s.exec(String(value)) ?? [];
    const { help } = didYouMean(rule, rules);
    const problem = !rules.includes(rule)
      ? `this annotation waives an unknown rule \`${rule}\`${help === undefined ? "" : `; ${help}`}`
      : reason === ""
        ? "an annotation that waives a rule says until when and why, such as `2027-01-31 until the agent is replaced`"
        : dayProblem(expires, today);
    if (problem === undefined) byRule.set(rule, { reason, expires });
    else problems.push({ path: joinPath("metadata.annotations", name), message: problem });
  }
  return { byRule, problems };
}
