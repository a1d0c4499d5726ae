import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { lineIndex } from "../manifest/lines.js";
import type { Segment } from "../manifest/path.js";
import { parseYaml } from "../manifest/yaml.js";
import type { RuleManifest } from "../wasm/manifest.js";
import { DEFAULT_CONFIG } from "./io.js";
import { didYouMean } from "./nearest.js";
import { complete } from "../wasm/parameters.js";
import { textOf, type Problem } from "./problem.js";
import { defaultSetting, unknownRule, type RuleSetting } from "./rules.js";
import { isMapping } from "../manifest/mapping.js";

export interface Config {
  /** Absolute path of the file; undefined where there is none. */
  readonly file?: string;
  readonly settings: Settings;
}

/** What to run rules with, by id. */
export type Settings = ReadonlyMap<string, RuleSetting>;

type Problems = { readonly problems: readonly Problem[] };
type Report = (segments: readonly Segment[], message: string, help?: { help?: string }) => void;

/**
 * Reads the config that is named, or the default one if it exists in `cwd`.
 * @param base what holds where the config says nothing; a rule that is not there either has its defaults
 */
export async function loadConfig(
  named: string | undefined,
  cwd: string,
  rules: readonly RuleManifest[],
  base: Settings = new Map(),
): Promise<Config | Problems> {
  const shown = named ?? DEFAULT_CONFIG;
  const file = resolve(cwd, shown);
  if (named === undefined && !existsSync(file)) return { settings: base };
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    return { problems: [{ message: `cannot read the config \`${shown}\`: ${textOf(error)}` }] };
  }
  const config = await parseConfig(text, shown, rules, base);
  return "problems" in config ? config : { file, ...config };
}

/** Reads the text of a config, in the YAML of Kubernetes: what it says here means the same in a Constraint. */
export async function parseConfig(
  text: string,
  file: string,
  rules: readonly RuleManifest[],
  base: Settings = new Map(),
): Promise<{ readonly settings: Settings } | Problems> {
  const positionAt = lineIndex(text);
  const { documents, errors } = parseYaml(text);
  const [document, second] = documents.filter(({ value }) => value !== null);
  const problems: Problem[] = errors.map(({ offset, message }) => ({ file, ...positionAt(offset), message }));
  if (second !== undefined) problems.push({ file, ...positionAt(second.offset([])), message: "a config is one document" });
  if (problems.length > 0) return { problems };
  if (document === undefined) return { settings: base };
  const settings = await readSettings(document.value, rules, base, (segments, message, help) => {
    problems.push({ file, ...positionAt(document.offset(segments)), message, ...help });
  });
  return problems.length > 0 ? { problems } : { settings };
}

async function readSettings(
  config: unknown,
  rules: readonly RuleManifest[],
  base: Settings,
  report: Report,
): Promise<Settings> {
  const settings = new Map(base);
  if (!isMapping(config)) {
    report([], "a config must be a mapping with `rules`");
    return settings;
  }
  checkKeys(config, ["rules"], [], report);
  const section = config.rules ?? {};
  if (!isMapping(section)) {
    report(["rules"], "`rules` must be a mapping from rule to settings");
    return settings;
  }
  for (const [id, value] of Object.entries(section)) {
    const rule = rules.find((candidate) => candidate.id === id);
    const given = value ?? {};
    if (rule === undefined) {
      const { message, ...help } = unknownRule(id, rules);
      report(["rules", id], message, help);
    } else if (!isMapping(given)) {
      report(["rules", id], `the settings of rule \`${id}\` must be a mapping with \`enforcement\` and \`parameters\``);
    } else {
      checkKeys(given, ["enforcement", "parameters"], ["rules", id], report);
      const usual = base.get(id) ?? defaultSetting(rule);
      settings.set(id, {
        enforcement: readEnforcement(rule, given.enforcement, usual, report),
        parameters: await readParameters(rule, given.parameters ?? {}, usual, report),
      });
    }
  }
  return settings;
}

function readEnforcement(rule: RuleManifest, value: unknown, usual: RuleSetting, report: Report): RuleSetting["enforcement"] {
  if (value === undefined || value === null) return usual.enforcement;
  if (value === "deny" || value === "warn" || value === "off") return value;
  if (value === false) return "off"; // what YAML makes of a plain `off`
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  report(["rules", rule.id, "enforcement"], `enforcement is \`${shown}\`, not one of \`deny\`, \`warn\`, \`off\``);
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

function checkKeys(map: Readonly<Record<string, unknown>>, known: readonly string[], path: readonly Segment[], report: Report): void {
  for (const key of Object.keys(map)) {
    if (!known.includes(key)) report([...path, key], `unknown key \`${key}\``, didYouMean(key, known));
  }
}
