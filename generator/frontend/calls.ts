import { viewTable, type RecordName } from "../../policies/kit/view.js";
import { intrinsicNames } from "../intrinsics.js";
import { template, text } from "../ir/build.js";
import { booleanType, integerType, locationType, textType, type Expr, type Iteration, type Type } from "../ir/ir.js";
import { expectType, readCondition, readExpr, typeNames, typeOf } from "./expressions.js";
import { readFunction } from "./functions.js";
import { checkPattern } from "./patterns.js";
import { newPlace, reject, symbolOf, unique, type Scope } from "./scope.js";
import { isFromKit } from "./types.js";
import { ts } from "./typescript.js";

/** Reads a call: a method of a list or a text, a function of the kit, or a helper function. */
export function readCall(scope: Scope, node: ts.CallExpression): Expr {
  if (node.questionDotToken !== undefined) reject(node, "`?.` is not in the subset", "give what may be absent a default with `??`");
  if (ts.isPropertyAccessExpression(node.expression)) return readMethod(scope, node, node.expression);
  if (!ts.isIdentifier(node.expression)) return reject(node, "only functions with a name can be called");
  const symbol = symbolOf(scope.reader, node.expression);
  if (symbol === undefined) return reject(node, `\`${node.expression.text}\` is not known`);
  if (isFromKit(symbol, "rule")) {
    if (symbol.name === "at") return readAt(scope, node);
    return reject(node, `\`${symbol.name}\` cannot stand here`, "write `yield violation(at(…), `…`)` as a statement");
  }
  const args = node.arguments.map((argument) => readExpr(scope, argument));
  if (isFromKit(symbol, "intrinsics")) {
    if (!intrinsicNames.has(symbol.name)) return reject(node, `\`${symbol.name}\` is not an intrinsic`);
    return readIntrinsic(scope, node, symbol.name, args);
  }
  const helper = readFunction(scope, node, symbol);
  if (args.length !== helper.parameters.length) {
    return reject(node, `\`${helper.name}\` takes ${String(helper.parameters.length)} arguments`, "pass every argument: the subset has no optional ones");
  }
  return { kind: "call", name: helper.name, args, type: helper.result };
}

function readIntrinsic(scope: Scope, node: ts.CallExpression, name: string, args: readonly Expr[]): Expr {
  if (["beforeLast", "afterLast"].includes(name)) requireLiteralText(node.arguments[1], args[1]);
  return { kind: "intrinsic", name, args, ...(name === "sum" ? { place: newPlace(scope.reader, node) } : {}), type: name === "show" ? textType : typeOf(scope, node) };
}

function requireLiteralText(node: ts.Node | undefined, value: Expr | undefined): void {
  if (node !== undefined && (value?.kind !== "text" || value.value === "")) {
    reject(node, "the separator must be a literal that is not empty", 'write it here: `","`');
  }
}

/** `at(record)`, `at(record, "field")`, `at(record, "field", index)`. */
function readAt(scope: Scope, node: ts.CallExpression): Expr {
  const [recordNode, fieldNode, entryNode] = node.arguments;
  if (recordNode === undefined) return reject(node, "`at` needs a record of the view");
  const record = readExpr(scope, recordNode);
  if (record.type.kind !== "record" || !record.type.isView) return reject(recordNode, "`at` needs a record of the view");
  const isRoot = record.type.name === "Pod" || record.type.name === "Workload" || record.type.name === "Namespace";
  const parts: Expr[] = [{ kind: "path", record, type: textType }];
  if (fieldNode === undefined) {
    if (isRoot) return reject(node, "`at` of a whole object says nothing", "name the field: `at(pod, \"hostNetwork\")`");
  } else {
    if (!ts.isStringLiteralLike(fieldNode)) return reject(fieldNode, "`at` takes the name of a field as a literal", "choose between two calls: `found ? at(port, \"hostPort\") : at(port, \"containerPort\")`");
    const path = rawPath(record.type.name, fieldNode.text);
    if (path !== "") parts.push(text(isRoot ? path : `.${path}`));
    if (entryNode !== undefined) parts.push(...readEntryPlace(scope, entryNode));
  }
  return { ...template(parts), type: locationType };
}

