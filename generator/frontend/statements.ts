import { integerType, type Expr, type Made, type Stmt } from "../ir/ir.js";
import type { SourceStatement } from "../compiled.js";
import { CompileError } from "../diagnostics.js";
import { expectType, isAssignment, readCondition, readExpr, typeOf } from "./expressions.js";
import { newOrigin, newPlace, reject, report, symbolOf, unique, type Scope } from "./scope.js";
import { isFromKit } from "./types.js";
import { ts } from "./typescript.js";
import { unsupported, type Unsupported } from "./unsupported.js";

/** What a body may hold: a rule yields, a helper returns a value. */
export interface BodyKind {
  readonly isRule: boolean;
  readonly inLoop: boolean;
}

/** Reads statements one by one; one that is outside the subset is reported, and the others are read on. */
export function readStatements(scope: Scope, nodes: readonly ts.Statement[], body: BodyKind): Stmt[] {
  return nodes.flatMap((node): Stmt[] => {
    try {
      return readStatement(scope, node, body);
    } catch (error) {
      if (!(error instanceof CompileError)) throw error;
      report(scope.reader, error);
      if (ts.isVariableStatement(node)) node.declarationList.declarations.forEach((each) => refuse(scope, each.name, error));
      return [];
    }
  });
}

function refuse(scope: Scope, name: ts.BindingName, error: CompileError): void {
  if (!ts.isIdentifier(name)) return name.elements.forEach((each) => ts.isBindingElement(each) && refuse(scope, each.name, error));
  const symbol = symbolOf(scope.reader, name);
  if (symbol !== undefined) scope.reader.refused.set(symbol, error);
}

function readStatement(scope: Scope, node: ts.Statement, body: BodyKind): Stmt[] {
  const madeOf = (kind: SourceStatement["kind"], from: ts.Node, to?: ts.Node): Made => (body.isRule ? { origin: newOrigin(scope.reader, kind, from, to) } : {});
  if (ts.isVariableStatement(node)) return node.declarationList.declarations.map((each) => ({ ...readConst(scope, node, each), ...madeOf("const", node) }));
  if (ts.isIfStatement(node)) {
    const branch = (statement: ts.Statement | undefined): Stmt[] => {
      if (statement === undefined) return [];
      return readStatements(scope, ts.isBlock(statement) ? statement.statements : [statement], body);
    };
    return [{ kind: "if", ...madeOf("if", node, node.expression), condition: readCondition(scope, node.expression), then: branch(node.thenStatement), otherwise: branch(node.elseStatement) }];
  }
  if (ts.isForOfStatement(node)) return [{ ...madeOf("for", node, node.expression), ...readFor(scope, node, body) }];
  if (ts.isBlock(node)) return readStatements(scope, node.statements, body);
  if (ts.isReturnStatement(node)) return [readReturn(scope, node, body)];
  if (ts.isContinueStatement(node)) return [{ kind: "continue" }];
  if (ts.isExpressionStatement(node)) return [{ ...readYield(scope, node, body), ...madeOf("yield", node) }];
  const { what, help } = unsupported(node);
  return reject(node, what, help);
}

function readConst(scope: Scope, statement: ts.VariableStatement, node: ts.VariableDeclaration): Stmt {
  if ((statement.declarationList.flags & ts.NodeFlags.Const) === 0) {
    const keyword = (statement.declarationList.flags & ts.NodeFlags.Let) === 0 ? "var" : "let";
    return reject(statement, `\`${keyword}\` is not in the subset: nothing changes in a rule`, "bind a `const`; choose its value with a conditional expression");
  }
  if (!ts.isIdentifier(node.name)) return reject(node.name, "destructuring is not in the subset here", "bind one name: `const name = record.name`");
  if (node.initializer === undefined) return reject(node, "a `const` needs a value");
  if (node.type !== undefined) typeOf(scope, node.name); // an annotation may say `any`
  const value = readExpr(scope, node.initializer);
  const name = unique(scope.taken, node.name.text);
  const symbol = symbolOf(scope.reader, node.name);
  if (symbol !== undefined) scope.values.set(symbol, { kind: "local", name, type: value.type });
  return { kind: "const", name, value };
}

