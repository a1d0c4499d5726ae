/**
 * The intermediate representation: a rule as plain data, between TypeScript and the engines.
 * Every name of a local is unique within its function.
 */

import type { Reviews } from "../../policies/kit/view.js";

export type Type =
  | { readonly kind: "boolean" }
  | { readonly kind: "integer" }
  /** `closed`: one of a known set of texts, held to it by a schema or by being a literal. */
  | { readonly kind: "text"; readonly closed: boolean }
  | { readonly kind: "list"; readonly element: Type }
  /** From text to text; `quantities`: the engine may see numbers in it. */
  | { readonly kind: "map"; readonly quantities: boolean }
  /** `name` is a record of the view, or the interface's name in the rule. */
  | { readonly kind: "record"; readonly name: string; readonly isView: boolean }
  | { readonly kind: "location" };

export type Quantifier = "some" | "every";
export type LogicalOperator = "&&" | "||";
export type CompareOperator = "==" | "!=" | "<" | "<=" | ">" | ">=";
export type ArithmeticOperator = "+" | "-" | "*";
export type TextPredicate = "startsWith" | "endsWith" | "includes";

/** Plain data of a constant. */
export type Json = boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

export const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** What binds a list's elements in a loop, a quantifier or a comprehension. */
export interface Iteration {
  readonly list: Expr;
  readonly item: string;
  /** Name of the position, counted from 0, where it is used. */
  readonly index?: string;
  /** Which of the rule's places `index` is, in the order of the source: diagnostics find it by this number. */
  readonly place?: number;
}

export type Expr = { readonly type: Type } & (
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "integer"; readonly value: number }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "list"; readonly elements: readonly Expr[] }
  | { readonly kind: "concat"; readonly lists: readonly Expr[] }
  | { readonly kind: "record"; readonly fields: readonly { readonly name: string; readonly value: Expr }[] }
  | { readonly kind: "local"; readonly name: string }
  /** Something that the review starts from: `workload`, `pod`, `operation`, `cluster` … */
  | { readonly kind: "root"; readonly name: string }
  | { readonly kind: "parameter"; readonly name: string }
  /** A table of data that stands beside the rule. */
  | { readonly kind: "constant"; readonly name: string }
  | { readonly kind: "field"; readonly record: Expr; readonly name: string }
  | { readonly kind: "optional"; readonly record: Expr; readonly name: string; readonly fallback: Expr }
  | { readonly kind: "element"; readonly list: Expr; readonly index: Expr; readonly fallback: Expr }
  | { readonly kind: "entry"; readonly map: Expr; readonly key: Expr; readonly fallback: Expr }
  | { readonly kind: "not"; readonly operand: Expr }
  | { readonly kind: "logical"; readonly operator: LogicalOperator; readonly left: Expr; readonly right: Expr }
  | { readonly kind: "compare"; readonly operator: CompareOperator; readonly left: Expr; readonly right: Expr }
  | { readonly kind: "arithmetic"; readonly operator: ArithmeticOperator; readonly left: Expr; readonly right: Expr; readonly place?: number }
  | { readonly kind: "conditional"; readonly condition: Expr; readonly then: Expr; readonly otherwise: Expr }
  /** Texts and integers, joined to one text. */
  | { readonly kind: "template"; readonly parts: readonly Expr[] }
  | ({ readonly kind: "quantifier"; readonly quantifier: Quantifier; readonly condition: Expr } & Iteration)
  | ({ readonly kind: "filter"; readonly condition: Expr } & Iteration)
  | ({ readonly kind: "map"; readonly value: Expr } & Iteration)
  | { readonly kind: "contains"; readonly list: Expr; readonly element: Expr }
  | { readonly kind: "length"; readonly list: Expr }
  | { readonly kind: "join"; readonly list: Expr; readonly separator: Expr }
  | { readonly kind: "split"; readonly text: Expr; readonly separator: Expr }
  | { readonly kind: "textPredicate"; readonly predicate: TextPredicate; readonly text: Expr; readonly part: Expr }
  | { readonly kind: "matches"; readonly text: Expr; readonly pattern: string }
  | { readonly kind: "intrinsic"; readonly name: string; readonly args: readonly Expr[]; readonly place?: number }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expr[] }
  | { readonly kind: "let"; readonly name: string; readonly value: Expr; readonly body: Expr }
  /** The path of a record of the view: text in Rego, unused in CEL. */
  | { readonly kind: "path"; readonly record: Expr }
);

