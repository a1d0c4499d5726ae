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
import { unknownRule, type RuleSetting } from "./rules.js";
import { isMapping } from "../manifest/mapping.js";

export interface Config {
  /** Absolute path of the file; undefined where there is none. */
  readonly file?: string;
  readonly settings: ReadonlyMap<string, RuleSetting>;
}

type Problems = { readonly problems: readonly Problem[] };
type Report = (segments: readonly Segment[], message: string, help?: { help?: string }) => void;

/** Reads the config that is named, or the default one if it exists in `cwd`. */
export async function loadConfig(
  named: string | undefined,
  cwd: string,
  rules: readonly RuleManifest[],
): Promise<Config | Problems> {
  const shown = named ?? DEFAULT_CONFIG;
  const file = resolve(cwd, shown);
  if (named === undefined && !existsSync(file)) return { settings: new Map() };
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    return { problems: [{ message: `cannot read the config \`${shown}\`: ${textOf(error)}` }] };
  }
  const config = await parseConfig(text, shown, rules);
  return "problems" in config ? config : { file, ...config };
}

/** Reads the text of a config, in the YAML of Kubernetes: what it says here means the same in a Constraint. */
export async function parseConfig(
  text: string,
  file: string,
  rules: readonly RuleManifest[],
): Promise<{ readonly settings: ReadonlyMap<string, RuleSetting> } | Problems> {
  const positionAt = lineIndex(text);
  const { documents, errors } = parseYaml(text);
  const [document, second] = documents.filter(({ value }) => value !== null);
  const problems: Problem[] = errors.map(({ offset, message }) => ({ file, ...positionAt(offset), message }));
  if (second !== undefined) problems.push({ file, ...positionAt(second.offset([])), message: "a config is one document" });
  if (problems.length > 0) return { problems };
  if (document === undefined) return { settings: new Map() };
  const settings = await readSettings(document.value, rules, (segments, message, help) => {
    problems.push({ file, ...positionAt(document.offset(segments)), message, ...help });
  });
  return problems.length > 0 ? { problems } : { settings };
}

async function readSettings(
  config: unknown,
  rules: readonly RuleManifest[],
  report: Report,
): Promise<Map<string, RuleSetting>> {
  const settings = new Map<string, RuleSetting>();
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
      settings.set(id, {
        enforcement: readEnforcement(rule, given.enforcement, report),
        parameters: await readParameters(rule, given.parameters ?? {}, report),
      });
    }
  }
  return settings;
}

function readEnforcement(rule: RuleManifest, value: unknown, report: Report): RuleSetting["enforcement"] {
  if (value === undefined || value === null) return rule.enforcement;
  if (value === "deny" || value === "warn" || value === "off") return value;
  if (value === false) return "off"; // what YAML makes of a plain `off`
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  report(["rules", rule.id, "enforcement"], `enforcement is \`${shown}\`, not one of \`deny\`, \`warn\`, \`off\``);
  return rule.enforcement;
}

async function readParameters(rule: RuleManifest, given: unknown, report: Report): Promise<RuleSetting["parameters"]> {
  if (!isMapping(given)) {
    report(["rules", rule.id, "parameters"], `the parameters of rule \`${rule.id}\` must be a mapping`);
    return {};
  }
  const parameters = complete(rule.parameters, given);
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