/** The last step of a path: the position in a list, or the key of a map. */
function readEntryPlace(scope: Scope, node: ts.Expression): Expr[] {
  const entry = readExpr(scope, node);
  if (entry.type.kind === "integer") return [text("["), entry, text("]")];
  if (entry.kind !== "text" || !/^[\w./-]+$/.test(entry.value)) return reject(node, "a key of a map in a place is a literal of letters, digits and `.`, `/`, `_`, `-`", 'write it here: `at(pod, "labels", "app")`');
  return [text(`["${entry.value}"]`)];
}

function rawPath(record: string, name: string): string {
  const field = viewTable[record as RecordName][name]; // TypeScript has checked both names
  if (field?.type === "records") return (field.paths[0] ?? []).join(".");
  return field !== undefined && "path" in field ? field.path.join(".") : "";
}

function readMethod(scope: Scope, node: ts.CallExpression, callee: ts.PropertyAccessExpression): Expr {
  const method = callee.name.text;
  if (callee.questionDotToken !== undefined) return reject(node, "`?.` is not in the subset", "give what may be absent a default with `??`");
  if (method === "test") return readTest(scope, node, callee);
  if (ts.isRegularExpressionLiteral(callee.expression)) return reject(node, `\`${method}\` of a regular expression is not in the subset`, "write `/…/.test(text)`");
  const [first, second] = node.arguments;
  const symbol = symbolOf(scope.reader, callee.expression);
  if (symbol !== undefined && !scope.values.has(symbol) && (symbol.flags & (ts.SymbolFlags.Module | ts.SymbolFlags.Namespace)) !== 0) {
    return reject(node, `\`${callee.getText()}\` comes from a library, of which the engines know nothing`, "use the kit, or a helper function of your own");
  }
  if (symbol !== undefined && isAmbient(symbol)) {
    return reject(node, `\`${callee.getText()}\` is part of JavaScript's library, not of the subset`, "use the kit, or a helper function of your own");
  }
  const target = readExpr(scope, callee.expression);
  if (first !== undefined && second === undefined) {
    if (target.type.kind === "list") {
      const found = readListMethod(scope, node, target, method, first);
      if (found !== undefined) return found;
    }
    if (target.type.kind === "text") {
      const found = readTextMethod(scope, target, method, first);
      if (found !== undefined) return found;
    }
  }
  const methods = methodsOf[target.type.kind] ?? [];
  if (methods.includes(method) && method !== "entries") return reject(node, `\`${method}\` takes one argument in the subset`, "leave the others out, and write none that is left out by default");
  if (method === "entries") return reject(node, "`entries()` stands only in `for (const [index, x] of list.entries())`", "use the second argument of `some`, `every`, `filter` or `map`");
  return reject(callee.name, `\`${method}\` of ${typeNames[target.type.kind]} is not in the subset`, methodHelp[target.type.kind] ?? "docs/subset.md lists what a rule may use");
}

/** The methods of the subset, by the type of what they are called on; docs/subset.md has an example of each. */
export const methodsOf: Readonly<Partial<Record<Type["kind"], readonly string[]>>> = {
  list: ["some", "every", "filter", "map", "includes", "join", "entries"],
  text: ["startsWith", "endsWith", "includes", "split"],
};

const methodHelp: Readonly<Partial<Record<Type["kind"], string>>> = {
  list: "lists have some, every, filter, map, includes, join, length and entries",
  text: "texts have startsWith, endsWith, includes and split; `/…/.test(text)` matches one",
};

/** Whether a symbol is declared by the libraries of JavaScript or Node: `Math`, `JSON`, `Object`, `console` … */
function isAmbient(symbol: ts.Symbol): boolean {
  return (symbol.declarations ?? []).some((declaration) => {
    const statement = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
    return ts.isSourceFile(statement.parent) && statement.parent.isDeclarationFile;
  });
}

