import { matchKinds } from "../../generator/targets/resources.js";
import { CONSTRAINT_GROUP, kindOf } from "../../manifest/constraint-kind.js";
import type { Parameters } from "../../manifest/run.js";
import type { RuleManifest } from "../../wasm/manifest.js";
import { defaultsOf } from "../../wasm/parameters.js";
import type { Match } from "../match.js";
import type { ReportedEnforcement } from "../report.js";

/** The Constraint of a rule; of its parameters those that are not the defaults. */
export function constraintOf(rule: RuleManifest, enforcement: ReportedEnforcement, parameters: Parameters, match: Match): object {
  const defaults = defaultsOf(rule.parameters);
  const set = Object.entries(parameters).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(defaults[name]));
  return {
    apiVersion: `${CONSTRAINT_GROUP}/v1beta1`,
    kind: kindOf(rule.id),
    metadata: { name: rule.id },
    spec: {
      enforcementAction: enforcement,
      match: { kinds: matchKinds(rule.reviews), ...match },
      ...(set.length === 0 ? {} : { parameters: Object.fromEntries(set) }),
    },
  };
}
