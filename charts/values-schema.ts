/** The JSON Schema of the chart's values: that of policy-test.yaml, so that one file serves both, with what a chart adds. */
import { isMapping } from "../manifest/mapping.js";
import { configSchema } from "../policy-test/config/schema.js";
import { renderTargets } from "../policy-test/render/index.js";
import type { WasmManifest } from "../wasm/manifest.js";

const LABEL_NAME = "[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?";
const LABEL_KEY = `^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?${LABEL_NAME}$`;
const LABEL_VALUE = `^(${LABEL_NAME})?$`;

export function valuesSchema(manifest: WasmManifest): object {
  const schema = adapted(configSchema(manifest));
  const properties = isMapping(schema) && isMapping(schema["properties"]) ? schema["properties"] : {};
  return {
    ...(isMapping(schema) ? schema : {}),
    title: "Values of the chart hostnetwork-policies",
    description: "A policy-test.yaml, with the target and how Constraints are installed.",
    required: ["target", "constraints"],
    properties: {
      target: { description: "What enforces the policies.", enum: [...renderTargets] },
      constraints: { description: "Constraints of the target gatekeeper: auto installs those whose kind the cluster serves already, only installs nothing else.", enum: ["auto", "always", "never", "only"] },
      ...properties,
      global: { description: "Helm's own.", type: "object" },
    },
  };
}

/** What the command checks by hand stands in the schema here; and a plain `off` is false in Helm's YAML as in the command's. */
function adapted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(adapted);
  if (!isMapping(value)) return value;
  const inner: Record<string, unknown> = Object.fromEntries(Object.entries(value).map(([name, part]) => [name, adapted(part)]));
  const { properties } = inner;
  if (isMapping(properties) && isMapping(properties["enforcement"]) && Array.isArray(properties["enforcement"]["enum"])) {
    const words: unknown[] = properties["enforcement"]["enum"];
    inner["properties"] = { ...properties, enforcement: { ...properties["enforcement"], enum: [...words, false] } };
  }
  if (isMapping(properties) && isMapping(properties["expires"])) {
    inner["properties"] = { ...properties, expires: { ...properties["expires"], pattern: "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$" } };
  }
  if (isMapping(properties) && isMapping(properties["matchLabels"]) && isMapping(properties["matchExpressions"])) {
    const expressions = properties["matchExpressions"];
    inner["properties"] = {
      matchLabels: { ...properties["matchLabels"], propertyNames: { pattern: LABEL_KEY }, additionalProperties: { type: "string", pattern: LABEL_VALUE } },
      matchExpressions: { ...expressions, items: requirement(expressions["items"]) },
    };
  }
  return inner;
}

function requirement(items: unknown): object {
  const { properties, ...others } = isMapping(items) ? items : {};
  return {
    ...others,
    properties: { ...(isMapping(properties) ? properties : {}), key: { type: "string", pattern: LABEL_KEY }, values: { type: "array", items: { type: "string", pattern: LABEL_VALUE } } },
    if: { properties: { operator: { enum: ["In", "NotIn"] } } },
    then: { required: ["values"], properties: { values: { minItems: 1 } } },
    else: { properties: { values: { maxItems: 0 } } },
  };
}
