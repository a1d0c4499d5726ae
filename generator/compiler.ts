import type { Reads } from "../manifest/view.js";
import type { Fix } from "../policies/kit/fix.js";
import type { Need } from "../policies/kit/view.js";
import { celMutation } from "./cel/mutation.js";
import { celDepth, celProgram, traceProgram } from "./cel/program.js";
import type { CompiledRule, Mutation } from "./compiled.js";
import { diagnosticAt, type Diagnostic } from "./diagnostics.js";
import { fieldOf } from "./frontend/fix.js";
import { createProgram, displayPath, typeErrors } from "./frontend/program.js";
import { readRule, type RuleSource } from "./frontend/rule.js";
import type { ts } from "./frontend/typescript.js";
import { isNothing } from "./ir/build.js";
import { check, type Fault } from "./ir/check.js";
import { MAX_STATEMENTS, statementsOf } from "./ir/growth.js";
import { extentsOf, inexactFaults, unboundedFaults } from "./ir/extents.js";
import { mends } from "./ir/finds.js";
import { assertNever, type Constant, type Expr, type Json } from "./ir/ir.js";
import { normalize } from "./ir/normalize.js";
import { prune, uses, type Pruned } from "./ir/prune.js";
import { everyNeed, programNeeds, restrict } from "./ir/restrict.js";
import { jmesMutation } from "./jmespath/mutation.js";
import { regoModule } from "./rego/module.js";
import { objectEntries } from "./schema/json.js";
import { parameterSchemas, type ParameterSchemas } from "./schema/schema.js";
import { isJson } from "./schema/walk.js";
import type { Sources } from "./sources.js";

/** Measured: about 60 bindings in each other parse in every engine, 100 exceed the parser's recursion depth. */
const MAX_CEL_DEPTH = 50;

