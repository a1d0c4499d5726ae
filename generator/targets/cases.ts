/** Cases of a rule, the data that the tests beside the policies are made of. */
import { Ajv } from "ajv";
import { CORE_SCHEMA, load, mergeTag } from "js-yaml";

import type { ReviewRequest } from "../../manifest/run.js";
import type { Violation } from "../../policies/kit/rule.js";
import type { JsonObject } from "../schema/json.js";
import { expandRepeats } from "./repeat.js";

/** One case: what is reviewed, with which parameters, and exactly what is found. */
export interface Case {
  readonly name: string;
  /** What a user would write in a Constraint: defaults are left out. */
  readonly parameters: JsonObject;
  readonly request: ReviewRequest & { readonly object: JsonObject };
  /** All of them, in the order of the rule. */
  readonly violations: readonly Violation[];
  /** Why no API server would ever admit such an object; absent where one would. */
  readonly offline?: string;
  /** True where the rule's page shows it. */
  readonly example?: boolean;
}

interface CaseFile {
  readonly cases: readonly CaseEntry[];
}

interface CaseEntry {
  readonly name: string;
  readonly parameters?: JsonObject;
  readonly operation?: "CREATE" | "UPDATE";
  readonly object: JsonObject;
  readonly oldObject?: JsonObject;
  readonly namespace?: JsonObject;
  readonly inventory?: readonly JsonObject[];
  readonly offline?: string;
  readonly example?: boolean;
  readonly violations: readonly Violation[];
}

const text = { type: "string", minLength: 1 };

const isCaseFile = new Ajv({ allErrors: true, strict: false }).compile<CaseFile>({
  type: "object",
  required: ["cases"],
  additionalProperties: false,
  properties: {
    /** Home of YAML anchors; nothing reads it. */
    shared: {},
    cases: {
      type: "array",
      items: {
        type: "object",
        required: ["name", "object", "violations"],
        additionalProperties: false,
        // An UPDATE without its old object, or the other way round, would be reviewed as something else than it says.
        if: { required: ["operation"], properties: { operation: { const: "UPDATE" } } },
        then: { required: ["oldObject"] },
        else: { not: { required: ["oldObject"] } },
        properties: {
          name: text,
          parameters: { type: "object" },
          operation: { enum: ["CREATE", "UPDATE"] },
          object: { type: "object", required: ["apiVersion", "kind"] },
          oldObject: { type: "object" },
          /** `metadata` of the Namespace that the object lies in. */
          namespace: { type: "object", required: ["name"] },
          /** Other objects of the cluster. */
          inventory: { type: "array", minItems: 1, items: { type: "object", required: ["apiVersion", "kind"] } },
          offline: text,
          example: { type: "boolean" },
          violations: {
            type: "array",
            uniqueItems: true,
            items: {
              type: "object",
              required: ["path", "message"],
              additionalProperties: false,
              properties: { path: text, message: text },
            },
          },
        },
      },
    },
  },
});

/**
 * The cases in the text of one file.
 * @param file names the file in errors
 * @throws Error where the file does not have the form of a case file, or two cases have one name
 */
export function parseCases(file: string, yaml: string): Case[] {
  const value: unknown = expandRepeats(load(yaml, { schema: CORE_SCHEMA.withTags(mergeTag), filename: file }));
  if (!isCaseFile(value)) {
    const problems = (isCaseFile.errors ?? []).map(({ instancePath, message, params }) => `${instancePath} ${message ?? ""} ${JSON.stringify(params)}`);
    throw new Error(`${file}: ${problems.join("; ")}`);
  }
  const names = value.cases.map((entry) => entry.name);
  const repeated = names.find((name, index) => names.indexOf(name) < index);
  if (repeated !== undefined) throw new Error(`${file}: two cases are named "${repeated}"`);
  return value.cases.map(caseOf);
}

function caseOf(entry: CaseEntry): Case {
  return {
    name: entry.name,
    parameters: entry.parameters ?? {},
    request: {
      object: entry.object,
      ...(entry.operation === undefined ? {} : { operation: entry.operation }),
      ...(entry.oldObject === undefined ? {} : { oldObject: entry.oldObject }),
      ...(entry.namespace === undefined ? {} : { namespaceObject: { apiVersion: "v1", kind: "Namespace", metadata: entry.namespace } }),
      ...(entry.inventory === undefined ? {} : { inventory: entry.inventory }),
    },
    violations: entry.violations,
    ...(entry.offline === undefined ? {} : { offline: entry.offline }),
    ...(entry.example === undefined ? {} : { example: entry.example }),
  };
}

/** What stands in the cluster of a case: the inventory, and the Namespace. */
export function clusterOf({ namespaceObject, inventory = [] }: ReviewRequest): readonly unknown[] {
  return namespaceObject === undefined ? inventory : [namespaceObject, ...inventory];
}

/** The namespace of the object under review; empty where it names none. */
export function namespaceOf(request: Case["request"]): string {
  return metadataText(request.object, "namespace");
}

/** The name of the object under review; empty where the API server makes one. */
export function objectNameOf(request: Case["request"]): string {
  return metadataText(request.object, "name");
}

function metadataText(object: JsonObject, field: string): string {
  const metadata = object["metadata"];
  const value: unknown = metadata !== null && typeof metadata === "object" ? Reflect.get(metadata, field) : undefined;
  return typeof value === "string" ? value : "";
}
