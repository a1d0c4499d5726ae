import { and, conditional, integer, literal, not, or, template, text } from "../ir/build.js";
import {
  booleanType,
  integerType,
  textType,
  type ArithmeticOperator,
  type CompareOperator,
  type Expr,
  type Type,
} from "../ir/ir.js";
import { readCall } from "./calls.js";
import { readRoot } from "./roots.js";
import { constantInitializer, evaluateConstant, integerOf } from "./constants.js";
import { expectTyped, newPlace, reject, symbolOf, unique, type Scope } from "./scope.js";
import { holdsMap, irType, isUnordered, withoutUndefined } from "./types.js";
import { ts } from "./typescript.js";
import { unsupported } from "./unsupported.js";

/** The operators of the subset that compare; docs/subset.md has an example of each. */
export const comparisons: ReadonlyMap<ts.SyntaxKind, CompareOperator> = new Map([
  [ts.SyntaxKind.EqualsEqualsEqualsToken, "=="],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, "!="],
  [ts.SyntaxKind.LessThanToken, "<"],
  [ts.SyntaxKind.LessThanEqualsToken, "<="],
  [ts.SyntaxKind.GreaterThanToken, ">"],
  [ts.SyntaxKind.GreaterThanEqualsToken, ">="],
] as const);

/** The operators of the subset that compute; docs/subset.md has an example of each. */
export const arithmetic: ReadonlyMap<ts.SyntaxKind, ArithmeticOperator> = new Map([
  [ts.SyntaxKind.PlusToken, "+"],
  [ts.SyntaxKind.MinusToken, "-"],
  [ts.SyntaxKind.AsteriskToken, "*"],
] as const);

/** The IR's type of `node`, `undefined` left aside. */
export function typeOf(scope: Scope, node: ts.Node): Type {
  const { checker } = scope.reader;
  return irType(checker, withoutUndefined(checker, checker.getTypeAtLocation(node)).type, node);
}

/** Reads an expression of the subset. */
export function readExpr(scope: Scope, node: ts.Expression): Expr {
  if (ts.isParenthesizedExpression(node)) return readExpr(scope, node.expression);
  if (ts.isStringLiteralLike(node)) return text(node.text);
  if (ts.isNumericLiteral(node)) return integer(integerOf(node));
  if (node.kind === ts.SyntaxKind.TrueKeyword) return literal(true);
  if (node.kind === ts.SyntaxKind.FalseKeyword) return literal(false);
  if (ts.isTemplateExpression(node)) return readTemplate(scope, node);
  if (ts.isIdentifier(node)) return readIdentifier(scope, node);
  if (ts.isPropertyAccessExpression(node)) return readProperty(scope, node);
  if (ts.isElementAccessExpression(node)) {
    return reject(node, "what stands at an index or key may be absent", "give it a default: `list[0] ?? \"\"`");
  }
  if (ts.isBinaryExpression(node)) return readBinary(scope, node);
  if (ts.isPrefixUnaryExpression(node)) return readPrefix(scope, node);
  if (ts.isConditionalExpression(node)) {
    const condition = readCondition(scope, node.condition);
    const then = readExpr(scope, node.whenTrue);
    return conditional(condition, then, expectSame(node.whenFalse, readExpr(scope, node.whenFalse), then));
  }
  if (ts.isCallExpression(node)) return readCall(scope, node);
  if (ts.isArrayLiteralExpression(node)) return readList(scope, node);
  if (ts.isObjectLiteralExpression(node)) return readRecord(scope, node);
  const { what, help } = unsupported(node);
  return reject(node, what, help);
}

/** Reads an expression that must be a boolean: the engines know no other truth. */
export function readCondition(scope: Scope, node: ts.Expression): Expr {
  return expectType(node, readExpr(scope, node), "boolean", "compare it: `text !== \"\"`, `list.length > 0`, `count !== 0`");
}

export function expectType(node: ts.Node, expr: Expr, kind: Type["kind"], help?: string): Expr {
  if (expr.type.kind === kind) return expr;
  return reject(node, `expected ${typeNames[kind]}, found ${typeNames[expr.type.kind]}`, help);
}

