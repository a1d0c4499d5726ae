/**
 * How large a rule gets by normalizing it. What follows an `if` that can end the body stands in both of its branches, so
 * with such `if`s inside each other it doubles each time: a dozen of them would fill the memory.
 */
import type { SourceProgram, Stmt } from "./ir.js";

/** The library's largest rule stays far below; CEL costs and texts are beyond use long before. */
export const MAX_STATEMENTS = 5_000;

/** How many statements the largest body of the program becomes, told without making them. */
export function statementsOf({ body, functions }: SourceProgram): number {
  return Math.max(...[body, ...functions.map((helper) => helper.body)].map((statements) => grown(statements, 0)));
}

/** @param rest how many follow where none of the statements ends the body */
function grown(statements: readonly Stmt[], rest: number): number {
  return statements.reduceRight((next, statement) => {
    switch (statement.kind) {
      case "return":
      case "continue":
        return 1;
      case "for":
        return 1 + grown(statement.body, 0) + next;
      case "if":
        return canEnd(statement.then) || canEnd(statement.otherwise) ? 1 + grown(statement.then, next) + grown(statement.otherwise, next) : 1 + grown(statement.then, 0) + grown(statement.otherwise, 0) + next;
      default:
        return 1 + next;
    }
  }, rest);
}

/** Whether the statements can end the body that they stand in. */
export function canEnd(statements: readonly Stmt[]): boolean {
  return statements.some((each) => each.kind === "return" || each.kind === "continue" || (each.kind === "if" && (canEnd(each.then) || canEnd(each.otherwise))));
}
