/** Reads policy-test.yaml: which rules to run, with what, on which objects. */
import { lineIndex, type Position } from "../manifest/lines.js";
import { isMapping } from "../manifest/mapping.js";
import type { Segment } from "../manifest/path.js";
import { parseYaml } from "../manifest/yaml.js";
import type { BundleManifest, RuleManifest, WasmManifest } from "../wasm/manifest.js";
import { complete } from "../wasm/parameters.js";
import { bundleSettings, findBundle } from "./bundle.js";
import type { Report } from "./config/match.js";
import type { ConfigWaiver } from "./config/waivers.js";
import { dayOf } from "./day.js";
import type { Match } from "./match.js";
import { didYouMean } from "./nearest.js";
import type { Problem } from "./problem.js";
import { defaultSetting, unknownRule, type RuleSetting } from "./rules.js";

export interface Config {
  readonly settings: Settings;
  /** Of rules that have none of their own. */
  readonly match?: Match;
  /** Each is for a rule of its own. */
  readonly waivers: readonly ConfigWaiver[];
  /** The one whose rules are run, with its settings where the config has none. */
  readonly bundle?: BundleManifest;
}

/** What to run rules with, by id. */
export type Settings = ReadonlyMap<string, RuleSetting>;

type Problems = { readonly problems: readonly Problem[] };
type Mapping = Readonly<Record<string, unknown>>;

export interface ConfigOptions {
  /** The bundle that the command names; it takes the place of the config's own. */
  readonly bundle?: BundleManifest | undefined;
  /** YYYY-MM-DD: the day that decides whether a waiver has expired. */
  readonly today?: string;
}

/** Reads the text of a config, in the YAML of Kubernetes: what it says here means the same in a Constraint. */
export async function parseConfig(text: string, file: string, manifest: Pick<WasmManifest, "rules" | "bundles">, { bundle: named, today = dayOf(new Date()) }: ConfigOptions = {}): Promise<Config | Problems> {
  const positionAt = lineIndex(text);
  const { documents, errors } = parseYaml(text);
  const [document, second] = documents.filter(({ value }) => value !== null);
  const problems: Problem[] = errors.map(({ offset, message }) => ({ file, ...positionAt(offset), message }));
  if (second !== undefined) problems.push({ file, ...positionAt(second.offset([])), message: "a config is one document" });
  if (problems.length > 0) return { problems };
  const config = await readConfig(document === undefined ? {} : document.value, manifest, { bundle: named, today, place: (segments) => positionAt(document?.offset(segments) ?? 0) }, (segments, message, help) => {
    problems.push({ file, ...positionAt(document?.offset(segments) ?? 0), message, ...help });
  });
  return problems.length > 0 ? { problems } : config;
}

async function readConfig(config: unknown, manifest: Pick<WasmManifest, "rules" | "bundles">, { bundle: named, today, place }: Required<ConfigOptions> & { readonly place: (segments: readonly Segment[]) => Position }, report: Report): Promise<Config> {
  if (!isMapping(config)) {
    report([], "a config must be a mapping with `rules`");
    return { settings: new Map(), waivers: [] };
  }
  checkKeys(config, ["bundle", "match", "rules", "waivers"], [], report);
  const own = readBundle(config.bundle, manifest, report);
  const bundle = named ?? own;
  const match = await readMatchAt(config.match, ["match"], report);
  const settings = await readRules(config.rules, manifest.rules, bundle === undefined ? new Map() : bundleSettings(bundle, manifest.rules), report);
  return {
    settings,
    waivers: await readWaiversOf(config.waivers, manifest.rules, settings, today, report, (index) => place(["waivers", index])),
    ...(match === undefined ? {} : { match }),
    ...(bundle === undefined ? {} : { bundle }),
  };
}

function readBundle(name: unknown, manifest: Pick<WasmManifest, "bundles">, report: Report): BundleManifest | undefined {
  if (name === undefined || name === null) return undefined;
  const found = typeof name === "string" ? findBundle(name, manifest) : { problems: [{ message: "`bundle` must be the name of a bundle" }] };
  if (!("problems" in found)) return found;
  for (const { message, ...help } of found.problems) report(["bundle"], message, help);
  return undefined;
}