export interface Compilation {
  /** Sorted by id; empty where there are diagnostics. */
  readonly rules: readonly CompiledRule[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Compiles the rules of `files`, wherever they lie; a file without a default export holds helpers and is no rule.
 * @param files their paths, absolute and with forward slashes
 * @throws Error where one cannot be read
 */
export function compileSources(files: readonly string[], sources: Sources): Compilation {
  const program = createProgram(files, sources);
  const schemas = parameterSchemas(files, sources);
  const results = files.map((path) => {
    const file = program.getSourceFile(path);
    if (file === undefined) throw new Error(`${path} cannot be read`);
    return compileFile(program, file, path, schemas);
  });
  const diagnostics = results.flatMap((result) => result.diagnostics).map((each) => ({ ...each, file: displayPath(program, each.file) }));
  const rules = results.flatMap((result) => (result.rule === undefined ? [] : [result.rule]));
  return diagnostics.length > 0 ? { rules: [], diagnostics } : { rules: rules.sort((a, b) => (a.meta.id < b.meta.id ? -1 : 1)), diagnostics };
}

interface FileResult {
  readonly rule?: CompiledRule;
  readonly diagnostics: readonly Diagnostic[];
}

function compileFile(program: ts.Program, file: ts.SourceFile, path: string, schemas: ParameterSchemas): FileResult {
  const errors = typeErrors(program, file);
  if (errors.length > 0) return { diagnostics: errors };
  const { source, diagnostics } = readRule(program, file);
  if (source === undefined || diagnostics.length > 0) return { diagnostics };
  const schema = schemas.of(path, source.exemptions);
  if (!schema.ok) {
    return {
      diagnostics: schema.problems.map((problem) => {
        const [name = ""] = problem.property.split(/[.[]/);
        return diagnosticAt(source.nodes.parameters.get(name) ?? source.nodes.rule, `${problem.property === "" ? "" : `\`${problem.property}\`: `}${problem.message}`, problem.help);
      }),
    };
  }
  const declared = objectEntries(schema.schema["properties"]).map(([name]) => name).filter((name) => name !== "exempt");
  const faults = check(source.program, declared);
  if (faults.length > 0) return { diagnostics: diagnosticsOf(source, faults) };
  const statements = statementsOf(source.program);
  if (statements > MAX_STATEMENTS) {
    const help = "end early before other `if`s, not within them: what follows such an `if` stands in both of its branches";
    return { diagnostics: [diagnosticAt(source.nodes.rule, `the rule becomes ${String(statements)} statements, of which the compiler takes ${String(MAX_STATEMENTS)}`, help)] };
  }
  const normal = normalize(source.program);
  const pruned = prune(normal);
  if (isNothing(normal.body)) {
    return { diagnostics: [diagnosticAt(source.nodes.rule, "the rule never finds anything", "yield a violation where a condition holds that is not always false")] };
  }
  const extents = extentsOf(pruned, schema.schema);
  const beyond = [...unboundedFaults(extents.counted), ...inexactFaults(extents.inexact)];
  if (beyond.length > 0) return { diagnostics: diagnosticsOf(source, beyond) };
  if (source.meta.fix?.mutation === true && programNeeds(normal).length > 0) {
    return { diagnostics: [diagnosticAt(source.nodes.rule, "the fix becomes a mutation, of a rule that looks beyond the object", "leave `mutation` out: `policy-test --fix` makes the fix all the same")] };
  }
  const depth = celDepth(pruned, schema.schema);
  if (depth > MAX_CEL_DEPTH) {
    const help = "split the rule, or use fewer constants and helpers inside each other";
    return { diagnostics: [diagnosticAt(source.nodes.rule, `the rule nests ${String(depth)} loops and bindings in CEL, of which engines read ${String(MAX_CEL_DEPTH)}`, help)] };
  }
  const mutation = mutationOf(source.meta.fix, pruned);
  const prunedTo = (known: ReadonlySet<Need> = everyNeed): Pruned => {
    const left = restrict(normal, known);
    if (left === undefined) throw new TypeError(`nothing of ${source.meta.id} can be said with ${[...known].join(", ")}`);
    return prune(left);
  };
  return {
    diagnostics: [],
    rule: {
      ...(mutation === undefined ? {} : { mutation }),
      meta: source.meta,
      schema: schema.schema,
      reads: pruned.reads,
      needs: programNeeds(normal),
      expressible: (known) => {
        const left = restrict(normal, known);
        return left === undefined ? "none" : programNeeds(normal).every((need) => known.has(need)) ? "whole" : "part";
      },
      cel: (parameters, known) => celProgram(source.meta, prunedTo(known), schema.schema, parameters),
      rego: (packagePath, parametersRef) => regoModule(source.meta, pruned, schema.schema, packagePath, parametersRef).text,
      trace: {
        statements: source.nodes.statements,
        cel: (parameters, known) => traceProgram(prunedTo(known), schema.schema, parameters),
        rego: (packagePath, parametersRef) => regoModule(source.meta, pruned, schema.schema, packagePath, parametersRef),
      },
    },
  };
}

/** The rule's fix for engines that change objects, where it is meant for them. */
function mutationOf(fix: Fix | undefined, { program }: Pruned): Mutation | undefined {
  const field = fix?.mutation === true ? fieldOf(fix.field) : undefined;
  if (fix === undefined || field === undefined) return undefined;
  const decide = (parameters: Readonly<Record<string, unknown>>): { readonly condition: Expr; readonly reads: Reads; readonly constants: readonly Constant[] } => {
    const condition = mends(program, fix, field, jsonFields(parameters));
    const { reads, constants } = uses(condition, program.constants);
    // Also where these parameters leave nothing to decide.
    return { condition, constants, reads: { ...reads, Pod: [...new Set([...(reads.Pod ?? []), field.name])].sort() } };
  };
  return {
    cel: (parameters) => {
      const { condition, reads, constants } = decide(parameters);
      return celMutation(fix, condition, reads, constants);
    },
    jmespath: (parameters, template, old) => {
      const { condition, reads } = decide(parameters);
      return jmesMutation(fix, condition, reads, template, old);
    },
  };
}

/** Parameters that a schema allows are plain data. */
function jsonFields(parameters: Readonly<Record<string, unknown>>): Readonly<Record<string, Json>> {
  return Object.fromEntries(Object.entries(parameters).flatMap(([name, value]) => (isJson(value) ? [[name, value]] : [])));
}

function diagnosticsOf({ nodes }: RuleSource, faults: readonly Fault[]): Diagnostic[] {
  return faults.map((fault) => diagnosticAt(nodeOf(nodes, fault) ?? nodes.rule, fault.message, fault.help));
}

function nodeOf(nodes: RuleSource["nodes"], fault: Fault): ts.Node | undefined {
  switch (fault.kind) {
    case "yield":
      return nodes.yields[fault.index];
    case "parameter":
      return nodes.parameters.get(fault.name);
    case "position":
      return nodes.positions[fault.place];
    default:
      return assertNever(fault);
  }
}
