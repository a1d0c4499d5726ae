import type { Clause, Literal, Term } from "./ast.js";

/** The names of variables that a clause mentions, with repetitions. */
export function clauseVariables(clause: Clause): string[] {
  return [...(clause.value === undefined ? [] : termVariables(clause.value)), ...clause.body.flatMap(literalVariables)];
}

function literalVariables(literal: Literal): string[] {
  switch (literal.kind) {
    case "term":
      return termVariables(literal.term);
    case "assign":
      return termVariables(literal.value);
    case "some":
      return termVariables(literal.list);
    case "every":
      return [...termVariables(literal.list), ...literal.body.flatMap(literalVariables)];
  }
}

function termVariables(term: Term): string[] {
  switch (term.kind) {
    case "var":
      return [term.name];
    case "scalar":
      return [];
    case "ref":
      return [...termVariables(term.base), ...term.path.flatMap((segment) => (typeof segment === "string" ? [] : termVariables(segment)))];
    case "array":
    case "set":
      return term.items.flatMap(termVariables);
    case "object":
      return term.entries.flatMap(({ value }) => termVariables(value));
    case "call":
      return term.args.flatMap(termVariables);
    case "infix":
      return [...termVariables(term.left), ...termVariables(term.right)];
    case "comprehension":
      return [...termVariables(term.head), ...term.body.flatMap(literalVariables)];
  }
}
