import { assertNever } from "../ir/ir.js";
import { textLiteral } from "../literals.js";
import { CLOSING, marked, opening, traced, unmarked, type Traced } from "../origins.js";
import type { BinaryOperator, Cel } from "./ast.js";

/** Lines are broken where they would be longer than this. */
const WIDTH = 110;

const precedence: Readonly<Record<BinaryOperator, number>> = { "||": 2, "&&": 3, "==": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4, in: 4, "+": 5, "-": 5, "*": 6 };
const TERNARY = 1;
const UNARY = 7;
const POSTFIX = 8;

/** A text that is not laid out yet: on one line where it fits, else broken. */
type Doc = string | { readonly flat: string; readonly broken: (indent: string) => string };

/** The text of an expression, with as few parentheses and as few line breaks as fit. */
export function printCel(expr: Cel): string {
  return traceCel(expr).text;
}

/** The same, and what its parts were made of. */
export function traceCel(expr: Cel): Traced {
  return traced(render(print(expr), ""));
}

/** Kyverno substitutes `{{…}}` and `$(…)` in every text of a ClusterPolicy, CEL included: they are written as escapes. */
function printLiteral(value: string | number | boolean | null): string {
  return (typeof value === "string" ? textLiteral(value) : JSON.stringify(value)).replaceAll("{{", "{\\u007b").replaceAll("$(", "\\u0024(");
}

/** A key that is no identifier, such as a label's, is an index. */
function printField(field: string, optional: boolean): string {
  if (/^[A-Za-z_]\w*$/.test(field)) return `${optional ? ".?" : "."}${field}`;
  return `[${optional ? "?" : ""}${printLiteral(field)}]`;
}

const flat = (doc: Doc): string => (typeof doc === "string" ? doc : doc.flat);

function render(doc: Doc, indent: string): string {
  if (typeof doc === "string") return doc;
  return indent.length + unmarked(doc.flat).length <= WIDTH ? doc.flat : doc.broken(indent);
}

function print(expr: Cel): Doc {
  const doc = printBare(expr);
  if (typeof doc === "string") return marked(expr.origin, doc);
  return { flat: marked(expr.origin, doc.flat), broken: (indent) => marked(expr.origin, doc.broken(indent)) };
}

function printBare(expr: Cel): Doc {
  switch (expr.kind) {
    case "ident":
      return expr.name;
    case "literal":
      return printLiteral(expr.value);
    case "select":
      return suffix(operand(expr.operand, POSTFIX), printField(expr.field, expr.optional));
    case "index":
      return group(operand(expr.operand, POSTFIX), expr.optional ? "[?" : "[", [print(expr.index)], "]");
    case "call":
      return group("", `${expr.name}(`, expr.args.map(print), ")");
    case "method":
      return group(operand(expr.target, POSTFIX), `.${expr.name}(`, expr.args.map(print), ")");
    case "unary":
      return prefix(expr.operator, operand(expr.operand, UNARY));
    case "binary":
      return printBinary(expr);
    case "ternary":
      return printTernary(expr);
    case "list":
      return group("", "[", expr.items.map(print), "]");
    case "map":
      return group("", "{", expr.entries.map(({ key, value }) => prefix(`${JSON.stringify(key)}: `, print(value))), "}");
    case "message":
      return group("", `${expr.name}{`, expr.fields.map(({ name, value }) => prefix(`${name}: `, print(value))), "}");
    default:
      return assertNever(expr);
  }
}

function suffix(doc: Doc, text: string): Doc {
  return typeof doc === "string" ? doc + text : { flat: doc.flat + text, broken: (indent) => render(doc, indent) + text };
}

function prefix(text: string, doc: Doc): Doc {
  return typeof doc === "string" ? text + doc : { flat: text + doc.flat, broken: (indent) => text + render(doc, indent) };
}

/** `target` + `open` + items + `close`; broken, one item a line. A lone binder of a comprehension stays beside the bracket. */
function group(target: Doc, open: string, items: readonly Doc[], close: string): Doc {
  const flatText = flat(target) + open + items.map(flat).join(", ") + close;
  return {
    flat: flatText,
    broken: (indent) => {
      const head = render(target, indent) + open;
      const [first, ...others] = items;
      // Names and literals are short: a line of their own would only tear the text apart.
      if (first === undefined || items.every((item) => typeof item === "string")) return head + items.map(flat).join(", ") + close;
      const inner = `${indent}  `;
      const isBinder = others.length > 0 && typeof first === "string" && open.startsWith(".");
      const lead = isBinder ? `${first},` : "";
      const rest = isBinder ? others : items;
      return `${head}${lead}\n${rest.map((item) => inner + render(item, inner)).join(",\n")}\n${indent}${close}`;
    },
  };
}

function printBinary(expr: Cel & { kind: "binary" }): Doc {
  const level = precedence[expr.operator];
  const operands = chainOf(expr, level);
  return {
    flat: operands.map(flat).join(` ${expr.operator} `),
    broken: (indent) => {
      const [first = "", ...others] = operands;
      if (level === precedence["=="]) return [first, ...others].map((each) => render(each, indent)).join(` ${expr.operator} `);
      return [render(first, indent), ...others.map((each) => `${indent}${expr.operator} ${render(each, indent)}`)].join("\n");
    },
  };
}

/** The operands of a chain such as `a + b + c`, which associates to the left. What `a + b` was made of stands around the two. */
function chainOf({ left, right, operator }: Cel & { kind: "binary" }, level: number): Doc[] {
  const isChain = left.kind === "binary" && left.operator === operator;
  return [...(isChain ? markedChain(left.origin, chainOf(left, level)) : [operand(left, level)]), operand(right, level + 1)];
}

function markedChain(origin: number | undefined, operands: readonly Doc[]): Doc[] {
  if (origin === undefined) return [...operands];
  return operands.map((each, position) => {
    const opened = position === 0 ? prefix(opening(origin), each) : each;
    return position === operands.length - 1 ? suffix(opened, CLOSING) : opened;
  });
}

function printTernary(expr: Cel & { kind: "ternary" }): Doc {
  const condition = operand(expr.condition, TERNARY + 1);
  const then = operand(expr.then, TERNARY + 1);
  const otherwise = print(expr.otherwise);
  return {
    flat: `${flat(condition)} ? ${flat(then)} : ${flat(otherwise)}`,
    broken: (indent) => {
      const inner = `${indent}  `;
      // A chain of choices reads downwards: it is not indented further with each choice.
      const tail = expr.otherwise.kind === "ternary" ? `${indent}: ${render(otherwise, indent)}` : `${indent}: ${render(otherwise, inner)}`;
      return `${render(condition, indent)}\n${indent}? ${render(then, inner)}\n${tail}`;
    },
  };
}

function level(expr: Cel): number {
  switch (expr.kind) {
    case "ternary":
      return TERNARY;
    case "binary":
      return precedence[expr.operator];
    case "unary":
      return UNARY;
    case "literal":
      return typeof expr.value === "number" && expr.value < 0 ? UNARY : POSTFIX;
    default:
      return POSTFIX;
  }
}

/** An operand, in parentheses where it binds less than `atLeast`. */
function operand(expr: Cel, atLeast: number): Doc {
  const doc = print(expr);
  if (level(expr) >= atLeast) return doc;
  if (typeof doc === "string") return `(${doc})`;
  return {
    flat: `(${doc.flat})`,
    broken: (indent) => `(\n${indent}  ${render(doc, `${indent}  `)}\n${indent})`,
  };
}
