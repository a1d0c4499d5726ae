import type { Reviews } from "../../policies/kit/view.js";
import type { Constant, Expr, Function, Stmt } from "../ir/ir.js";
import type { SourceStatement } from "../compiled.js";
import { CompileError, diagnosticAt, type Diagnostic } from "../diagnostics.js";
import { ts } from "./typescript.js";

/** What is shared while one rule is read. */
export interface RuleReader {
  readonly checker: ts.TypeChecker;
  /** What the rule reviews: decides what it is given. */
  reviews: Reviews;
  /** What TypeScript says of a file. */
  readonly errorsOf: (file: ts.SourceFile) => readonly Diagnostic[];
  /** Helper functions by their symbol, in the order in which they are complete: callees first. */
  readonly functions: Map<ts.Symbol, Function<readonly Stmt[]>>;
  /** Functions that are being read: a call to one of them is recursion. */
  readonly open: Set<ts.Symbol>;
  readonly constants: Map<ts.Symbol, Constant>;
  /** Names of functions and constants that are taken. */
  readonly names: Set<string>;
  /** Where positions are bound and numbers computed, in the order of the source. */
  readonly positions: ts.Node[];
  /** The statements of the rule itself. */
  readonly statements: SourceStatement[];
  readonly diagnostics: Diagnostic[];
  /** Why a name could not be declared: its uses say nothing new. */
  readonly refused: Map<ts.Symbol, CompileError>;
}

/** The names that one function sees. */
export interface Scope {
  readonly reader: RuleReader;
  /** What an identifier or a destructured name stands for. */
  readonly values: Map<ts.Symbol, Expr>;
  /** Symbols of the whole `params` and the whole review, of which only fields can be used. */
  readonly parameters?: ts.Symbol;
  readonly review?: ts.Symbol;
  /** Names of locals that are taken in this function. */
  readonly taken: Set<string>;
}

export function newScope(reader: RuleReader): Scope {
  return { reader, values: new Map(), taken: new Set() };
}

/** Notes where a position is bound or a number computed. */
export function newPlace(reader: RuleReader, position: ts.Node): number {
  return reader.positions.push(position) - 1;
}

/** Notes a statement of the rule: what is made of it carries its number. */
export function newOrigin(reader: RuleReader, kind: SourceStatement["kind"], from: ts.Node, to: ts.Node = from): number {
  return reader.statements.push({ kind, start: from.getStart(), end: to.getEnd() }) - 1;
}

/** A name like `wanted` that `taken` does not hold; it holds it afterwards. Fit for Rego and CEL. */
export function unique(taken: Set<string>, wanted: string): string {
  // Rego and CEL spell names in ASCII, and `_` alone is no name in Rego.
  const ascii = wanted.replace(/[^A-Za-z0-9_]/g, "_");
  const base = /[A-Za-z0-9]/.test(ascii) ? ascii : "value";
  let name = base;
  for (let count = 2; taken.has(name); count += 1) name = `${base}${String(count)}`;
  taken.add(name);
  return name;
}

/** Ends the reading of the current statement with a diagnostic at `node`. */
export function reject(node: ts.Node, message: string, help?: string): never {
  throw new CompileError(diagnosticAt(node, message, help));
}

/** Notes what was refused, once. */
export function report(reader: RuleReader, { diagnostic }: CompileError): void {
  const isSame = (each: Diagnostic): boolean => each.message === diagnostic.message && each.file === diagnostic.file && each.line === diagnostic.line && each.column === diagnostic.column;
  if (!reader.diagnostics.some(isSame)) reader.diagnostics.push(diagnostic);
}

/** Ends the reading where the file of a helper or a table does not type-check: what is read of it could be anything. */
export function expectTyped(reader: RuleReader, declaration: ts.Node | undefined): void {
  const [first] = declaration === undefined ? [] : reader.errorsOf(declaration.getSourceFile());
  if (first !== undefined) throw new CompileError(first);
}

/** The symbol that `node` names, imports followed to what they import. */
export function symbolOf(reader: RuleReader, node: ts.Node): ts.Symbol | undefined {
  const symbol = reader.checker.getSymbolAtLocation(node);
  const isAlias = symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0;
  return isAlias ? reader.checker.getAliasedSymbol(symbol) : symbol;
}
