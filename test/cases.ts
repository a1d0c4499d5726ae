/**
 * The cases of every rule: data that each engine's executor runs. `test/cases/<rule>.yaml` holds them;
 * a malformed file is an error, so that no case is ever left out in silence.
 */
import { readdirSync, readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { CORE_SCHEMA, load, mergeTag } from "js-yaml";
import type { ReviewRequest } from "../manifest/run.js";
import type { Violation } from "../policies/kit/index.js";
import { rules } from "../policies/index.js";
import { expandRepeats } from "./repeat.js";

export interface RuleCase {
  readonly rule: string;
  readonly name: string;
  /** What a user would write in a Constraint: defaults are left out. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly request: ReviewRequest;
  /** All of them, in the order of the rule. */
  readonly violations: readonly Violation[];
  /** Why no API server would ever admit such an object; absent where one would. */
  readonly offline?: string;
}

interface CaseFile {
  /** Home of YAML anchors; nothing reads it. */
  shared?: unknown;
  cases: CaseEntry[];
}

interface CaseEntry {
  name: string;
  parameters?: Record<string, unknown>;
  operation?: "CREATE" | "UPDATE";
  object: Record<string, unknown>;
  oldObject?: Record<string, unknown>;
  offline?: string;
  violations: Violation[];
}

const text = { type: "string", minLength: 1 };
const isCaseFile = new Ajv({ allErrors: true }).compile<CaseFile>({
  type: "object",
  required: ["cases"],
  additionalProperties: false,
  properties: {
    shared: {},
    cases: {
      type: "array",
      items: {
        type: "object",
        required: ["name", "object", "violations"],
        additionalProperties: false,
        properties: {
          name: text,
          parameters: { type: "object" },
          operation: { enum: ["CREATE", "UPDATE"] },
          object: { type: "object" },
          oldObject: { type: "object" },
          offline: text,
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

const folder = new URL("./cases/", import.meta.url);

/** Every case of every rule, in the order of the rules and of their files. */
export function loadCases(): RuleCase[] {
  const stray = readdirSync(folder).filter((file) => !rules.some((rule) => file === `${rule.id}.yaml`));
  if (stray.length > 0) throw new Error(`test/cases holds files of no rule: ${stray.join(", ")}`);
  return rules.flatMap(({ id }) => parseCases(id, readFileSync(new URL(`${id}.yaml`, folder), "utf8")));
}

/**
 * The cases in the text of one file.
 * @throws Error that names the file, and the entry where there is one
 */
export function parseCases(rule: string, yaml: string): RuleCase[] {
  const file: unknown = expandRepeats(load(yaml, { schema: CORE_SCHEMA.withTags(mergeTag) }));
  if (!isCaseFile(file)) {
    const problems = (isCaseFile.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message ?? ""} ${JSON.stringify(params)}`,
    );
    throw new Error(`test/cases/${rule}.yaml: ${problems.join("; ")}`);
  }
  const names = file.cases.map((entry) => entry.name);
  const repeated = names.find((name, index) => names.indexOf(name) < index);
  if (repeated !== undefined) throw new Error(`test/cases/${rule}.yaml: two cases are named "${repeated}"`);
  return file.cases.map((entry) => caseOf(rule, entry));
}

function caseOf(rule: string, entry: CaseEntry): RuleCase {
  // Either one without the other would be reviewed as something else than the case says.
  if ((entry.operation === "UPDATE") !== (entry.oldObject !== undefined)) {
    throw new Error(`test/cases/${rule}.yaml: case "${entry.name}" needs both operation: UPDATE and oldObject, or neither`);
  }
  return {
    rule,
    name: entry.name,
    parameters: entry.parameters ?? {},
    request: {
      object: entry.object,
      ...(entry.operation === undefined ? {} : { operation: entry.operation }),
      ...(entry.oldObject === undefined ? {} : { oldObject: entry.oldObject }),
    },
    violations: entry.violations,
    ...(entry.offline === undefined ? {} : { offline: entry.offline }),
  };
}
