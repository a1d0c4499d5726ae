import type { Parameters } from "../manifest/run.js";
import type { Severity } from "../policies/kit/rule.js";
import type { Need, Reviews } from "../policies/kit/view.js";
import type { RuleManifest } from "../wasm/manifest.js";
import { didYouMean } from "./nearest.js";
import { complete } from "../wasm/parameters.js";
import type { Match } from "./match.js";
import type { Problem } from "./problem.js";
import type { ReportedEnforcement } from "./report.js";
import type { Waiver } from "./waive.js";

/** What a config says about a rule. */
export interface RuleSetting {
  readonly enforcement: ReportedEnforcement | "off";
  /** Complete: defaults filled in. */
  readonly parameters: Parameters;
  /** Which objects the rule is asked about; all where absent. */
  readonly match?: Match;
}

/** A rule that is to be run, with what it is run with. Constraints may run a rule more than once. */
export interface ActiveRule {
  readonly id: string;
  /** Name of the Constraint that asks for it. */
  readonly constraint?: string;
  readonly severity: Severity;
  readonly enforcement: ReportedEnforcement;
  readonly parameters: Parameters;
  readonly match?: Match;
  readonly waivers?: readonly Waiver[];
  readonly reviews: Reviews;
  readonly needs: readonly Need[];
}

/**
 * The rules to run: those named, or all, that are not switched off.
 * Running no rule at all is a problem, since everything would look clean.
 * @param defaultMatch of rules that have none of their own
 */
export function selectRules(
  rules: readonly RuleManifest[],
  settings: ReadonlyMap<string, RuleSetting>,
  named: readonly string[],
  defaultMatch?: Match,
): { readonly rules: readonly ActiveRule[] } | { readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  for (const id of named) {
    if (!rules.some((rule) => rule.id === id)) problems.push(unknownRule(id, rules));
    else if (settings.get(id)?.enforcement === "off") problems.push({ message: `rule \`${id}\` is switched off in the config` });
  }
  if (problems.length > 0) return { problems };

  const active = rules
    .filter((rule) => named.length === 0 || named.includes(rule.id))
    .flatMap((rule): ActiveRule[] => {
      const { enforcement, parameters, match = defaultMatch } = settings.get(rule.id) ?? defaultSetting(rule);
      const { id, severity, reviews, needs } = rule;
      return enforcement === "off" ? [] : [{ id, severity, enforcement, parameters, reviews, needs, ...(match === undefined ? {} : { match }) }];
    });
  return active.length === 0 ? { problems: [{ message: "every rule is switched off in the config" }] } : { rules: active };
}

export function defaultSetting(rule: RuleManifest): RuleSetting {
  return { enforcement: rule.enforcement, parameters: complete(rule.parameters) };
}

export function unknownRule(id: string, rules: readonly RuleManifest[]): Problem {
  const ids = rules.map((rule) => rule.id);
  return { message: `unknown rule \`${id}\``, help: "`policy-test list` shows the rules", ...didYouMean(id, ids) };
}
