/** Bundles: which rules to install together, with which settings. Data of the folder of rules, `bundles/<name>.yaml`. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { Ajv } from "ajv";
import { load } from "js-yaml";

import { KUBERNETES_SCHEMA } from "../manifest/dialect.js";
import type { Enforcement } from "../policies/kit/rule.js";
import type { BundleManifest } from "../wasm/manifest.js";
import type { CompiledRule } from "./compiled.js";
import { closedSchema } from "./schema/closed.js";
import type { JsonObject } from "./schema/json.js";
import { complete } from "./schema/schema.js";

/** A rule as a bundle sets it. */
export interface BundledRule {
  readonly rule: CompiledRule;
  readonly enforcement: Enforcement;
  /** What the bundle sets; the rest has the rule's defaults. */
  readonly parameters: JsonObject;
}

export interface Bundle {
  readonly name: string;
  /** Path of its file, as the generated files name it. */
  readonly file: string;
  readonly title: string;
  readonly description: string;
  /** Sorted by id. */
  readonly rules: readonly BundledRule[];
}

interface BundleFile {
  readonly title: string;
  readonly description: string;
  /** How the rules that are not named are enforced; absent: they are not part of the bundle. */
  readonly others?: Enforcement | "default";
  readonly rules?: Readonly<Record<string, { readonly enforcement?: Enforcement; readonly parameters?: JsonObject } | null>>;
}

const ajv = new Ajv({ allErrors: true, strict: false, allowUnionTypes: true });
const line = { type: "string", minLength: 1, pattern: "^[^\\n]*\\n?$" };

const isBundleFile = ajv.compile<BundleFile>({
  type: "object",
  required: ["title", "description"],
  additionalProperties: false,
  properties: {
    title: line,
    description: line,
    others: { enum: ["default", "deny", "warn"] },
    rules: {
      type: "object",
      additionalProperties: {
        type: ["object", "null"],
        additionalProperties: false,
        properties: { enforcement: { enum: ["deny", "warn"] }, parameters: { type: "object" } },
      },
    },
  },
});

/**
 * The bundles of a folder, sorted by name; none where there is no such folder.
 * @throws Error where a file is malformed, names a rule that does not exist, or sets parameters that the rule does not take
 */
export function readBundles(folder: string, rules: readonly CompiledRule[]): Bundle[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith(".yaml")).sort();
  return names.map((name) => parseBundle(`${folder}/${name}`, readFileSync(join(folder, name), "utf8"), rules));
}

/**
 * The bundle in the text of one file.
 * @param file names the file in errors and gives the bundle its name
 */
export function parseBundle(file: string, yaml: string, rules: readonly CompiledRule[]): Bundle {
  const name = file.replace(/^.*\//, "").replace(/\.yaml$/, "");
  const value: unknown = load(yaml, { schema: KUBERNETES_SCHEMA, filename: file });
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) throw new Error(`${file}: \`${name}\` is not kebab-case`);
  if (!isBundleFile(value)) throw new Error(`${file}: ${problemsIn("", isBundleFile.errors)}`);
  const settings = new Map(Object.entries(value.rules ?? {}));
  const stranger = [...settings.keys()].find((id) => !rules.some((rule) => rule.meta.id === id));
  if (stranger !== undefined) throw new Error(`${file}: there is no rule \`${stranger}\``);
  const bundled = rules.flatMap((rule): BundledRule[] => {
    const { id } = rule.meta;
    if (!settings.has(id) && value.others === undefined) return [];
    const { enforcement, parameters = {} } = settings.get(id) ?? {};
    checkParameters(file, rule, parameters);
    const usual = value.others === undefined || value.others === "default" ? rule.meta.enforcement : value.others;
    return [{ rule, enforcement: enforcement ?? usual, parameters }];
  });
  if (bundled.length === 0) throw new Error(`${file}: the bundle has no rule`);
  return { name, file, title: value.title.trim(), description: value.description.trim(), rules: bundled };
}

function checkParameters(file: string, rule: CompiledRule, parameters: JsonObject): void {
  const validate = ajv.compile(closedSchema(rule.schema));
  if (!validate(complete(rule.schema, parameters))) throw new Error(`${file}: ${problemsIn(`/rules/${rule.meta.id}/parameters`, validate.errors)}`);
}

function problemsIn(path: string, errors: typeof isBundleFile.errors): string {
  return (errors ?? []).map(({ instancePath, message = "is not valid", params }) => `\`${path}${instancePath}\` ${message} ${JSON.stringify(params)}`).join("; ");
}

/** What wasm/manifest.json says of a bundle. */
export function bundleManifest({ name, title, description, rules }: Bundle): BundleManifest {
  return {
    name,
    title,
    description,
    rules: rules.map(({ rule, enforcement, parameters }) => ({ id: rule.meta.id, enforcement, parameters })),
  };
}
