import type { BundleManifest, RuleManifest, WasmManifest } from "../wasm/manifest.js";
import { complete } from "../wasm/parameters.js";
import type { Settings } from "./config.js";
import { didYouMean } from "./nearest.js";
import type { Problem } from "./problem.js";
import { defaultSetting, type RuleSetting } from "./rules.js";

type Problems = { readonly problems: readonly Problem[] };

export function findBundle(name: string, { bundles }: Pick<WasmManifest, "bundles">): BundleManifest | Problems {
  const names = bundles.map((bundle) => bundle.name);
  const known = names.length === 0 ? "there are none" : `the bundles are ${names.map((each) => `\`${each}\``).join(", ")}`;
  return bundles.find((bundle) => bundle.name === name) ?? { problems: [{ message: `unknown bundle \`${name}\``, help: known, ...didYouMean(name, names) }] };
}

/** What holds with a bundle before any config: its own settings, and every other rule switched off. */
export function bundleSettings({ rules: bundled }: BundleManifest, rules: readonly RuleManifest[]): Settings {
  return new Map(
    rules.map((rule): [string, RuleSetting] => {
      const own = bundled.find(({ id }) => id === rule.id);
      if (own === undefined) return [rule.id, { ...defaultSetting(rule), enforcement: "off" }];
      return [rule.id, { enforcement: own.enforcement, parameters: complete(rule.parameters, own.parameters) }];
    }),
  );
}

/** Rules that were asked for by name, although the bundle leaves them out and the config does not switch them on. */
export function outsideBundle({ name, rules }: BundleManifest, named: readonly string[], settings: Settings): Problem[] {
  const isOutside = (id: string): boolean => settings.get(id)?.enforcement === "off" && !rules.some((rule) => rule.id === id);
  return named.filter(isOutside).map((id) => ({ message: `rule \`${id}\` is not in bundle \`${name}\`` }));
}
