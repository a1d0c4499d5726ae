/** Nothing that the compiler knows goes untested: each part of the intermediate representation occurs in test/constructs. */
import { describe, expect, test } from "vitest";
import { disk, ruleFiles } from "../generator/disk.js";
import { createProgram } from "../generator/frontend/program.js";
import { readRule } from "../generator/frontend/rule.js";
import { intrinsicNames } from "../generator/intrinsics.js";
import type { ArithmeticOperator, CompareOperator, Expr, LogicalOperator, Quantifier, SourceProgram, Step, Stmt, TextPredicate } from "../generator/ir/ir.js";
import { normalize } from "../generator/ir/normalize.js";
import { stepExprs, visitExpr } from "../generator/ir/walk.js";

/** A table of `Name` that TypeScript holds to be whole. */
const all = <Name extends string>(table: Readonly<Record<Name, true>>): readonly string[] => Object.keys(table);

const wanted: Readonly<Record<string, readonly string[]>> = {
  expression: all<Expr["kind"]>({
    ...{ boolean: true, integer: true, text: true, list: true, concat: true, record: true, local: true, root: true, parameter: true, constant: true },
    ...{ field: true, optional: true, element: true, entry: true, not: true, logical: true, compare: true, arithmetic: true, conditional: true },
    ...{ template: true, quantifier: true, filter: true, map: true, contains: true, length: true, join: true, split: true, textPredicate: true },
    ...{ matches: true, intrinsic: true, call: true, let: true, path: true },
  }),
  statement: all<Stmt["kind"]>({ const: true, if: true, for: true, yield: true, return: true, continue: true }),
  step: all<Step["kind"]>({ each: true, let: true, if: true, seq: true, yield: true }),
  operator: all<CompareOperator | ArithmeticOperator | LogicalOperator>({ "==": true, "!=": true, "<": true, "<=": true, ">": true, ">=": true, "+": true, "-": true, "*": true, "&&": true, "||": true }),
  // With the position of the element and without.
  iteration: [...all<Quantifier>({ some: true, every: true }), "filter", "map", "for"].flatMap((name) => [name, `${name} with position`]),
  "text predicate": all<TextPredicate>({ startsWith: true, endsWith: true, includes: true }),
  intrinsic: [...intrinsicNames],
  "type of a condition's operands": ["boolean", "integer", "text"],
};

const found = new Map<string, Set<string>>(Object.keys(wanted).map((what) => [what, new Set()]));
const note = (what: string, name: string): void => void found.get(what)?.add(name);

function noteExpr(root: Expr): void {
  visitExpr(root, (expr) => {
    note("expression", expr.kind);
    if (expr.kind === "compare") note("type of a condition's operands", expr.left.type.kind);
    if (expr.kind === "compare" || expr.kind === "arithmetic" || expr.kind === "logical") note("operator", expr.operator);
    if (expr.kind === "quantifier") noteIteration(expr.quantifier, expr.index);
    if (expr.kind === "filter" || expr.kind === "map") noteIteration(expr.kind, expr.index);
    if (expr.kind === "textPredicate") note("text predicate", expr.predicate);
    if (expr.kind === "intrinsic") note("intrinsic", expr.name);
  });
}

function noteIteration(name: string, index: string | undefined): void {
  note("iteration", index === undefined ? name : `${name} with position`);
}

function noteStatement(statement: Stmt): void {
  note("statement", statement.kind);
  if (statement.kind === "if") [...statement.then, ...statement.otherwise].forEach(noteStatement);
  if (statement.kind !== "for") return;
  noteIteration("for", statement.index);
  statement.body.forEach(noteStatement);
}

function noteStep(step: Step): void {
  note("step", step.kind);
  if (step.kind === "seq") step.steps.forEach(noteStep);
  if (step.kind === "each" || step.kind === "let") noteStep(step.body);
  if (step.kind === "if") [step.then, step.otherwise].forEach(noteStep);
}

function noteProgram(program: SourceProgram): void {
  program.body.forEach(noteStatement);
  program.functions.flatMap((helper) => helper.body).forEach(noteStatement);
  const { body, functions } = normalize(program);
  noteStep(body);
  [...stepExprs(body), ...functions.map((helper) => helper.body)].forEach(noteExpr);
}

const files = ruleFiles("test/constructs");
const program = createProgram(files, disk);
const sources = files.flatMap((path) => {
  const file = program.getSourceFile(path);
  const source = file === undefined ? undefined : readRule(program, file).source;
  return source === undefined ? [] : [source];
});
for (const source of sources) noteProgram(source.program);

describe.each(Object.entries(wanted))("every %s", (what, names) => {
  test.each(names)("%s", (name) => {
    expect([...(found.get(what) ?? [])]).toContain(name);
  });
});

test("everything around a rule occurs", () => {
  expect(sources.some((source) => source.program.applies !== undefined)).toBe(true);
  expect(sources.some((source) => source.program.exempt !== undefined)).toBe(true);
  expect(sources.some((source) => source.program.exempt === undefined)).toBe(true);
  expect(new Set(sources.flatMap((source) => source.program.bounds.map((bound) => bound.limit))).size).toBeGreaterThan(5);
});
