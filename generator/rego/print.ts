import { assertNever } from "../ir/ir.js";
import { textLiteral } from "../literals.js";
import { marked, traced, type Traced } from "../origins.js";
import { infix, scalar, type Clause, type InfixOperator, type Literal, type Module, type Rule, type Term } from "./ast.js";

const precedence: Readonly<Record<InfixOperator, number>> = {
  in: 1,
  "==": 2,
  "!=": 2,
  "<": 2,
  "<=": 2,
  ">": 2,
  ">=": 2,
  "+": 3,
  "-": 3,
  "*": 4,
};

/** Lists and objects longer than this are printed with one element a line. */
const WIDTH = 100;

/** The module as `opa fmt` writes it. */
export function printModule(module: Module): string {
  return traceModule(module).text;
}

/** The same, and what its parts were made of. */
export function traceModule(module: Module): Traced {
  const header = module.comments.map((line) => `# ${line}`).join("\n");
  const rules = [...module.rules.map(printRule), ...module.library.map((text) => text.trim())];
  return traced(`${[header, `package ${packageName(module.packagePath)}`, ...rules].filter((part) => part !== "").join("\n\n")}\n`);
}

function packageName([first = "", ...others]: readonly string[]): string {
  return first + others.map((segment) => printSegment(segment, "")).join("");
}

function printRule(rule: Rule): string {
  const comment = rule.comment === undefined ? "" : `# ${rule.comment}\n`;
  const args = rule.args === undefined ? "" : `(${rule.args.join(", ")})`;
  const head = rule.contains === undefined ? `${rule.name}${args}` : `${rule.name} contains ${printTerm(rule.contains, "")}`;
  return marked(rule.origin, comment + [printClause(head, rule.clause), ...rule.otherwise.map((clause) => printClause(" else", clause))].join(""));
}

function printClause(head: string, clause: Clause): string {
  return head + printValue(clause) + (clause.body.length === 0 ? "" : ` if ${printBody(clause.body, "")}`);
}

/** With a body, true goes without saying; a head alone is no rule. */
function printValue({ value, body }: Clause): string {
  const isTrue = value === undefined || (value.kind === "scalar" && value.value === true);
  if (isTrue) return body.length === 0 ? " := true" : "";
  return ` := ${printTerm(value, "")}`;
}

function printBody(body: readonly Literal[], indent: string): string {
  const inner = `${indent}\t`;
  return `{\n${body.map((literal) => `${inner}${marked(literal.origin, printLiteral(literal, inner))}\n`).join("")}${indent}}`;
}

function printLiteral(literal: Literal, indent: string): string {
  switch (literal.kind) {
    case "term":
      return literal.negated ? `not ${printTerm(literal.term, indent)}` : printTerm(withoutMinus(literal.term), indent);
    case "assign":
      return `${literal.name} := ${printTerm(literal.value, indent)}`;
    case "some":
      return `some ${literal.index === undefined ? "" : `${literal.index}, `}${literal.item} in ${printTerm(literal.list, indent)}`;
    case "every":
      return `every ${literal.index === undefined ? "" : `${literal.index}, `}${literal.item} in ${printTerm(literal.list, indent)} ${printBody(literal.body, indent)}`;
    default:
      return assertNever(literal);
  }
}

/** OPA takes a minus at the start of a line for a subtraction from what ends the line before. */
function withoutMinus(term: Term): Term {
  if (term.kind === "infix") return { ...term, left: withoutMinus(term.left) };
  const isNegative = term.kind === "scalar" && typeof term.value === "number" && term.value < 0;
  return isNegative ? infix("-", scalar(0), scalar(-term.value)) : term;
}

function printTerm(term: Term, indent: string): string {
  switch (term.kind) {
    case "var":
      return term.name;
    case "scalar":
      return typeof term.value === "string" ? textLiteral(term.value) : JSON.stringify(term.value);
    case "ref":
      return printTerm(term.base, indent) + term.path.map((segment) => printSegment(segment, indent)).join("");
    case "array":
      return printItems("[", term.items.map((item) => (inner: string) => printTerm(item, inner)), "]", indent);
    case "set":
      return printItems("{", term.items.map((item) => (inner: string) => printTerm(item, inner)), "}", indent);
    case "object":
      return printItems("{", term.entries.map(({ key, value }) => (inner: string) => `${JSON.stringify(key)}: ${printTerm(value, inner)}`), "}", indent);
    case "call":
      return printCall(term.name, term.args, indent);
    case "infix":
      return `${printOperand(term.left, term.operator, indent, false)} ${term.operator} ${printOperand(term.right, term.operator, indent, true)}`;
    case "comprehension":
      return printComprehension(term.head, term.body, indent);
    default:
      return assertNever(term);
  }
}

/** Arguments stay on the call's line; where one before the last has several lines, opa fmt gives each its own. */
function printCall(name: string, args: readonly Term[], indent: string): string {
  const texts = args.map((argument) => printTerm(argument, indent));
  if (!texts.slice(0, -1).some((text) => text.includes("\n"))) return `${name}(${texts.join(", ")})`;
  const inner = `${indent}\t`;
  return `${name}(\n${args.map((argument) => `${inner}${printTerm(argument, inner)},\n`).join("")}${indent})`;
}

function printComprehension(head: Term, body: readonly Literal[], indent: string): string {
  // Without parentheses `[a - b | …]` is a list of one union.
  const printHead = (at: string): string => (head.kind === "infix" ? `(${printTerm(head, at)})` : printTerm(head, at));
  const [only] = body;
  if (body.length === 1 && only !== undefined && only.kind !== "every") {
    const line = `[${printHead(indent)} | ${printLiteral(only, indent)}]`;
    if (!line.includes("\n")) return line;
  }
  const inner = `${indent}\t`;
  return `[${printHead(indent)} |\n${body.map((literal) => `${inner}${printLiteral(literal, inner)}\n`).join("")}${indent}]`;
}

function printItems(open: string, items: readonly ((indent: string) => string)[], close: string, indent: string): string {
  const line = `${open}${items.map((item) => item(indent)).join(", ")}${close}`;
  if (items.length < 2 || (line.length <= WIDTH && !line.includes("\n"))) return line;
  const inner = `${indent}\t`;
  return `${open}\n${items.map((item) => `${inner}${item(inner)},\n`).join("")}${indent}${close}`;
}

/** opa fmt puts sums and products in parentheses wherever they stand in another one, needed or not. */
function printOperand(term: Term, parent: InfixOperator, indent: string, isRight: boolean): string {
  const text = printTerm(term, indent);
  if (term.kind !== "infix") return text;
  const needs = precedence[term.operator] < precedence[parent] || (isRight && precedence[term.operator] === precedence[parent]);
  return needs || parent === "in" || precedence[parent] >= precedence["+"] ? `(${text})` : text;
}

function printSegment(segment: string | Term, indent: string): string {
  if (typeof segment !== "string") return `[${printTerm(segment, indent)}]`;
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(segment) ? `.${segment}` : `[${JSON.stringify(segment)}]`;
}
