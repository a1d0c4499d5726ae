/** Which rules an object is to be asked about, in calls of the engine: a rule may be in force several times, and not for every object. */
import { isMapping } from "../manifest/mapping.js";
import type { ReviewRequest } from "../manifest/run.js";
import type { Need } from "../policies/kit/view.js";
import { byRulePathMessage, type RuleFinding, type RuleParameters } from "../wasm/evaluate.js";
import { needsOf } from "./context.js";
import type { KubernetesObject } from "./identity.js";
import { matches, type NamespaceLookup } from "./match.js";
import type { ActiveRule } from "./rules.js";

/** Rules for one call of the engine, each id once. The same rules are always the same group. */
export interface RuleGroup {
  readonly parameters: RuleParameters;
  readonly needs: ReadonlySet<Need>;
  readonly byId: ReadonlyMap<string, ActiveRule>;
}

/** What one call of the engine found, with the rule as it is in force. */
export interface AppliedFinding extends RuleFinding {
  readonly by: ActiveRule;
}

export interface Applying {
  readonly groups: readonly RuleGroup[];
  /** Rules of which it cannot be told whether they are asked. */
  readonly undecided: readonly ActiveRule[];
}

/** The rules for an object; for an update those that match what it is or what it was, as in Gatekeeper. */
export type Plan = (request: Pick<ReviewRequest, "oldObject"> & { readonly object: KubernetesObject }, namespaceNamed: NamespaceLookup) => Applying;

/** @param impliedNamespace see `matches` */
export function createPlan(rules: readonly ActiveRule[], impliedNamespace: string): Plan {
  if (rules.every(({ match }) => match === undefined)) {
    const always = { groups: layersOf(rules), undecided: [] };
    return () => always;
  }
  const known = new Map<string, readonly RuleGroup[]>();
  return ({ object, oldObject }, namespaceNamed) => {
    const states = isMapping(oldObject) ? [object, oldObject] : [object];
    const applying: number[] = [];
    const undecided: ActiveRule[] = [];
    for (const [index, rule] of rules.entries()) {
      const { match } = rule;
      const verdicts = match === undefined ? [true] : states.map((state) => matches(match, state, namespaceNamed, impliedNamespace));
      if (verdicts.includes(true)) applying.push(index);
      else if (verdicts.includes("unknown namespace")) undecided.push(rule);
    }
    const key = applying.join();
    let groups = known.get(key);
    if (groups === undefined) known.set(key, (groups = layersOf(rules.filter((_, index) => applying.includes(index)))));
    return { groups, undecided };
  };
}

/** The findings of a call, each with its rule. */
export function applied(found: readonly RuleFinding[], { byId }: RuleGroup): AppliedFinding[] {
  return found.flatMap((finding) => {
    const by = byId.get(finding.rule);
    return by === undefined ? [] : [{ ...finding, by }]; // the engine was given these rules only
  });
}

/** Order of findings that does not depend on the calls. */
export function byRuleAndConstraint(one: AppliedFinding, other: AppliedFinding): number {
  const [first = "", second = ""] = [one.by.constraint, other.by.constraint];
  return byRulePathMessage(one, other) || (first < second ? -1 : first > second ? 1 : 0);
}

function layersOf(rules: readonly ActiveRule[]): RuleGroup[] {
  const layers: Map<string, ActiveRule>[] = [];
  for (const rule of rules) {
    let layer = layers.find((each) => !each.has(rule.id));
    if (layer === undefined) layers.push((layer = new Map<string, ActiveRule>()));
    layer.set(rule.id, rule);
  }
  return layers.map((byId) => ({
    byId,
    parameters: Object.fromEntries([...byId].map(([id, { parameters }]) => [id, parameters])),
    needs: needsOf([...byId.values()]),
  }));
}