async function readMatchAt(value: unknown, path: readonly Segment[], report: Report): Promise<Match | undefined> {
  if (value === undefined || value === null) return undefined;
  const { readMatch } = await import("./config/match.js");
  return readMatch(value, (segments, message, help) => report([...path, ...segments], message, help));
}

async function readWaiversOf(value: unknown, rules: readonly RuleManifest[], settings: Settings, today: string, report: Report, placeOf: (index: number) => Position): Promise<readonly ConfigWaiver[]> {
  if (value === undefined || value === null) return [];
  const { readWaivers } = await import("./config/waivers.js");
  return readWaivers(value, rules, (rule) => settings.get(rule.id) ?? defaultSetting(rule), today, (segments, message, help) => report(["waivers", ...segments], message, help), placeOf);
}

/** What a rule's settings may hold. */
const settingKeys: readonly string[] = ["enforcement", "parameters", "match"];

async function readRules(section: unknown, rules: readonly RuleManifest[], base: Settings, report: Report): Promise<Settings> {
  const settings = new Map(base);
  const byId = section ?? {};
  if (!isMapping(byId)) {
    report(["rules"], "`rules` must be a mapping from rule to settings");
    return settings;
  }
  for (const [id, value] of Object.entries(byId)) {
    const rule = rules.find((candidate) => candidate.id === id);
    const given = value ?? {};
    if (rule === undefined) {
      const { message, ...help } = unknownRule(id, rules);
      report(["rules", id], message, settingKeys.includes(id) ? { help: "it belongs below the name of a rule, further to the right" } : help);
    } else if (!isMapping(given)) {
      report(["rules", id], `the settings of rule \`${id}\` must be a mapping with \`enforcement\` and \`parameters\``);
    } else {
      settings.set(id, await readSetting(rule, given, base.get(id) ?? defaultSetting(rule), report));
    }
  }
  return settings;
}

async function readSetting(rule: RuleManifest, given: Mapping, usual: RuleSetting, report: Report): Promise<RuleSetting> {
  checkKeys(given, settingKeys, ["rules", rule.id], report);
  const match = await readMatchAt(given.match, ["rules", rule.id, "match"], report);
  return {
    enforcement: readEnforcement(rule, given.enforcement, usual, report),
    parameters: await readParameters(rule, given.parameters ?? {}, usual, report),
    ...(match === undefined ? {} : { match }),
  };
}

function readEnforcement(rule: RuleManifest, value: unknown, usual: RuleSetting, report: Report): RuleSetting["enforcement"] {
  if (value === undefined || value === null) return usual.enforcement;
  if (value === "deny" || value === "warn" || value === "dryrun" || value === "off") return value;
  if (value === false) return "off"; // what YAML makes of a plain `off`
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  report(["rules", rule.id, "enforcement"], `enforcement is \`${shown}\`, not one of \`deny\`, \`warn\`, \`dryrun\`, \`off\``, didYouMean(shown, ["deny", "warn", "dryrun", "off"]));
  return usual.enforcement;
}

/** A parameter that the config names is what it says there, as a whole; lists and records are not merged. */
async function readParameters(rule: RuleManifest, given: unknown, usual: RuleSetting, report: Report): Promise<RuleSetting["parameters"]> {
  if (!isMapping(given)) {
    report(["rules", rule.id, "parameters"], `the parameters of rule \`${rule.id}\` must be a mapping`);
    return {};
  }
  // Null counts as absent; of a name that is unknown it must be reported all the same.
  const named = Object.entries(given).filter(([name, value]) => value !== null || !Object.hasOwn(usual.parameters, name));
  const parameters = complete(rule.parameters, { ...usual.parameters, ...Object.fromEntries(named) });
  if (Object.keys(given).length === 0) return parameters;
  const { parameterProblems } = await import("./validate-parameters.js");
  for (const { segments, message, ...help } of parameterProblems(rule, parameters)) {
    report(["rules", rule.id, "parameters", ...segments], message, help);
  }
  return parameters;
}

function checkKeys(map: Mapping, known: readonly string[], path: readonly Segment[], report: Report): void {
  for (const key of Object.keys(map)) {
    if (!known.includes(key)) report([...path, key], `unknown key \`${key}\``, didYouMean(key, known));
  }
}
