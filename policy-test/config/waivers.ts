/** Reads the waivers of a config: each is an entry of the parameter by which its rule lets somebody off, with a reason and a last day. */
import { isMapping } from "../../manifest/mapping.js";
import type { RuleManifest } from "../../wasm/manifest.js";
import { dayProblem } from "../day.js";
import type { RuleSetting } from "../rules.js";
import { unknownRule } from "../rules.js";
import { parameterProblems, schemaProblems } from "../validate-parameters.js";
import type { Position } from "../../manifest/lines.js";
import type { Waived } from "../report.js";
import type { Report } from "./match.js";

type Mapping = Readonly<Record<string, unknown>>;

/** A waiver as it is written. */
export interface ConfigWaiver {
  readonly rule: string;
  /** The parameter that it becomes an entry of. */
  readonly parameter: string;
  readonly entry: unknown;
  readonly waived: Waived;
  readonly place: Position;
}

const text = { type: "string", minLength: 1 } as const;

export const waiverSchema = {
  type: "object",
  additionalProperties: false,
  required: ["rule", "match", "reason", "expires"],
  properties: {
    rule: { ...text, description: "Id of the rule." },
    match: { type: "object", description: "Who is waived: an entry of the rule's `exempt` or `allowed`; for one of names alone, {name: ...}." },
    reason: { ...text, description: "Why, for whoever reads the report." },
    expires: { ...text, description: "The last day, YYYY-MM-DD in UTC. After it the waiver is an error." },
  },
} as const;

/** The parameter by which a rule lets somebody off, and whether its entries are names. */
export function exemptingParameter({ parameters }: RuleManifest): { readonly name: string; readonly takesNames: boolean } | undefined {
  const properties = isMapping(parameters.properties) ? parameters.properties : {};
  for (const name of ["exempt", "allowed"]) {
    const list = properties[name];
    const items = isMapping(list) && isMapping(list.items) ? list.items : {};
    if (items.type === "string") return { name, takesNames: true };
    if (isMapping(items.properties) && isMapping(items.properties.name)) return { name, takesNames: false };
  }
  return undefined;
}

/** @param settingOf what a rule is run with, to which the waivers are added */
export function readWaivers(value: unknown, rules: readonly RuleManifest[], settingOf: (rule: RuleManifest) => RuleSetting, today: string, report: Report, placeOf: (index: number) => Position): ConfigWaiver[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    report([], "`waivers` must be a list");
    return [];
  }
  const waivers: ConfigWaiver[] = [];
  for (const [index, given] of value.entries()) {
    const waiver = readWaiver(given, rules, today, (segments, message, help) => report([index, ...segments], message, help));
    if (waiver === undefined) continue;
    const { rule } = waiver;
    const before = waivers.filter((each) => each.rule === rule.id);
    const parameters = withEntries(settingOf(rule).parameters, [...before, waiver]);
    const { parameter, isName } = waiver;
    const last = entriesOf(parameters, parameter).length - 1;
    const own = `${parameter}[${String(last)}]`;
    const nameOf = (path: string): string | undefined => (path.startsWith(own) ? `\`match${isName ? ".name" : path.slice(own.length)}\` of a waiver of rule \`${rule.id}\`` : undefined);
    for (const { segments, message, ...help } of parameterProblems(rule, parameters, nameOf)) {
      const [name, position, ...rest] = segments;
      if (name === parameter && (position === last || position === undefined)) report([index, "match", ...(isName ? ["name"] : rest)], message, help);
    }
    waivers.push({ rule: rule.id, parameter, entry: waiver.entry, waived: waiver.waived, place: placeOf(index) });
  }
  return waivers;
}

interface ReadWaiver extends Omit<ConfigWaiver, "rule" | "place"> {
  readonly rule: RuleManifest;
  readonly isName: boolean;
}

function readWaiver(given: unknown, rules: readonly RuleManifest[], today: string, report: Report): ReadWaiver | undefined {
  const problems = schemaProblems(waiverSchema, given, { whole: "a waiver", part: (path) => `\`${path}\` of a waiver`, field: "a waiver has no field" });
  for (const { segments, message, ...help } of problems) report(segments, message, help);
  if (problems.length > 0 || !isMapping(given) || !isMapping(given.match)) return undefined;
  const { rule: id, match, reason, expires } = given;
  const problem = dayProblem(String(expires), today);
  if (problem !== undefined) report(["expires"], problem);
  const rule = rules.find((each) => each.id === id);
  if (rule === undefined) {
    const { message, ...help } = unknownRule(String(id), rules);
    report(["rule"], message, help);
    return undefined;
  }
  const exempting = exemptingParameter(rule);
  if (exempting === undefined) {
    report(["rule"], `rule \`${rule.id}\` has no parameter that lets anybody off`);
    return undefined;
  }
  const { name: parameter, takesNames } = exempting;
  if (takesNames && (typeof match.name !== "string" || Object.keys(match).length > 1)) {
    report(["match"], `a waiver of rule \`${rule.id}\` is for a name: {name: ...}`);
    return undefined;
  }
  return { rule, parameter, isName: takesNames, entry: takesNames ? match.name : match, waived: { reason: String(reason).trim(), expires: String(expires) } };
}

/** The parameters with the waivers written into them. */
export function withEntries(parameters: Mapping, waivers: readonly Pick<ConfigWaiver, "parameter" | "entry">[]): Mapping {
  return waivers.reduce<Mapping>((all, { parameter, entry }) => ({ ...all, [parameter]: [...entriesOf(all, parameter), entry] }), parameters);
}

function entriesOf(parameters: Mapping, name: string): readonly unknown[] {
  const list = parameters[name];
  return Array.isArray(list) ? list : [];
}
