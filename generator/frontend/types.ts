import { viewTable } from "../../policies/kit/view.js";
import { booleanType, closedTextType, integerType, locationType, textType, type Type } from "../ir/ir.js";
import { CompileError, diagnosticAt } from "../diagnostics.js";
import { ts } from "./typescript.js";

/** Whether `symbol` is declared in the kit's file of that name (without `.ts`). */
export function isFromKit(symbol: ts.Symbol | undefined, file: string): boolean {
  return (symbol?.declarations ?? []).some((declaration) =>
    new RegExp(`/policies/kit/${file}(\\.d)?\\.ts$`).test(declaration.getSourceFile().fileName),
  );
}

/** The type without `undefined` and `null`, and whether it had one of them. */
export function withoutUndefined(checker: ts.TypeChecker, type: ts.Type): { type: ts.Type; optional: boolean } {
  if ((type.flags & ts.TypeFlags.Unknown) !== 0) return { type, optional: false }; // `{}` would be left of it, which says less
  const bare = checker.getNonNullableType(type);
  return { type: bare, optional: bare !== type };
}

/**
 * The IR's type for a type of TypeScript.
 * @throws CompileError for types outside the subset (`any`, real unions, functions, tuples …)
 */
export function irType(checker: ts.TypeChecker, type: ts.Type, node: ts.Node): Type {
  const reject: Reject = (what, help) => {
    throw new CompileError(diagnosticAt(node, what, help));
  };
  if ((type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0) {
    return reject(`\`${checker.typeToString(type)}\` has no meaning in Rego and CEL`, "give it a type: boolean, number, string, a list or an interface");
  }
  if ((type.flags & ts.TypeFlags.BooleanLike) !== 0) return booleanType;
  if ((type.flags & ts.TypeFlags.NumberLike) !== 0) return integerType;
  if ((type.flags & ts.TypeFlags.StringLiteral) !== 0) return closedTextType;
  if ((type.flags & ts.TypeFlags.StringLike) !== 0) return textType;
  // The element of an empty list: any type will do, and nothing is ever read of it.
  if ((type.flags & ts.TypeFlags.Never) !== 0) return textType;
  if (type.isUnion()) return unionType(checker, type, node, reject);
  if (isUnordered(type)) {
    const [element] = checker.getTypeArguments(type as ts.TypeReference); // an instance of a generic interface
    if (element !== undefined) return { kind: "list", element: irType(checker, withoutUndefined(checker, element).type, node) };
  }
  if (checker.isTupleType(type)) return reject("tuples are not in the subset", "use a list or an object");
  if (checker.isArrayType(type)) {
    const [element] = checker.getTypeArguments(type as ts.TypeReference); // isArrayType has just said so
    if (element !== undefined) return { kind: "list", element: irType(checker, withoutUndefined(checker, element).type, node) };
  }
  if ((type.flags & ts.TypeFlags.Object) !== 0 && type.getCallSignatures().length === 0) {
    return objectType(checker, type, reject);
  }
  return reject(`values of type \`${checker.typeToString(type)}\` are not in the subset`, plainTypes);
}

/** Whether values of the type are the kit's lists without an order. */
export function isUnordered(type: ts.Type): boolean {
  const symbol = type.symbol as ts.Symbol | undefined; // literals have none
  return symbol?.name === "Unordered" && isFromKit(symbol, "fields");
}

const plainTypes = "use booleans, integers, texts, lists and plain interfaces";

type Reject = (what: string, help: string) => never;

function unionType(checker: ts.TypeChecker, type: ts.UnionType, node: ts.Node, reject: Reject): Type {
  const members = type.types.filter((member) => (member.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)) === 0);
  const [first] = members.map((member) => irType(checker, member, node));
  if (first === undefined) return reject("`undefined` is not a value in the subset", "give the value a default with `??`");
  if (members.every((member) => (member.flags & ts.TypeFlags.StringLike) !== 0)) {
    return members.every((member) => (member.flags & ts.TypeFlags.StringLiteral) !== 0) ? closedTextType : textType;
  }
  const kinds = new Set(members.map((member) => irType(checker, member, node).kind));
  // Lists of different records may stand for one list; what is read of them has been checked by TypeScript.
  if (kinds.size === 1) return first;
  return reject(`the union \`${checker.typeToString(type)}\` is not in the subset`, "use one type, or a union of texts such as \"a\" | \"b\"");
}

function objectType(checker: ts.TypeChecker, type: ts.Type, reject: Reject): Type {
  const symbol = (type.aliasSymbol ?? type.symbol) as ts.Symbol | undefined; // TypeScript's `{}` has none
  if (symbol === undefined) return reject(`values of type \`${checker.typeToString(type)}\` are not in the subset`, plainTypes);
  if (isFromKit(symbol, "view") && Object.hasOwn(viewTable, symbol.name)) return { kind: "record", name: symbol.name, isView: true };
  if (symbol.name === "Location" && isFromKit(symbol, "rule")) return locationType;
  const entries = type.getProperties().length === 0 ? checker.getIndexInfoOfType(type, ts.IndexKind.String) : undefined;
  if (entries === undefined) return { kind: "record", name: symbol.name, isView: false };
  if ((entries.type.flags & ts.TypeFlags.StringLike) === 0) return reject("maps from text to text only are in the subset", "write a list of records");
  return { kind: "map", quantities: symbol.name === "Quantities" && isFromKit(symbol, "fields") };
}

/** Whether a value of the type has entries whose names the type does not say. */
export function holdsMap(checker: ts.TypeChecker, type: ts.Type): boolean {
  if (checker.isArrayType(type)) return checker.getTypeArguments(type as ts.TypeReference).some((element) => holdsMap(checker, element)); // isArrayType has just said so
  if ((type.flags & ts.TypeFlags.Object) === 0) return false;
  return checker.getIndexInfoOfType(type, ts.IndexKind.String) !== undefined || type.getProperties().some((property) => holdsMap(checker, checker.getTypeOfSymbol(property)));
}