/** What a diagnostic calls a type. */
export const typeNames: Readonly<Record<Type["kind"], string>> = {
  boolean: "a boolean",
  integer: "an integer",
  text: "a text",
  list: "a list",
  map: "a map",
  record: "a record",
  location: "a place made by `at`",
};

/** `expr`, which may stand for `other`: CEL gives both one type. */
function expectSame(node: ts.Node, expr: Expr, other: Expr): Expr {
  if (isSame(expr.type, other.type) || isEmptyList(expr) || isEmptyList(other)) return expr;
  return reject(node, `two values of different types stand for one: ${describe(other.type)}, ${describe(expr.type)}`, "use one type, or decide in two statements");
}

const plurals: Readonly<Record<Type["kind"], string>> = {
  boolean: "booleans",
  integer: "integers",
  text: "texts",
  list: "lists",
  map: "maps",
  record: "records",
  location: "places",
};

const describe = (type: Type): string => (type.kind === "list" ? `a list of ${plurals[type.element.kind]}` : typeNames[type.kind]);

const isEmptyList = (expr: Expr): boolean => expr.kind === "list" && expr.elements.length === 0;

function isSame(one: Type, other: Type): boolean {
  return one.kind === "list" && other.kind === "list" ? isSame(one.element, other.element) : one.kind === other.kind;
}

function readTemplate(scope: Scope, node: ts.TemplateExpression): Expr {
  const parts: Expr[] = [text(node.head.text)];
  for (const span of node.templateSpans) {
    const part = readExpr(scope, span.expression);
    if (part.type.kind !== "text" && part.type.kind !== "integer") {
      return reject(span.expression, `a template string takes texts and integers, not ${typeNames[part.type.kind]}`, "write a conditional expression, or `list.join(\", \")`");
    }
    parts.push(part, text(span.literal.text));
  }
  return template(parts);
}

function readIdentifier(scope: Scope, node: ts.Identifier, symbol = symbolOf(scope.reader, node)): Expr {
  const known = symbol === undefined ? undefined : scope.values.get(symbol);
  if (known !== undefined) return known;
  if (symbol !== undefined && symbol === scope.parameters) {
    return reject(node, "the parameters cannot be used as a whole", "use the one you need: `params.name`");
  }
  if (symbol !== undefined && symbol === scope.review) {
    return reject(node, "the review cannot be used as a whole", "use `review.pod` or `review.workload`");
  }
  const refused = symbol === undefined ? undefined : scope.reader.refused.get(symbol);
  if (refused !== undefined) throw refused;
  if (node.text === "undefined") return reject(node, "`undefined` does not occur in the view", "give the value a default with `??`");
  const initializer = constantInitializer(symbol);
  if (symbol !== undefined && initializer !== undefined) return readConstant(scope, node, symbol, initializer);
  return reject(node, `\`${node.text}\` is not something a rule can use`, "use what `check` is passed, constants at the top of a file, and the kit");
}

function readConstant(scope: Scope, node: ts.Identifier, symbol: ts.Symbol, initializer: ts.Expression): Expr {
  const { constants, names } = scope.reader;
  const value = constants.get(symbol)?.value ?? evaluateConstant(scope.reader, initializer);
  if (typeof value === "string") return text(value);
  if (typeof value === "number") return integer(value);
  if (typeof value === "boolean") return literal(value);
  expectTyped(scope.reader, symbol.valueDeclaration);
  const constant = constants.get(symbol) ?? { name: unique(names, symbol.name), value };
  constants.set(symbol, constant);
  if (holdsMap(scope.reader.checker, scope.reader.checker.getTypeAtLocation(node))) {
    return reject(node, "a table of data holds no maps", "write a list of records, and find the one with the key");
  }
  return { kind: "constant", name: constant.name, type: typeOf(scope, node) };
}

function readProperty(scope: Scope, node: ts.PropertyAccessExpression): Expr {
  const field = readPlainProperty(scope, node);
  if (field.isOptional) return reject(node, `\`${node.name.text}\` may be absent`, `give it a default: \`${node.getText()} ?? …\``);
  return field.expr;
}

