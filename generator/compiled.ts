import type { Fix } from "../policies/kit/fix.js";
import type { Enforcement, Severity } from "../policies/kit/rule.js";
import type { Reads } from "../manifest/view.js";
import type { Need, Reviews } from "../policies/kit/view.js";
import type { Traced } from "./origins.js";
import type { Release } from "./versions.js";

/** What a rule's source says of it beside its code. */
export interface RuleMeta {
  readonly id: string;
  readonly title: string;
  /** The JSDoc above `export default defineRule`: why the rule exists. Plain text, one line a paragraph. */
  readonly description: string;
  /** Who says so: the rule's `@source` tags, one line each. */
  readonly sources: readonly string[];
  /** What the rule does not find, or finds wrongly: its `@limitation` tags, one line each. */
  readonly limitations: readonly string[];
  readonly severity: Severity;
  readonly enforcement: Enforcement;
  readonly reviews: Reviews;
  /** How its findings at one field are fixed. */
  readonly fix?: Fix;
  /** The version of its policies; absent for a rule that was not released. */
  readonly release?: Release;
  /** Path of the rule's file, relative to the folder that the generator runs in, with forward slashes. */
  readonly file: string;
}

/** A structural OpenAPI v3 schema, as Kubernetes CRDs take it. */
export interface StructuralSchema {
  readonly type: "object" | "array" | "string" | "integer" | "boolean";
  readonly [keyword: string]: unknown;
}

export interface CelVariable {
  readonly name: string;
  /** CEL text; may have several lines. */
  readonly expression: string;
}

/** A rule as one CEL validation. Variables refer to earlier ones as `variables.NAME`. */
export interface CelProgram {
  readonly variables: readonly CelVariable[];
  /** True where the object is fine. */
  readonly condition: string;
  /** The text of all findings, joined with "; ". */
  readonly messageExpression: string;
  /** The static message for where the text is too long. */
  readonly message: string;
}

/** The fix of a rule as CEL. */
export interface CelMutation {
  readonly variables: readonly CelVariable[];
  /** A list of JSONPatch: one operation, or none. */
  readonly patch: string;
}

/** A statement of a rule's `check`, or its `applies`: where it stands in the file, from `start` up to `end`. Of an `if` and a `for` the head. */
export interface SourceStatement {
  readonly kind: "applies" | "const" | "if" | "for" | "yield";
  readonly start: number;
  readonly end: number;
}

export interface TracedVariable extends Traced {
  readonly name: string;
}

/** The texts of a rule, with what their parts were made of: for whoever shows them beside its source. */
export interface Trace {
  /** Origins name them by their place in this list. */
  readonly statements: readonly SourceStatement[];
  /** As `CompiledRule.rego`. */
  rego(packagePath: readonly string[], parametersRef: readonly string[]): Traced;
  /** The variables of `CompiledRule.cel`. */
  cel(parameters?: Readonly<Record<string, unknown>>, known?: ReadonlySet<Need>): readonly TracedVariable[];
}

/** One rule, compiled. */
export interface CompiledRule {
  readonly meta: RuleMeta;
  /** Schema of the parameters with defaults and `exempt`, as it stands in a ConstraintTemplate. */
  readonly schema: StructuralSchema;
  readonly reads: Reads;
  /** What an engine must know for the rule to find everything; sorted. */
  readonly needs: readonly Need[];
  /** How much of the rule can be said where only so much is known: every finding, some of them, or none. */
  expressible(known: ReadonlySet<Need>): "whole" | "part" | "none";
  /**
   * The CEL of the rule.
   * @param parameters complete parameters to write into the text; absent: they are read from `variables.params`,
   * as Gatekeeper passes a Constraint's, with the defaults of the schema
   * @param known what the engine knows beside the object; absent: everything. Findings that need more are left out.
   */
  cel(parameters?: Readonly<Record<string, unknown>>, known?: ReadonlySet<Need>): CelProgram;
  /**
   * The Rego of the rule: a module, Rego v1, with the set `violation` of `{"msg", "details": {"path"}}`, as Gatekeeper takes it.
   * @param packagePath of the module, for instance `["hostnetworkdnspolicy"]`
   * @param parametersRef where the parameters lie, for instance `["input", "parameters"]`
   */
  rego(packagePath: readonly string[], parametersRef: readonly string[]): string;
  readonly trace: Trace;
  /** For a rule whose fix is for clusters too. */
  readonly mutation?: Mutation;
}

/** The fix of a rule, for engines that change objects. Parameters are complete; they are written into the text. */
export interface Mutation {
  cel(parameters: Readonly<Record<string, unknown>>): CelMutation;
  /**
   * The same for objects of one template path in JMESPath, one text for each condition that must hold.
   * @param old whether there may be an old object, to which the new one is compared
   * @returns undefined where JMESPath cannot say it
   */
  jmespath(parameters: Readonly<Record<string, unknown>>, template: readonly string[], old: boolean): readonly string[] | undefined;
}
