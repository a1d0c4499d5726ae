/** The JSON Schema of policy-test.yaml, for editors. The command itself reads a config by hand, which lets it say more. */
import { isMapping } from "../../manifest/mapping.js";
import type { RuleManifest, WasmManifest } from "../../wasm/manifest.js";
import { matchSchema } from "./match.js";
import { exemptingParameter, waiverSchema } from "./waivers.js";

export function configSchema({ rules, bundles }: Pick<WasmManifest, "rules" | "bundles">): object {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "policy-test.yaml",
    description: "Which rules policy-test runs, with what, on which objects, and what is waived.",
    type: "object",
    additionalProperties: false,
    definitions: { match: matchSchema },
    properties: {
      bundle: { description: "The rules to run, with their settings; the rest of the file applies on top. Without it every rule is run.", enum: bundles.map(({ name }) => name) },
      match: { $ref: "#/definitions/match" },
      rules: { description: "Settings by rule.", type: "object", additionalProperties: false, properties: Object.fromEntries(rules.map((rule) => [rule.id, settingSchema(rule)])) },
      waivers: { description: "What is accepted for some time.", type: "array", items: waiverSchemaOf(rules) },
    },
  };
}

function settingSchema({ title, parameters, enforcement }: RuleManifest): object {
  const { $schema: _, ...schema } = parameters;
  return {
    description: title,
    type: ["object", "null"],
    additionalProperties: false,
    properties: {
      enforcement: { description: `What a finding does; ${enforcement} by default. dryrun is audited only, off does not run the rule.`, enum: ["deny", "warn", "dryrun", "off"] },
      parameters: schema,
      match: { $ref: "#/definitions/match" },
    },
  };
}

/** What a waiver matches depends on its rule. */
function waiverSchemaOf(rules: readonly RuleManifest[]): object {
  const waivable = rules.filter((rule) => exemptingParameter(rule) !== undefined);
  return {
    ...waiverSchema,
    properties: { ...waiverSchema.properties, rule: { description: "Id of the rule.", enum: waivable.map(({ id }) => id) } },
    allOf: waivable.map((rule) => ({ if: { properties: { rule: { const: rule.id } } }, then: { properties: { match: entrySchema(rule) } } })),
  };
}

function entrySchema(rule: RuleManifest): object {
  const { name = "", takesNames = false } = exemptingParameter(rule) ?? {};
  const properties = isMapping(rule.parameters.properties) ? rule.parameters.properties : {};
  const list = properties[name];
  const items = isMapping(list) && isMapping(list.items) ? list.items : {};
  return takesNames ? { type: "object", additionalProperties: false, required: ["name"], properties: { name: items } } : items;
}
