import type { Parameters } from "../manifest/run.js";
import type { Enforcement, Severity } from "../policies/kit/rule.js";
import type { Need, Reviews } from "../policies/kit/view.js";
import type { RuleManifest } from "../wasm/manifest.js";
import { didYouMean } from "./nearest.js";
import { complete } from "../wasm/parameters.js";
import type { Problem } from "./problem.js";

/** What a config says about a rule. */
export interface RuleSetting {
  readonly enforcement: Enforcement | "off";
  /** Complete: defaults filled in. */
  readonly parameters: Parameters;
}

/** A rule that is to be run, with what it is run with. */
export interface ActiveRule {
  readonly id: string;
  readonly severity: Severity;
  readonly enforcement: Enforcement;
  readonly parameters: Parameters;
  readonly reviews: Reviews;
  readonly needs: readonly Need[];
}

/**
 * The rules to run: those named, or all, that are not switched off.
 * Running no rule at all is a problem, since everything would look clean.
 */
export function selectRules(
  rules: readonly RuleManifest[],
  settings: ReadonlyMap<string, RuleSetting>,
  named: readonly string[],
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
      const { enforcement, parameters } = settings.get(rule.id) ?? defaultSetting(rule);
      const { id, severity, reviews, needs } = rule;
      return enforcement === "off" ? [] : [{ id, severity, enforcement, parameters, reviews, needs }];
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
