/**
 * Parameters of rules: from a rule's `interface Params` to the schema that stands in a ConstraintTemplate.
 * Reading (reader.ts), making it structural (structural.ts), checking what a rule needs beyond that (check.ts).
 */
import type { RuleDefinition } from "../../policies/kit/rule.js";
import type { StructuralSchema } from "../compiled.js";
import { checkParameters } from "./check.js";
import { objectEntries, type JsonObject } from "./json.js";
import type { SchemaProblem } from "./problem.js";
import type { Sources } from "../sources.js";
import { createReader, type SchemaReader } from "./reader.js";
import { structural, type StructuralResult } from "./structural.js";

export { closedSchema } from "./closed.js";
export { complete, defaultsOf } from "../../wasm/parameters.js";
export type { JsonObject } from "./json.js";
export type { SchemaProblem } from "./problem.js";
export { structural, type StructuralResult } from "./structural.js";

/** Schemas of the parameters of several rules, read with one TypeScript program. */
export interface ParameterSchemas {
  /**
   * The schema of the parameters of the rule in `file`: those of its `interface Params`, and the kit's `exempt` unless
   * `exemptions` is "none". A file without `Params` has no parameters of its own.
   * @throws Error if `file` is not among those that were given at the start
   */
  of(file: string, exemptions?: NonNullable<RuleDefinition["exemptions"]>): StructuralResult;
}

/** @param files the rule files, by absolute paths; read once, at the first use */
export function parameterSchemas(files: readonly string[], sources: Sources): ParameterSchemas {
  const kit = kitFile(sources);
  const known = new Set(files);
  let reader: SchemaReader | undefined;
  return {
    of: (file, exemptions = "exempt") => {
      if (!known.has(file)) throw new Error(`${file} is not among the files that the schemas were opened for`);
      reader ??= createReader([...files, kit], sources);
      const own = read(reader, file, "Params");
      if (exemptions === "none" || !own.ok) return own;
      return merge(own.schema, read(reader, kit, "Exemptions"));
    },
  };
}

function read(reader: SchemaReader, file: string, name: string): StructuralResult {
  const result = reader.read(file, name) ?? { ok: true, schema: { type: "object" } };
  if (!result.ok) return result;
  const converted = structural(result.schema);
  if (!converted.ok) return converted;
  const problems = checkParameters(converted.schema);
  return problems.length === 0 ? converted : { ok: false, problems };
}

function merge(own: StructuralSchema, exemptions: StructuralResult): StructuralResult {
  if (!exemptions.ok) throw new Error(`the kit's Exemptions have no schema: ${JSON.stringify(exemptions.problems)}`);
  const ownFields = objectEntries(own["properties"]);
  const problems: SchemaProblem[] = [];
  const fields: Record<string, JsonObject> = Object.fromEntries(ownFields);
  for (const [name, field] of objectEntries(exemptions.schema["properties"])) {
    if (name in fields) {
      problems.push({
        property: name,
        message: `every rule has a parameter \`${name}\` already`,
        help: 'give yours another name, or write exemptions: "none"',
      });
    }
    fields[name] = field;
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, schema: { ...own, properties: fields } };
}

/** The kit's source, or its declarations where the package is installed: both carry the JSDoc. */
function kitFile({ system, packageRoot }: Sources): string {
  const source = `${packageRoot}/policies/kit/rule.ts`;
  return system.fileExists(source) ? source : `${packageRoot}/dist/policies/kit/rule.d.ts`;
}
