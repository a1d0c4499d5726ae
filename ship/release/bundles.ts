/** What a release changes of the bundles: they have no version of their own, so those of their rules and of the library say it. */
import { isDeepStrictEqual } from "node:util";

import { Ajv } from "ajv";

import type { BundleManifest } from "../../wasm/manifest.js";

export type Bundle = Pick<BundleManifest, "name" | "rules">;

export interface BundleChanges {
  /** Rules whose settings in a bundle changed, each with the bundles. */
  readonly altered: ReadonlyMap<string, readonly string[]>;
  /** What may deny what was not denied, or is gone; a sentence each. */
  readonly breaking: readonly string[];
  /** What else is more than another text; a sentence each. */
  readonly notable: readonly string[];
  /** Bundles that are new, gone or other. */
  readonly names: readonly string[];
}

const isManifest = new Ajv().compile<{ readonly bundles: readonly Bundle[] }>({
  type: "object",
  required: ["bundles"],
  properties: {
    bundles: {
      type: "array",
      items: {
        type: "object",
        required: ["name", "rules"],
        properties: {
          name: { type: "string" },
          rules: {
            type: "array",
            items: { type: "object", required: ["id", "enforcement", "parameters"], properties: { id: { type: "string" }, enforcement: { type: "string" }, parameters: { type: "object" } } },
          },
        },
      },
    },
  },
});

/**
 * The bundles that wasm/manifest.json tells of.
 * @param file names it in errors
 * @throws Error where it is none
 */
export function parseBundles(file: string, json: string): readonly Bundle[] {
  const value: unknown = JSON.parse(json);
  if (isManifest(value)) return value.bundles;
  throw new Error(`${file} tells of no bundles`);
}

export function changesOf(before: readonly Bundle[], after: readonly Bundle[]): BundleChanges {
  const altered = new Map<string, string[]>();
  const breaking: string[] = [];
  const notable: string[] = [];
  const names = new Set<string>();
  for (const { name, rules } of before) {
    const next = after.find((bundle) => bundle.name === name);
    const lost = next === undefined ? [] : rules.filter(({ id }) => !next.rules.some((rule) => rule.id === id));
    if (next === undefined) breaking.push(`the bundle ${name} is gone`);
    for (const { id } of lost) notable.push(`the bundle ${name} no longer has ${id}`);
    for (const rule of next?.rules ?? []) {
      const was = rules.find(({ id }) => id === rule.id);
      if (was !== undefined && isDeepStrictEqual(was, rule)) continue;
      if (was !== undefined) altered.set(rule.id, [...(altered.get(rule.id) ?? []), name]);
      if (rule.enforcement === "deny" && was?.enforcement !== "deny") breaking.push(`the bundle ${name} denies by ${rule.id}`);
      else notable.push(was === undefined ? `the bundle ${name} has ${rule.id}` : `the bundle ${name} has other settings of ${rule.id}`);
      names.add(name);
    }
    if (next === undefined || lost.length > 0) names.add(name);
  }
  for (const { name } of after.filter((bundle) => !before.some((was) => was.name === bundle.name))) {
    notable.push(`there is the bundle ${name}`);
    names.add(name);
  }
  return { altered, breaking, notable, names: [...names].sort() };
}
