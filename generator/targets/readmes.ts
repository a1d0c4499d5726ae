import type { Bundle } from "../bundles.js";
import type { CompiledRule } from "../compiled.js";
import { kindOf } from "./names.js";
import { render } from "./render.js";
import type { Files } from "./yaml.js";

const folders = ["gatekeeper", "kyverno", "admission-policy"] as const;

/** The page of each library folder that says how to install what lies there. */
export function readmes(rules: readonly CompiledRule[], source: string, bundles: readonly Bundle[]): Files {
  const rows = rules.map(({ meta }) => ({ ...meta, kind: kindOf(meta.id) }));
  return new Map(folders.map((folder) => [`${folder}/README.md`, render(`${folder}-readme`, { source, rules: rows, bundles })]));
}
