import { viewTable, type RecordName } from "../../policies/kit/view.js";
import type { Expr, SourceProgram, Stmt } from "./ir.js";
import { isForeign, namesForeignPlace, type Foreign } from "./foreign.js";
import { isNeverEmpty, literalsOf, type Bindings, type Functions } from "./messages.js";
import { visitExpr } from "./walk.js";

/** A fault that is found on the IR; the caller knows where the yield, the parameter or the position stands in the source. */
export type Fault =
  | { readonly kind: "yield"; readonly index: number; readonly message: string; readonly help: string }
  | { readonly kind: "parameter"; readonly name: string; readonly message: string; readonly help: string }
  /** `place`: of the position or of the arithmetic, as the representation has it. */
  | { readonly kind: "position"; readonly place: number; readonly message: string; readonly help: string };

/**
 * Checks what the types of TypeScript do not say: a message holds texts of the user's only through `show`,
 * and every declared parameter is used.
 */
export function check(program: SourceProgram, declared: readonly string[]): Fault[] {
  const functions = new Map(program.functions.map((each) => [each.name, each]));
  const faults: Fault[] = [];
  let yields = 0;
  const visit = (statements: readonly Stmt[], env: Env, outer: Bindings, others: Foreign): void => {
    let scope = env;
    let bindings = outer;
    let foreign = others;
    const isOther = (expr: Expr): boolean => isForeign(expr, foreign, program.reviews);
    for (const each of statements) {
      if (each.kind === "const") {
        scope = new Map(scope).set(each.name, isUserText(each.value, scope, functions));
        bindings = new Map(bindings).set(each.name, each.value);
        foreign = new Map(foreign).set(each.name, isOther(each.value));
      }
      if (each.kind === "if") {
        visit(each.then, scope, bindings, foreign);
        visit(each.otherwise, scope, bindings, foreign);
      }
      if (each.kind === "for") visit(each.body, new Map(scope).set(each.item, isUserText(each.list, scope, functions)), bindings, new Map(foreign).set(each.item, isOther(each.list)));
      if (each.kind === "yield") {
        faults.push(...messageFaults(each.message, yields, scope, bindings, functions));
        if (namesForeignPlace(each.location, foreign, program.reviews)) {
          faults.push({ kind: "yield", index: yields, message: "the place lies in another object than the one under review", help: "name a place of `pod`, `workload` or what they hold, and the other object in the message" });
        }
        yields += 1;
      }
    }
  };
  visit(program.body, new Map(), new Map(), new Map());
  const used = usedParameters(program);
  for (const name of declared.filter((each) => !used.has(each))) {
    faults.push({ kind: "parameter", name, message: `the parameter \`${name}\` is not used`, help: "use it in `check`, or remove it: an option without effect misleads" });
  }
  return faults;
}

/** Whether what a local is bound to, or an element of it, is a text that the author of a workload chose. */
type Env = ReadonlyMap<string, boolean>;

function messageFaults(message: Expr, index: number, env: Env, bindings: Bindings, functions: Functions): Fault[] {
  const faults: Fault[] = [];
  if (isUserText(message, env, functions)) {
    faults.push({ kind: "yield", index, message: "the message holds a text of the user's as it stands", help: "pass it through `show(…)`, which shortens it and keeps the message on one line" });
  }
  // eslint-disable-next-line no-control-regex -- control characters are what it is about
  if (literalsOf(message, bindings, functions).some((text) => /[\x00-\x1f\x7f]/.test(text))) {
    faults.push({ kind: "yield", index, message: "a message is one line", help: "leave out line breaks and tabs: engines fall back to a static message where they find one" });
  }
  if (faults.length === 0 && !isNeverEmpty(message, bindings, functions)) {
    faults.push({ kind: "yield", index, message: "the message may be empty, which CEL takes for no finding", help: "write words of your own around what it shows" });
  }
  return faults;
}

function isUserText(expr: Expr, env: Env, functions: Functions): boolean {
  const again = (each: Expr): boolean => isUserText(each, env, functions);
  if (expr.type.kind !== "text" && expr.type.kind !== "list") return false;
  switch (expr.kind) {
    case "text":
    case "path":
      return false;
    case "field":
      // What the view itself says (the list that a record came from) is nobody's text.
      return expr.record.type.kind === "record" && expr.record.type.isView ? !isSource(expr.record.type.name, expr.name) : isOpen(expr);
    case "parameter":
    case "constant":
      return expr.kind === "parameter" && isOpen(expr);
    case "optional":
      return isOpen(expr) || again(expr.fallback);
    case "entry":
      return true;
    case "local":
      return env.get(expr.name) ?? isOpen(expr);
    case "intrinsic":
      return expr.name !== "show" && expr.args.some(again);
    case "call": {
      const helper = functions.get(expr.name);
      if (helper === undefined) return true;
      const inner = new Map(helper.parameters.map((parameter, index) => [parameter.name, expr.args[index] === undefined || again(expr.args[index])]));
      return returns(helper.body, inner, functions);
    }
    case "map":
      return isUserText(expr.value, new Map(env).set(expr.item, again(expr.list)), functions);
    case "let":
      return isUserText(expr.body, new Map(env).set(expr.name, again(expr.value)), functions);
    case "conditional":
      return again(expr.then) || again(expr.otherwise);
    case "filter":
      return again(expr.list);
    case "element":
      return again(expr.list) || again(expr.fallback);
    case "template":
      return expr.parts.some(again);
    case "list":
      return expr.elements.some(again);
    case "concat":
      return expr.lists.some(again);
    case "join":
      return again(expr.list) || again(expr.separator);
    case "split":
      return again(expr.text);
    default:
      return false;
  }
}

function isSource(record: string, name: string): boolean {
  return Object.hasOwn(viewTable, record) && viewTable[record as RecordName][name]?.type === "source"; // just looked up
}

/** Whether the type itself does not hold the text to a known set. */
function isOpen(expr: Expr): boolean {
  const type = expr.type.kind === "list" ? expr.type.element : expr.type;
  return type.kind !== "text" || !type.closed;
}

function returns(statements: readonly Stmt[], env: Env, functions: Functions): boolean {
  let scope = env;
  return statements.some((each) => {
    if (each.kind === "const") scope = new Map(scope).set(each.name, isUserText(each.value, scope, functions));
    if (each.kind === "if") return returns(each.then, scope, functions) || returns(each.otherwise, scope, functions);
    return each.kind === "return" && each.value !== undefined && isUserText(each.value, scope, functions);
  });
}

function usedParameters(program: SourceProgram): Set<string> {
  const used = new Set<string>();
  const note = (expr: Expr): void => visitExpr(expr, (each) => each.kind === "parameter" && used.add(each.name));
  const visit = (statements: readonly Stmt[]): void => {
    for (const each of statements) {
      if (each.kind === "const") note(each.value);
      if (each.kind === "if") {
        note(each.condition);
        visit(each.then);
        visit(each.otherwise);
      }
      if (each.kind === "for") {
        note(each.list);
        visit(each.body);
      }
      if (each.kind === "yield") [each.location, each.message].forEach(note);
    }
  };
  visit(program.body);
  if (program.applies !== undefined) note(program.applies);
  return used;
}
