import { bounds, excessMessage, limitOf } from "../../policies/kit/frame.js";
import type { LimitName, Limits } from "../../policies/kit/fields.js";
import { defaultLimits, type Reviews } from "../../policies/kit/view.js";
import { CompileError, type Diagnostic } from "../diagnostics.js";
import type { RuleMeta, SourceStatement } from "../compiled.js";
import { text } from "../ir/build.js";
import type { BoundCheck, Expr, SourceProgram, Stmt } from "../ir/ir.js";
import { readDocumentation } from "./documentation.js";
import { readFix } from "./fix.js";
import { readCondition, typeOf } from "./expressions.js";
import { readFunction } from "./functions.js";
import { displayPath, typeErrors } from "./program.js";
import { readRoot } from "./roots.js";
import { newOrigin, newScope, reject, report, type RuleReader, type Scope } from "./scope.js";
import { readStatements } from "./statements.js";
import { isFromKit } from "./types.js";
import { ts } from "./typescript.js";

/** A rule as its source says it. */
export interface RuleSource {
  readonly meta: RuleMeta;
  readonly exemptions: "exempt" | "none";
  readonly program: SourceProgram;
  /** Where the parts of the source stand, for diagnostics of later passes. */
  readonly nodes: { readonly rule: ts.Node; readonly yields: readonly ts.Node[]; readonly positions: readonly ts.Node[]; readonly statements: readonly SourceStatement[]; readonly parameters: ReadonlyMap<string, ts.Node> };
  readonly file: ts.SourceFile;
}