export type ExprKind = Expr["kind"];

/** What a statement of the rule became. */
export interface Made {
  /** Which of the statements, in the order in which they were read; absent in what the compiler adds. */
  readonly origin?: number | undefined;
}

/** Statements of a function body, as the front end reads them. */
export type Stmt = Made & (
  | { readonly kind: "const"; readonly name: string; readonly value: Expr }
  | { readonly kind: "if"; readonly condition: Expr; readonly then: readonly Stmt[]; readonly otherwise: readonly Stmt[] }
  | ({ readonly kind: "for"; readonly body: readonly Stmt[] } & Iteration)
  | { readonly kind: "yield"; readonly location: Expr; readonly message: Expr }
  /** Without a value in `check`: ends the rule. With one: the result of a helper function. */
  | { readonly kind: "return"; readonly value?: Expr }
  | { readonly kind: "continue" }
);

/** The body of `check`, normalized: what runs next is always inside what decides that it runs. */
export type Step = Made & (
  | ({ readonly kind: "each"; readonly body: Step } & Iteration)
  | { readonly kind: "let"; readonly name: string; readonly value: Expr; readonly body: Step }
  | { readonly kind: "if"; readonly condition: Expr; readonly then: Step; readonly otherwise: Step }
  | { readonly kind: "seq"; readonly steps: readonly Step[] }
  | { readonly kind: "yield"; readonly location: Expr; readonly message: Expr }
);

export interface FunctionParameter {
  readonly name: string;
  readonly type: Type;
}

/** A helper function; `body` is one expression once it is normalized. */
export interface Function<Body> {
  readonly name: string;
  readonly parameters: readonly FunctionParameter[];
  readonly result: Type;
  readonly body: Body;
}

/** A table of data; only the fields that the rule reads remain. */
export interface Constant {
  readonly name: string;
  readonly value: Json;
}

/** A bound on a list of the object, to be checked before the rule runs. */
export interface BoundCheck {
  /** The bound is for rules that read this field. */
  readonly reads: { readonly record: string; readonly field: string };
  readonly count: Expr;
  readonly limit: number;
  readonly location: Expr;
  readonly message: string;
}

/** A rule as the front end reads it (Body: statements) and once it is normalized (Body: a tree). */
export interface RuleProgram<Body, FunctionBody> {
  readonly reviews: Reviews;
  readonly functions: readonly Function<FunctionBody>[];
  readonly constants: readonly Constant[];
  readonly applies?: Expr;
  /** Of `applies`, as statements have it. */
  readonly appliesOrigin?: number | undefined;
  /** True where a parameter lets the workload off. */
  readonly exempt?: Expr;
  readonly bounds: readonly BoundCheck[];
  readonly body: Body;
}

export type SourceProgram = RuleProgram<readonly Stmt[], readonly Stmt[]>;
export type NormalProgram = RuleProgram<Step, Expr>;

export const booleanType: Type = { kind: "boolean" };
export const integerType: Type = { kind: "integer" };
export const textType: Type = { kind: "text", closed: false };
export const closedTextType: Type = { kind: "text", closed: true };
export const locationType: Type = { kind: "location" };

/** Never reached: makes a switch over a union exhaustive for the compiler of TypeScript. */
export function assertNever(value: never): never {
  throw new TypeError(`unexpected ${JSON.stringify(value)}`);
}
