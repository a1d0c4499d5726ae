/** The rules that a bundle, a config and the command put in force together. Reads no files. */
import type { BundleManifest, WasmManifest } from "../wasm/manifest.js";
import { bundleSettings, outsideBundle } from "./bundle.js";
import type { Config } from "./config.js";
import type { ConfigWaiver } from "./config/waivers.js";
import type { Problem } from "./problem.js";
import { selectRules, type ActiveRule } from "./rules.js";
import type { Waiver } from "./waive.js";

/** What holds where there is no config. */
export function withoutConfig(bundle: BundleManifest | undefined, { rules }: WasmManifest): Config {
  return bundle === undefined ? { settings: new Map(), waivers: [] } : { settings: bundleSettings(bundle, rules), waivers: [], bundle };
}

/** @param named the only rules to run; all that are in force where it is empty */
export function rulesInForce(config: Config, named: readonly string[], manifest: WasmManifest): { readonly rules: readonly ActiveRule[] } | { readonly problems: readonly Problem[] } {
  const outside = config.bundle === undefined ? [] : outsideBundle(config.bundle, named, config.settings);
  if (outside.length > 0) return { problems: outside };
  const selection = selectRules(manifest.rules, config.settings, named, config.match);
  return "problems" in selection ? selection : { rules: selection.rules.map((rule) => withWaivers(rule, config.waivers)) };
}

function withWaivers(rule: ActiveRule, waivers: readonly ConfigWaiver[]): ActiveRule {
  const own = waivers.flatMap((waiver, number): Waiver[] => {
    if (waiver.rule !== rule.id) return [];
    const { parameter, entry, waived } = waiver;
    const list = rule.parameters[parameter];
    return [{ number, waived, asked: { [rule.id]: { ...rule.parameters, [parameter]: [...(Array.isArray(list) ? (list as readonly unknown[]) : []), entry] } } }];
  });
  return own.length === 0 ? rule : { ...rule, waivers: own };
}
