import type { Function, Stmt } from "../ir/ir.js";
import { CompileError } from "../diagnostics.js";
import { expectTyped, newScope, reject, unique, type RuleReader, type Scope } from "./scope.js";
import { readStatements } from "./statements.js";
import { irType } from "./types.js";
import { ts } from "./typescript.js";

/** The helper function that `symbol` names, read once a rule; `caller` is the call that needs it. */
export function readFunction(scope: Scope, caller: ts.Node, symbol: ts.Symbol): Function<readonly Stmt[]> {
  const { reader } = scope;
  const known = reader.functions.get(symbol);
  if (known !== undefined) return known;
  const refused = reader.refused.get(symbol);
  if (refused !== undefined) throw refused;
  if (reader.open.has(symbol)) return reject(caller, `\`${symbol.name}\` calls itself: neither Rego nor CEL can`, "write a loop, `some` or `every` over a list");
  const [declaration, ...overloads] = symbol.declarations?.filter(ts.isFunctionDeclaration) ?? [];
  if (overloads.length > 0) return reject(caller, `\`${symbol.name}\` has several signatures`, "declare one function for each");
  if (declaration?.body === undefined) {
    return reject(caller, `\`${symbol.name}\` is not a function whose source the compiler can read`, "declare it with `function` in the rule's folder; libraries mean nothing to the engines");
  }
  if (declaration.asteriskToken !== undefined || declaration.modifiers?.some((each) => each.kind === ts.SyntaxKind.AsyncKeyword) === true) {
    return reject(caller, `\`${symbol.name}\` is not an ordinary function`, "a helper returns one value");
  }
  expectTyped(reader, declaration);
  reader.open.add(symbol);
  try {
    const read = readDeclaration(reader, symbol, declaration, declaration.body);
    reader.functions.set(symbol, read);
    return read;
  } catch (error) {
    if (error instanceof CompileError) reader.refused.set(symbol, error);
    throw error;
  } finally {
    reader.open.delete(symbol);
  }
}

function readDeclaration(reader: RuleReader, symbol: ts.Symbol, declaration: ts.FunctionDeclaration, block: ts.Block): Function<readonly Stmt[]> {
  const inner = newScope(reader);
  const parameters = declaration.parameters.map((parameter) => readParameter(inner, parameter));
  const body = readStatements(inner, block.statements, { isRule: false, inLoop: false });
  const signature = reader.checker.getSignatureFromDeclaration(declaration);
  const result = signature === undefined ? reject(declaration, "the function has no signature") : irType(reader.checker, reader.checker.getReturnTypeOfSignature(signature), declaration);
  return { name: unique(reader.names, symbol.name), parameters, result, body };
}

function readParameter(scope: Scope, node: ts.ParameterDeclaration): { name: string; type: ReturnType<typeof irType> } {
  if (!ts.isIdentifier(node.name) || node.dotDotDotToken !== undefined || node.questionToken !== undefined || node.initializer !== undefined) {
    return reject(node, "a helper's parameter is one name that is always given", "write `name: Type`");
  }
  const { checker } = scope.reader;
  const type = irType(checker, checker.getTypeAtLocation(node), node);
  const name = unique(scope.taken, node.name.text);
  const symbol = checker.getSymbolAtLocation(node.name);
  if (symbol !== undefined) scope.values.set(symbol, { kind: "local", name, type });
  return { name, type };
}