function readPlainProperty(scope: Scope, node: ts.PropertyAccessExpression): { expr: Expr; isOptional: boolean } {
  if (node.questionDotToken !== undefined) reject(node, "`?.` is not in the subset", "give what may be absent a default with `??`");
  const { checker } = scope.reader;
  const symbol = symbolOf(scope.reader, node.expression);
  const name = fieldName(node.name);
  if (symbol !== undefined && symbol === scope.parameters) {
    return { expr: { kind: "parameter", name, type: typeOf(scope, node) }, isOptional: false };
  }
  if (symbol !== undefined && symbol === scope.review) {
    return { expr: readRoot(scope.reader, node, name, typeOf(scope, node)), isOptional: false };
  }
  const record = readExpr(scope, node.expression);
  if (name === "length") {
    if (record.type.kind === "list") return { expr: { kind: "length", list: record, type: integerType }, isOptional: false };
    return reject(node, "the length of a text differs between engines (UTF-16 units, code points)", "compare texts, or use `split`, `startsWith`, a regular expression");
  }
  if (record.type.kind !== "record") return reject(node.name, `\`${name}\` of ${typeNames[record.type.kind]} is not in the subset`, "docs/subset.md lists what a rule may use");
  const property = checker.getTypeAtLocation(node.expression).getProperty(name);
  const isOptional = property !== undefined && (property.flags & ts.SymbolFlags.Optional) !== 0;
  return { expr: { kind: "field", record, name, type: typeOf(scope, node) }, isOptional };
}

/** Words that Rego or CEL keep for themselves even behind a dot. */
const keywords: ReadonlySet<string> = new Set("as contains default else every false if import in not null package some true with".split(" "));

/** The name of a field, where Rego and CEL can write it behind a dot. */
function fieldName(node: ts.MemberName): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(node.text) && !keywords.has(node.text)) return node.text;
  return reject(node, `a field cannot be called \`${node.text}\` in Rego and CEL`, "use a name of letters, digits and `_` that is no keyword there");
}

function readBinary(scope: Scope, node: ts.BinaryExpression): Expr {
  const operator = node.operatorToken.kind;
  if (operator === ts.SyntaxKind.QuestionQuestionToken) return readDefault(scope, node);
  if (operator === ts.SyntaxKind.AmpersandAmpersandToken) return and(readCondition(scope, node.left), readCondition(scope, node.right));
  if (operator === ts.SyntaxKind.BarBarToken) return or(readCondition(scope, node.left), readCondition(scope, node.right));
  const comparison = comparisons.get(operator);
  if (comparison !== undefined) return readComparison(scope, node, comparison);
  const sum = arithmetic.get(operator);
  if (sum !== undefined) {
    const left = readExpr(scope, node.left);
    if (left.type.kind === "text") return reject(node, "texts are not added", "write a template string: `${a}${b}`");
    const right = expectType(node.right, readExpr(scope, node.right), "integer");
    return { kind: "arithmetic", operator: sum, left: expectType(node.left, left, "integer"), right, place: newPlace(scope.reader, node), type: integerType };
  }
  if (operator === ts.SyntaxKind.EqualsEqualsToken || operator === ts.SyntaxKind.ExclamationEqualsToken) {
    return reject(node.operatorToken, "`==` converts its operands, which no engine does", "write `===` or `!==`");
  }
  if (operator === ts.SyntaxKind.SlashToken || operator === ts.SyntaxKind.PercentToken) {
    return reject(node.operatorToken, "division differs between engines", "multiply the other side instead");
  }
  if (isAssignment(operator)) {
    return reject(node, "nothing changes in a rule", "bind a new `const`");
  }
  return reject(node.operatorToken, `\`${node.operatorToken.getText()}\` is not in the subset`, "docs/subset.md lists the operators");
}

export function isAssignment(operator: ts.SyntaxKind): boolean {
  return operator >= ts.SyntaxKind.FirstAssignment && operator <= ts.SyntaxKind.LastAssignment;
}