function readFor(scope: Scope, node: ts.ForOfStatement, body: BodyKind): Stmt {
  if (!body.isRule) return reject(node, "a loop in a helper function is not in the subset", "write `some`, `every`, `filter` or `map`");
  if (node.awaitModifier !== undefined) return reject(node, "`for await` is not in the subset", "write `for (const x of list)`");
  if (!ts.isVariableDeclarationList(node.initializer) || (node.initializer.flags & ts.NodeFlags.Const) === 0) {
    return reject(node.initializer, "a loop binds a `const`", "write `for (const x of list)`");
  }
  const [declaration] = node.initializer.declarations;
  if (declaration === undefined) return reject(node, "a loop binds a `const`");
  const withIndex = entriesOf(node.expression);
  const list = expectType(node.expression, readExpr(scope, withIndex ?? node.expression), "list", "a loop runs over a list");
  const elementType = list.type.kind === "list" ? list.type.element : typeOf(scope, declaration);
  const bind = (name: ts.BindingName, type: Expr["type"]): string => {
    if (!ts.isIdentifier(name)) return reject(name, "an element is bound to one name", "write `for (const x of list)` and use `x.name`");
    const local = unique(scope.taken, name.text);
    const symbol = symbolOf(scope.reader, name);
    if (symbol !== undefined) scope.values.set(symbol, { kind: "local", name: local, type });
    return local;
  };
  const loopBody = (): Stmt[] => readStatements(scope, ts.isBlock(node.statement) ? node.statement.statements : [node.statement], { ...body, inLoop: true });
  if (withIndex === undefined) {
    const item = bind(declaration.name, elementType);
    return { kind: "for", list, item, body: loopBody() };
  }
  const elements = ts.isArrayBindingPattern(declaration.name) ? declaration.name.elements : undefined;
  const [index, item] = elements ?? [];
  if (elements?.length !== 2 || index === undefined || item === undefined || !ts.isBindingElement(index) || !ts.isBindingElement(item)) {
    return reject(declaration, "`entries()` binds an index and an element", "write `for (const [index, x] of list.entries())`");
  }
  const indexName = bind(index.name, integerType);
  const itemName = bind(item.name, elementType);
  return { kind: "for", list, item: itemName, index: indexName, place: newPlace(scope.reader, index.name), body: loopBody() };
}

/** `list` of `list.entries()`; undefined for anything else. */
function entriesOf(node: ts.Expression): ts.Expression | undefined {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  return node.expression.name.text === "entries" && node.arguments.length === 0 ? node.expression.expression : undefined;
}

function readReturn(scope: Scope, node: ts.ReturnStatement, body: BodyKind): Stmt {
  if (body.inLoop) return reject(node, "`return` inside a loop is not in the subset", "use `continue`, or `list.some(…)` in a condition before the loop");
  if (body.isRule) {
    return node.expression === undefined ? { kind: "return" } : reject(node, "`check` yields, it returns nothing", "write `yield violation(…); return;`");
  }
  if (node.expression === undefined) return reject(node, "a helper function returns a value on every path");
  return { kind: "return", value: readExpr(scope, node.expression) };
}

function readYield(scope: Scope, statement: ts.ExpressionStatement, body: BodyKind): Stmt {
  const node = statement.expression;
  if (!ts.isYieldExpression(node)) {
    const { what, help } = describeStatement(node);
    return reject(node, what, help);
  }
  if (!body.isRule) return reject(node, "only `check` yields", "return a value, and yield in `check`");
  const call = node.expression;
  if (call === undefined || node.asteriskToken !== undefined || !ts.isCallExpression(call) || !isViolation(scope, call)) {
    return reject(node, "a rule yields `violation(…)` only", "write `yield violation(at(…), `…`)`");
  }
  const [location, message] = call.arguments;
  if (location === undefined || message === undefined) return reject(call, "`violation` takes a place and a message");
  return {
    kind: "yield",
    location: expectType(location, readExpr(scope, location), "location", "write `at(pod, \"hostNetwork\")`"),
    message: expectType(message, readExpr(scope, message), "text"),
  };
}

/** Methods that change the list they are called on. */
const changing: readonly string[] = ["push", "pop", "shift", "unshift", "splice", "sort", "reverse", "fill", "copyWithin"];

/** What to say of an expression that stands as a statement and yields nothing. */
function describeStatement(node: ts.Expression): Unsupported {
  if (isChange(node)) return { what: "nothing changes in a rule: no assignment", help: "bind a new `const`" };
  const method = ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) ? node.expression.name.text : "";
  if (changing.includes(method)) return { what: `nothing changes in a rule: no \`${method}\``, help: "make a new list: `list.filter(…)`, `list.map(…)` or `[...list, x]`" };
  if (method === "forEach") return { what: "`forEach` is not in the subset", help: "write `for (const x of list)`" };
  return { what: "this statement does nothing that an engine could do", help: "leave it out" };
}

/** Whether a statement assigns or counts. */
function isChange(node: ts.Expression): boolean {
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
    return node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
  }
  return ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind);
}

function isViolation(scope: Scope, call: ts.CallExpression): boolean {
  const symbol = symbolOf(scope.reader, call.expression);
  return symbol?.name === "violation" && isFromKit(symbol, "rule");
}