function readListMethod(scope: Scope, node: ts.CallExpression, list: Expr, method: string, argument: ts.Expression): Expr | undefined {
  switch (method) {
    case "some":
    case "every": {
      const { iteration, body } = readCallback(scope, list, argument);
      return { kind: "quantifier", quantifier: method, ...iteration, condition: readCondition(body.scope, body.node), type: booleanType };
    }
    case "filter": {
      const { iteration, body } = readCallback(scope, list, argument);
      return { kind: "filter", ...iteration, condition: readCondition(body.scope, body.node), type: list.type };
    }
    case "map": {
      const { iteration, body } = readCallback(scope, list, argument);
      const value = readExpr(body.scope, body.node);
      return { kind: "map", ...iteration, value, type: { kind: "list", element: value.type } };
    }
    case "includes":
      if (list.type.kind === "list" && !["boolean", "integer", "text"].includes(list.type.element.kind)) {
        return reject(node, "`includes` takes a list of booleans, integers or texts", "compare the fields that matter: `list.some((x) => x.name === name)`");
      }
      return { kind: "contains", list, element: readExpr(scope, argument), type: booleanType };
    case "join": {
      const separator = readExpr(scope, argument);
      if (list.type.kind === "list" && list.type.element.kind !== "text") return reject(node, "`join` takes a list of texts", "map its elements to texts first");
      return { kind: "join", list, separator: expectType(argument, separator, "text"), type: textType };
    }
    default:
      return undefined;
  }
}

function readTextMethod(scope: Scope, target: Expr, method: string, argument: ts.Expression): Expr | undefined {
  const value = (): Expr => expectType(argument, readExpr(scope, argument), "text");
  switch (method) {
    case "startsWith":
    case "endsWith":
    case "includes":
      return { kind: "textPredicate", predicate: method, text: target, part: value(), type: booleanType };
    case "split": {
      const separator = value();
      requireLiteralText(argument, separator);
      return { kind: "split", text: target, separator, type: { kind: "list", element: textType } };
    }
    default:
      return undefined;
  }
}

interface Callback {
  readonly iteration: Iteration;
  readonly body: { readonly scope: Scope; readonly node: ts.Expression };
}

function readCallback(scope: Scope, list: Expr, node: ts.Expression): Callback {
  if (!ts.isArrowFunction(node) || ts.isBlock(node.body) || node.modifiers !== undefined) {
    return reject(node, "the argument must be an arrow function of one expression", "write `(x) => …`; give a longer one a name as a function beside the rule");
  }
  const [item, index, ...others] = node.parameters;
  for (const each of node.parameters) {
    if (ts.isIdentifier(each.name) && each.initializer === undefined && each.dotDotDotToken === undefined) continue;
    return reject(each, "an element is bound to one name", "write `(x) => … x.name …`");
  }
  if (others.length > 0) return reject(node, "only the element and its index are passed");
  const values = new Map(scope.values);
  const inner: Scope = { ...scope, values };
  const bind = (parameter: ts.ParameterDeclaration, type: Expr["type"]): string => {
    const name = unique(scope.taken, parameter.name.getText());
    const symbol = scope.reader.checker.getSymbolAtLocation(parameter.name);
    if (symbol !== undefined) values.set(symbol, { kind: "local", name, type });
    return name;
  };
  const element = list.type.kind === "list" ? list.type.element : textType;
  for (const each of [item, index]) {
    if (each?.type !== undefined) typeOf(scope, each.name); // an annotation may say `any`
  }
  const itemName = item === undefined ? unique(scope.taken, "element") : bind(item, item.type === undefined ? typeOf(scope, item.name) : element);
  const iteration: Iteration = { list, item: itemName, ...(index === undefined ? {} : { index: bind(index, integerType), place: newPlace(scope.reader, index.name) }) };
  return { iteration, body: { scope: inner, node: node.body } };
}

function readTest(scope: Scope, node: ts.CallExpression, callee: ts.PropertyAccessExpression): Expr {
  const [argument] = node.arguments;
  if (!ts.isRegularExpressionLiteral(callee.expression)) {
    return reject(callee.expression, "only a literal regular expression can be compiled", "write it here: `/…/.test(text)`");
  }
  if (argument === undefined) return reject(node, "`test` needs a text");
  const source = callee.expression.text;
  const end = source.lastIndexOf("/");
  const pattern = source.slice(1, end).replaceAll("\\/", "/");
  checkPattern(callee.expression, pattern, source.slice(end + 1));
  return { kind: "matches", text: expectType(argument, readExpr(scope, argument), "text"), pattern, type: booleanType };
}