function readComparison(scope: Scope, node: ts.BinaryExpression, operator: CompareOperator): Expr {
  const left = readExpr(scope, node.left);
  const right = readExpr(scope, node.right);
  const isEquality = operator === "==" || operator === "!=";
  const allowed = isEquality ? ["boolean", "integer", "text"] : ["integer"];
  if (left.type.kind !== right.type.kind || !allowed.includes(left.type.kind)) {
    return reject(node, `\`${node.operatorToken.getText()}\` compares ${isEquality ? "booleans, integers and texts" : "integers only: engines order texts differently"}`, "compare the fields that matter");
  }
  return { kind: "compare", operator, left, right, type: booleanType };
}

/** `a ?? b`, where `a` is an optional field, an element of a list or an entry of a map. */
function readDefault(scope: Scope, node: ts.BinaryExpression): Expr {
  const fallback = readExpr(scope, node.right);
  const withDefault = <T extends Expr>(expr: T): T => {
    expectSame(node.right, fallback, expr);
    return expr;
  };
  const source = ts.isParenthesizedExpression(node.left) ? node.left.expression : node.left;
  if (ts.isElementAccessExpression(source)) {
    const holder = readExpr(scope, source.expression);
    const key = readExpr(scope, source.argumentExpression);
    if (holder.type.kind === "list") {
      return withDefault({ kind: "element", list: holder, index: expectType(source.argumentExpression, key, "integer"), fallback, type: holder.type.element });
    }
    if (holder.type.kind === "map") {
      return withDefault({ kind: "entry", map: holder, key: expectType(source.argumentExpression, key, "text"), fallback, type: textType });
    }
  }
  if (ts.isPropertyAccessExpression(source)) {
    const { expr, isOptional } = readPlainProperty(scope, source);
    if (isOptional && expr.kind === "field") return withDefault({ ...expr, kind: "optional", fallback });
  }
  return reject(node, "`??` gives a default to an optional field, an element of a list or an entry of a map", "leave it out: what stands left of it is always there");
}

function readPrefix(scope: Scope, node: ts.PrefixUnaryExpression): Expr {
  if (node.operator === ts.SyntaxKind.ExclamationToken) return not(readCondition(scope, node.operand));
  if (node.operator === ts.SyntaxKind.MinusToken && ts.isNumericLiteral(node.operand)) {
    return integer(-integerOf(node.operand));
  }
  return reject(node, `\`${ts.tokenToString(node.operator) ?? "this operator"}\` is not in the subset`, "docs/subset.md lists the operators");
}

function readList(scope: Scope, node: ts.ArrayLiteralExpression): Expr {
  const type = typeOf(scope, node);
  const lists: Expr[] = [];
  let elements: Expr[] = [];
  const flush = (): void => {
    if (elements.length > 0) lists.push({ kind: "list", elements, type });
    elements = [];
  };
  for (const element of node.elements) {
    if (!ts.isSpreadElement(element)) {
      elements.push(readExpr(scope, element));
      continue;
    }
    flush();
    if (isUnordered(scope.reader.checker.getTypeAtLocation(element.expression))) {
      return reject(element, "a list without an order cannot become a part of one that has one", "look through the two one after the other");
    }
    lists.push(expectType(element, readExpr(scope, element.expression), "list"));
  }
  flush();
  const [only] = lists;
  if (only === undefined) return { kind: "list", elements: [], type };
  return lists.length === 1 ? only : { kind: "concat", lists, type };
}

function readRecord(scope: Scope, node: ts.ObjectLiteralExpression): Expr {
  const fields = node.properties.map((property) => {
    if (ts.isShorthandPropertyAssignment(property)) {
      const symbol = scope.reader.checker.getShorthandAssignmentValueSymbol(property);
      return { name: fieldName(property.name), value: readIdentifier(scope, property.name, symbol) };
    }
    if (!ts.isPropertyAssignment(property) || !ts.isIdentifier(property.name)) {
      return reject(property, "an object in a rule has plain `name: value` fields only");
    }
    return { name: fieldName(property.name), value: readExpr(scope, property.initializer) };
  });
  return { kind: "record", fields, type: typeOf(scope, node) };
}