export interface ReadResult {
  readonly source?: RuleSource;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the rule that `file` exports; nothing where it has no default export. */
export function readRule(program: ts.Program, file: ts.SourceFile): ReadResult {
  const checker = program.getTypeChecker();
  const errorsOf = (each: ts.SourceFile): readonly Diagnostic[] => typeErrors(program, each);
  const reader: RuleReader = { checker, errorsOf, reviews: "workloads", functions: new Map(), open: new Set(), constants: new Map(), names: new Set(), positions: [], statements: [], diagnostics: [], refused: new Map() };
  try {
    const assignment = file.statements.find(ts.isExportAssignment) ?? withoutExport(reader, file);
    if (assignment === undefined) return { diagnostics: [] };
    const source = readDefinition(reader, program, file, assignment);
    return { source, diagnostics: reader.diagnostics };
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    report(reader, error);
    return { diagnostics: reader.diagnostics };
  }
}

/** A file of helpers neither exports by default nor defines a rule: one that does and gets here would be a rule that is lost. */
function withoutExport(reader: RuleReader, file: ts.SourceFile): undefined {
  const other = reader.checker.getSymbolAtLocation(file)?.exports?.get(ts.InternalSymbolName.Default)?.declarations?.[0];
  const visit = (node: ts.Node): ts.Node | undefined => {
    const isRule = ts.isCallExpression(node) && isDefineRule(reader, node);
    return isRule ? node : ts.forEachChild(node, visit);
  };
  const lost = other ?? ts.forEachChild(file, visit);
  if (lost !== undefined) reject(lost, "a rule file exports its rule by `export default defineRule({ … })`", "write the two in one statement");
}

function isDefineRule(reader: RuleReader, call: ts.CallExpression): boolean {
  const symbol = aliased(reader, call.expression);
  return symbol?.name === "defineRule" && isFromKit(symbol, "rule");
}

function readDefinition(reader: RuleReader, program: ts.Program, file: ts.SourceFile, assignment: ts.ExportAssignment): RuleSource {
  const call = assignment.expression;
  const definition = ts.isCallExpression(call) && isDefineRule(reader, call) ? call.arguments[0] : undefined;
  if (definition === undefined || !ts.isObjectLiteralExpression(definition)) {
    return reject(assignment, "the default export of a rule file is `defineRule({ … })`", "write the definition in the call itself: it is read, not run");
  }
  const own = paramsDeclarations(file);
  for (const type of (ts.isCallExpression(call) ? call.typeArguments : undefined) ?? []) {
    const symbol = ts.isTypeReferenceNode(type) ? reader.checker.getSymbolAtLocation(type.typeName) : undefined;
    if (!own.some((each) => symbol?.declarations?.includes(each))) reject(type, "the parameters of a rule are the `Params` of its own file", "write `interface Params { … }` above the rule: the schema is read from it");
  }
  const properties = new Map(
    definition.properties.map((property) => [property.name !== undefined && (ts.isIdentifier(property.name) || ts.isStringLiteral(property.name)) ? property.name.text : "", property] as const),
  );
  reader.reviews = optionalText(properties, "reviews") === "namespaces" ? "namespaces" : "workloads";
  const meta = readMeta(properties, definition, assignment, reader.reviews, displayPath(program, file.fileName));
  const exemptions = optionalText(properties, "exemptions") === "none" ? "none" : "exempt";
  if (reader.reviews === "namespaces" && exemptions === "exempt") {
    reject(properties.get("reviews") ?? definition, "`exempt` picks workloads, of which a rule on Namespaces sees none", 'write `exemptions: "none"`, and a parameter of your own');
  }
  const applies = readApplies(reader, properties.get("applies"));
  const { body, yields } = readCheck(reader, properties.get("check") ?? definition);
  const limits = readLimits(properties.get("limits"));
  const fix = readFix(properties.get("fix"), { body, nodes: yields });
  const frame = reader.reviews === "namespaces" ? { bounds: [] } : readFrame(reader, program, definition, limits);
  return {
    meta: fix === undefined ? meta : { ...meta, fix },
    exemptions,
    file,
    nodes: { rule: assignment, yields, positions: reader.positions, statements: reader.statements, parameters: parameterNodes(file) },
    program: {
      reviews: reader.reviews,
      functions: [...reader.functions.values()],
      constants: [...reader.constants.values()],
      ...(applies === undefined ? {} : { applies, appliesOrigin: newOrigin(reader, "applies", properties.get("applies") ?? definition) }),
      ...(exemptions === "none" || !("exempt" in frame) ? {} : { exempt: frame.exempt }),
      bounds: frame.bounds,
      body,
    },
  };
}

function aliased(reader: RuleReader, node: ts.Expression): ts.Symbol | undefined {
  const symbol = reader.checker.getSymbolAtLocation(node);
  return symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0 ? reader.checker.getAliasedSymbol(symbol) : symbol;
}

type Properties = ReadonlyMap<string, ts.ObjectLiteralElementLike>;

function optionalText(properties: Properties, name: string): string | undefined {
  const property = properties.get(name);
  if (property === undefined) return undefined;
  if (ts.isPropertyAssignment(property) && ts.isStringLiteralLike(property.initializer)) return property.initializer.text;
  return reject(property, `\`${name}\` must be a literal: it is read from the source`, `write \`${name}: "…"\``);
}

function readMeta(properties: Properties, definition: ts.Node, assignment: ts.ExportAssignment, reviews: Reviews, file: string): RuleMeta {
  const required = (name: string): string => optionalText(properties, name) ?? reject(definition, `the rule has no \`${name}\``);
  const id = required("id");
  const node = properties.get("id") ?? definition;
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) reject(node, `\`${id}\` is not kebab-case`, "write lower-case words joined by `-`");
  const stem = file.replace(/^.*\//, "").replace(/\.ts$/, "");
  if (id !== stem) reject(node, `the rule \`${id}\` lies in \`${stem}.ts\``, "a rule's file is named as the rule");
  const severity = required("severity");
  const enforcement = required("enforcement");
  if (severity !== "high" && severity !== "medium" && severity !== "low") return reject(definition, `\`${severity}\` is not a severity`, "write high, medium or low");
  if (enforcement !== "deny" && enforcement !== "warn") return reject(definition, `\`${enforcement}\` is not an enforcement`, "write deny or warn");
  const title = required("title");
  // eslint-disable-next-line no-control-regex -- the title stands in comments of the generated files
  if (title.trim() === "" || /[\x00-\x1f\x7f]/.test(title)) reject(properties.get("title") ?? definition, "the title is one line", "write the sentence that the rule enforces");
  return { id, title, ...readDocumentation(assignment), severity, enforcement, reviews, file };
}

function readLimits(property: ts.ObjectLiteralElementLike | undefined): Partial<Limits> {
  if (property === undefined) return {};
  if (!ts.isPropertyAssignment(property) || !ts.isObjectLiteralExpression(property.initializer)) return reject(property, "`limits` must be a literal: it is read from the source");
  return Object.fromEntries(
    property.initializer.properties.map((each): [LimitName, number] => {
      if (!ts.isPropertyAssignment(each) || !ts.isIdentifier(each.name) || !ts.isNumericLiteral(each.initializer)) return reject(each, "a limit is a literal number");
      const name = each.name.text as LimitName; // TypeScript has checked the name
      const limit = Number(each.initializer.text);
      if (Number.isInteger(limit) && limit >= 1 && limit <= defaultLimits[name]) return [name, limit];
      return reject(each, `the limit on ${name} is a whole number from 1 to ${String(defaultLimits[name])}`, "a rule can review fewer elements than the view has, not more");
    }),
  );
}

const plainNames = "only plain names are taken out of what a rule is passed";
const plainNamesHelp = "write `{ pod, workload }`";

/** Binds the parameters of `check` or `applies`: the review and the rule's parameters, whole or destructured. */
function bindArguments(scope: Scope, node: ts.SignatureDeclaration): Scope {
  const [review, parameters] = node.parameters;
  let bound = scope;
  const bind = (parameter: ts.ParameterDeclaration | undefined, toExpr: (name: string, type: Expr["type"]) => Expr, whole: "review" | "parameters"): void => {
    if (parameter === undefined) return;
    if (parameter.initializer !== undefined || parameter.dotDotDotToken !== undefined) reject(parameter, plainNames, plainNamesHelp);
    const { checker } = scope.reader;
    if (ts.isIdentifier(parameter.name)) {
      const symbol = checker.getSymbolAtLocation(parameter.name);
      if (symbol !== undefined) bound = { ...bound, [whole]: symbol };
      return;
    }
    for (const element of parameter.name.elements) {
      if (!ts.isBindingElement(element) || !ts.isIdentifier(element.name) || element.dotDotDotToken !== undefined || element.initializer !== undefined || element.propertyName !== undefined) {
        reject(element, plainNames, plainNamesHelp);
        continue;
      }
      const symbol = checker.getSymbolAtLocation(element.name);
      const { name } = element;
      if (symbol !== undefined) scope.values.set(symbol, toExpr(name.text, typeOf(scope, name)));
    }
  };
  bind(review, (name, type) => readRoot(scope.reader, review ?? node, name, type), "review");
  bind(parameters, (name, type) => ({ kind: "parameter", name, type }), "parameters");
  return bound;
}

function readApplies(reader: RuleReader, property: ts.ObjectLiteralElementLike | undefined): Expr | undefined {
  if (property === undefined) return undefined;
  const isArrow = ts.isPropertyAssignment(property) && ts.isArrowFunction(property.initializer);
  const arrow = isArrow && ts.isArrowFunction(property.initializer) ? property.initializer : undefined;
  if (arrow === undefined || ts.isBlock(arrow.body)) return reject(property, "`applies` must be an arrow function of one expression", "write `applies: ({ pod }) => pod.hostNetwork`");
  return readCondition(bindArguments(newScope(reader), arrow), arrow.body);
}

function readCheck(reader: RuleReader, node: ts.Node): { body: readonly Stmt[]; yields: readonly ts.Node[] } {
  if (!ts.isMethodDeclaration(node) || node.asteriskToken === undefined || node.body === undefined) {
    return reject(node, "the rule has no `*check`", "write `*check({ pod }, params) { … }`");
  }
  const scope = bindArguments(newScope(reader), node);
  const yields: ts.Node[] = [];
  const visit = (each: ts.Node): void => {
    if (ts.isYieldExpression(each)) yields.push(each);
    ts.forEachChild(each, visit);
  };
  visit(node.body);
  if (yields.length === 0) return reject(node.name, "the rule yields nothing", "write `yield violation(at(…), `…`)` where an object is at fault");
  return { body: readStatements(scope, node.body.statements, { isRule: true, inLoop: false }), yields };
}

/** What stands around every rule (policies/kit/frame.ts): its functions are compiled from their source like any helper. */
function readFrame(reader: RuleReader, program: ts.Program, definition: ts.Node, limits: Partial<Limits>): { exempt: Expr; bounds: readonly BoundCheck[] } {
  const file = program.getSourceFiles().find((each) => each.fileName.endsWith("/policies/kit/frame.ts"));
  const exported = file === undefined ? undefined : reader.checker.getSymbolAtLocation(file);
  const scope = newScope(reader);
  const call = (name: string, args: readonly Expr[]): Expr => {
    const symbol = exported?.exports?.get(ts.escapeLeadingUnderscores(name));
    if (symbol === undefined) throw new Error(`policies/kit/frame.ts has no ${name}`);
    const helper = readFunction(scope, definition, symbol);
    return { kind: "call", name: helper.name, args, type: helper.result };
  };
  const root = (name: string, record: string): Expr => ({ kind: "root", name, type: { kind: "record", name: record, isView: true } });
  const pod = root("pod", "Pod");
  const exempt = call("isExempt", [root("workload", "Workload"), pod, { kind: "parameter", name: "exempt", type: { kind: "list", element: { kind: "record", name: "Matcher", isView: false } } }]);
  return {
    exempt,
    bounds: bounds.map((bound) => {
      const limit = limitOf(bound.limit, limits);
      return {
        count: call(bound.count, [pod]),
        limit,
        location: { kind: "template", parts: [{ kind: "path", record: pod, type: { kind: "text", closed: true } }, text("spec.containers")], type: { kind: "location" } },
        message: excessMessage(bound.elements, limit),
        reads: bound.reads,
      };
    }),
  };
}

function paramsDeclarations(file: ts.SourceFile): (ts.InterfaceDeclaration | ts.TypeAliasDeclaration)[] {
  return file.statements.filter((each) => ts.isInterfaceDeclaration(each) || ts.isTypeAliasDeclaration(each)).filter((each) => each.name.text === "Params");
}

function parameterNodes(file: ts.SourceFile): ReadonlyMap<string, ts.Node> {
  const members = paramsDeclarations(file).flatMap((each): readonly ts.TypeElement[] => {
    if (ts.isInterfaceDeclaration(each)) return each.members;
    return ts.isTypeLiteralNode(each.type) ? each.type.members : [];
  });
  return new Map(members.flatMap((member) => (member.name !== undefined && ts.isIdentifier(member.name) ? [[member.name.text, member] as const] : [])));
}
