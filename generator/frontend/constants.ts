import { isList, type Json } from "../ir/ir.js";
import { reject, symbolOf, type RuleReader } from "./scope.js";
import { ts } from "./typescript.js";

/**
 * The value of a table of data: what its initializer says, without running anything.
 * @throws CompileError where it is more than literals, lists, objects and other such constants
 */
export function evaluateConstant(reader: RuleReader, node: ts.Expression): Json {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isNumericLiteral(node)) return integerOf(node);
  if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (node.kind === ts.SyntaxKind.FalseKeyword) return false;
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken && ts.isNumericLiteral(node.operand)) {
    return -integerOf(node.operand);
  }
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) {
    return evaluateConstant(reader, node.expression);
  }
  if (ts.isArrayLiteralExpression(node)) {
    return node.elements.flatMap((element): readonly Json[] => {
      if (!ts.isSpreadElement(element)) return [evaluateConstant(reader, element)];
      const value = evaluateConstant(reader, element.expression);
      return isList(value) ? value : reject(element, "only a list can be spread into a list");
    });
  }
  if (ts.isObjectLiteralExpression(node)) {
    return Object.fromEntries(
      node.properties.map((property) => {
        if (!ts.isPropertyAssignment(property) || ts.isComputedPropertyName(property.name)) {
          return reject(property, "a constant holds plain `name: value` fields only");
        }
        return [property.name.text, evaluateConstant(reader, property.initializer)];
      }),
    );
  }
  if (ts.isIdentifier(node)) {
    const initializer = constantInitializer(symbolOf(reader, node));
    if (initializer !== undefined) return evaluateConstant(reader, initializer);
  }
  return reject(node, "a constant holds literals only: it becomes data in Rego and CEL", "write the value itself");
}

const MAX_INTEGER = 2 ** 31 - 1;

/** The value of a literal. */
export function integerOf(node: ts.NumericLiteral): number {
  const value = Number(node.text);
  if (Number.isInteger(value) && value <= MAX_INTEGER) return value;
  return reject(node, "only integers of 32 bits are in the subset: engines differ on others", "write a whole number");
}

/** The initializer of a `const` that stands at the top of a file; undefined for anything else. */
export function constantInitializer(symbol: ts.Symbol | undefined): ts.Expression | undefined {
  const declaration = symbol?.valueDeclaration;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return undefined;
  const list = declaration.parent;
  if (!ts.isVariableDeclarationList(list) || (list.flags & ts.NodeFlags.Const) === 0) return undefined;
  return ts.isSourceFile(list.parent.parent) ? declaration.initializer : undefined;
}
