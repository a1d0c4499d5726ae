/** The generated files of the Helm chart: the library's policies, what its templates must know of rules and bundles, and the schema of its values. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { matchKinds } from "../generator/targets/resources.js";
import { kindOf } from "../manifest/constraint-kind.js";
import { isMapping } from "../manifest/mapping.js";
import { namespaceKind, workloadKinds, type ObjectKind } from "../policies/kit/workload-kinds.js";
import { exemptingParameter } from "../policy-test/config/waivers.js";
import { topLevelKeys } from "../policy-test/render/policies.js";
import type { RuleManifest, WasmManifest } from "../wasm/manifest.js";
import { packageRoot } from "../wasm/package-root.js";
import { defaultsOf } from "../wasm/parameters.js";
import { valuesSchema } from "./values-schema.js";

export const CHART_FOLDER = join(packageRoot, "charts", "hostnetwork-policies");

/** What the chart takes of the library, by target: a rule's files there, and what they are called in the chart. */
const taken = {
  gatekeeper: (id: string) => [["template.yaml", `${id}.yaml`], ["syncset.yaml", `${id}.sync.yaml`]],
  kyverno: (id: string) => [[`${id}.yaml`, `${id}.yaml`], ["role.yaml", `${id}.role.yaml`]],
  "admission-policy": (id: string) => [["policy.yaml", `${id}.yaml`]],
} as const;

type Mapping = Readonly<Record<string, unknown>>;

/** Every generated file, by its path below the chart's folder. */
export function chartFiles(manifest: WasmManifest): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const [target, namesOf] of Object.entries(taken)) {
    for (const { id } of manifest.rules) {
      for (const [from = "", to = ""] of namesOf(id)) {
        const path = join(packageRoot, "library", target, id, from);
        if (existsSync(path)) files.set(`files/${target}/${to}`, readFileSync(path, "utf8"));
      }
    }
  }
  return files
    .set("files/settings.json", jsonText(settings(manifest, (path) => files.get(path))))
    .set("values.schema.json", jsonText(valuesSchema(manifest)));
}

/** The files of the folder that the generator owns. */
export function generatedOnDisk(): string[] {
  const files = join(CHART_FOLDER, "files");
  const below = existsSync(files) ? readdirSync(files, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()) : [];
  return ["values.schema.json", ...below.map((entry) => join(entry.parentPath, entry.name).slice(CHART_FOLDER.length + 1))];
}

const jsonText = (value: object): string => `${JSON.stringify(value, null, 1)}\n`;

function settings({ rules, bundles }: WasmManifest, fileAt: (path: string) => string | undefined): object {
  return {
    bundles: Object.fromEntries(bundles.map((bundle) => [bundle.name, Object.fromEntries(bundle.rules.map(({ id, enforcement, parameters }) => [id, { enforcement, parameters }]))])),
    kinds: { workloads: byGroup(workloadKinds), namespaces: byGroup([namespaceKind]) },
    rules: Object.fromEntries(rules.map((rule) => [rule.id, settingsOf(rule, fileAt)])),
  };
}

function settingsOf(rule: RuleManifest, fileAt: (path: string) => string | undefined): object {
  const exempting = exemptingParameter(rule);
  const properties = Object.entries(mappingIn(rule.parameters, "properties"));
  const defaults = defaultsOf(rule.parameters);
  return {
    constraintKind: kindOf(rule.id),
    enforcement: rule.enforcement,
    reviews: rule.reviews,
    matchKinds: matchKinds(rule.reviews),
    ...(exempting === undefined ? {} : { exempting }),
    parameters: properties.map(([name, schema]) => parameterOf(rule.id, name, schema, defaults[name])),
    written: Object.fromEntries(["kyverno", "admission-policy"].map((target) => [target, writtenIn(fileAt(`files/${target}/${rule.id}.yaml`))])),
  };
}

/** The templates complete a record with the defaults of its fields, and nothing below: a schema that needs more is an error here. */
function parameterOf(rule: string, name: string, schema: unknown, value: unknown): object {
  if (!isMapping(schema)) throw new Error(`the schema of \`${rule}\` lacks the parameter \`${name}\``);
  const fields = Object.values(mappingIn(schema, "properties"));
  if ([schema["items"], ...fields.flatMap((field) => (isMapping(field) ? [field["items"], field["properties"]] : []))].some(hasDefault)) {
    throw new Error(`the parameter \`${name}\` of \`${rule}\` has defaults inside of a list or two levels down, which the chart's templates cannot fill in`);
  }
  const { maxItems } = schema;
  return { name, default: value, isRecord: fields.length > 0, ...(maxItems === undefined ? {} : { maxItems }) };
}

const hasDefault = (schema: unknown): boolean => JSON.stringify(schema ?? null).includes('"default":');

/** The parameters that a policy has written into it, in their order there. */
function writtenIn(text: string | undefined): string[] {
  const policy = text === undefined ? undefined : load(text);
  const variables = isMapping(policy) ? mappingIn(policy, "spec")["variables"] : [];
  const found: unknown = Array.isArray(variables) ? variables.find((variable) => isMapping(variable) && variable["name"] === "parameters") : undefined;
  return isMapping(found) ? topLevelKeys(String(found["expression"])) : [];
}

/** The kinds of an API group as `resourceRules` has them; a Pod's second resource stands last there. */
function byGroup(kinds: readonly ObjectKind[]): object[] {
  const groups = [...new Set(kinds.map(({ group }) => group))];
  return groups.map((group) => {
    const own = kinds.filter((kind) => kind.group === group);
    return { group, versions: [...new Set(own.map(({ version }) => version))], kinds: own.map(({ kind, resource }) => ({ kind, resource })) };
  });
}

function mappingIn(object: Mapping, name: string): Mapping {
  const value = object[name];
  return isMapping(value) ? value : {};
}
