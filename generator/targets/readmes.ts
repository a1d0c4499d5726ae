import { readFileSync } from "node:fs";
import { join } from "node:path";

import handlebars from "handlebars";

import type { CompiledRule } from "../compiled.js";
import { packageRoot } from "../../wasm/package-root.js";
import { mutatingClusterPolicy, mutatingRule } from "./mutation.js";
import { kindOf } from "./names.js";
import type { Files } from "./yaml.js";

const folders = ["gatekeeper", "kyverno", "admission-policy"] as const;

/** The page of each library folder that says how to install what lies there. */
export function readmes(rules: readonly CompiledRule[], source: string): Files {
  const rows = rules.map(({ meta }) => ({ ...meta, kind: kindOf(meta.id) }));
  const mutations = rules.flatMap((rule) => mutatingRule(rule) ?? []).map((mutating) => ({
    id: mutating.rule.meta.id,
    title: mutating.title,
    clusterPolicy: mutatingClusterPolicy(mutating) !== undefined,
  }));
  return new Map(folders.map((folder) => [`${folder}/README.md`, render(`${folder}-readme`, { source, rules: rows, mutations })]));
}

/** Fills in a template of `templates/`. A name that the data lacks is an error, and nothing is escaped for HTML. */
function render(template: string, data: object): string {
  const text = readFileSync(join(packageRoot, "templates", `${template}.hbs`), "utf8");
  return handlebars.compile(text, { strict: true, noEscape: true })(data);
}
