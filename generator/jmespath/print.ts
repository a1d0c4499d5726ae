import { assertNever } from "../ir/ir.js";
import type { Jmes, Operator } from "./ast.js";

/** As JMESPath binds them. */
const precedence: Readonly<Record<Operator, number>> = { "||": 1, "&&": 2, "==": 3, "!=": 3 };
const UNARY = 4;
const POSTFIX = 5;

/** Texts that can stand between Kyverno's `{{` and `}}` and in the quotes of JMESPath as they are. */
const PLAIN_TEXT = /^[\x20-\x7e]*$/;
const SPECIAL = /[{}'"`\\$]/;

/** Whether a text can be written in a ClusterPolicy without Kyverno taking a part of it for something else. */
export const isWritable = (text: string): boolean => PLAIN_TEXT.test(text) && !SPECIAL.test(text);

export function printJmes(expr: Jmes): string {
  switch (expr.kind) {
    case "path":
      return expr.steps.map((step) => (/^[A-Za-z_][A-Za-z0-9_]*$/.test(step) ? step : JSON.stringify(step))).join(".");
    case "literal":
      return typeof expr.value === "string" ? `'${expr.value}'` : `\`${JSON.stringify(expr.value)}\``;
    case "not":
      return `!${operand(expr.operand, UNARY)}`;
    case "binary": {
      const level = precedence[expr.operator];
      return `${operand(expr.left, level)} ${expr.operator} ${operand(expr.right, level + 1)}`;
    }
    case "call":
      return `${expr.name}(${expr.args.map(printJmes).join(", ")})`;
    case "filter":
      return `${operand(expr.list, POSTFIX)}[?${printJmes(expr.condition)}]`;
    default:
      return assertNever(expr);
  }
}

function level(expr: Jmes): number {
  if (expr.kind === "binary") return precedence[expr.operator];
  return expr.kind === "not" ? UNARY : POSTFIX;
}

/** An operand, in parentheses where it binds less than `atLeast`. */
function operand(expr: Jmes, atLeast: number): string {
  return level(expr) >= atLeast ? printJmes(expr) : `(${printJmes(expr)})`;
}
