import { conditional, isNothing, localLet, nothing, seq, simplify, stepIf } from "./build.js";
import { canEnd } from "./growth.js";
import { assertNever, type Expr, type NormalProgram, type SourceProgram, type Step, type Stmt } from "./ir.js";
import { countUses, stepExprs } from "./walk.js";

/** Turns statements into a tree in which what runs next lies inside what decides that it runs. */
export function normalize(program: SourceProgram): NormalProgram {
  return {
    ...program,
    ...(program.applies === undefined ? {} : { applies: simplify(program.applies) }),
    functions: program.functions.map((helper) => ({ ...helper, body: toExpr(helper.body.map(simplified)) })),
    body: toStep(program.body.map(simplified), () => nothing),
  };
}

/** A copy of which every expression is simplified; once, so that what is repeated below stays one expression. */
function simplified(statement: Stmt): Stmt {
  switch (statement.kind) {
    case "const":
      return { ...statement, value: simplify(statement.value) };
    case "if":
      return { ...statement, condition: simplify(statement.condition), then: statement.then.map(simplified), otherwise: statement.otherwise.map(simplified) };
    case "for":
      return { ...statement, list: simplify(statement.list), body: statement.body.map(simplified) };
    case "yield":
      return { ...statement, location: simplify(statement.location), message: simplify(statement.message) };
    case "return":
      return statement.value === undefined ? statement : { ...statement, value: simplify(statement.value) };
    case "continue":
      return statement;
    default:
      return assertNever(statement);
  }
}

/** `rest` gives what runs after the statements, where none of them ends the body. */
function toStep(statements: readonly Stmt[], rest: () => Step): Step {
  const [first, ...others] = statements;
  if (first === undefined) return rest();
  const next = (): Step => toStep(others, rest);
  switch (first.kind) {
    case "const":
      return stepLet(first, next());
    case "if": {
      // What follows an `if` that can end the body moves into its branches; a branch that ends it drops it.
      const after = canEnd(first.then) || canEnd(first.otherwise) ? next : undefined;
      const branch = (body: readonly Stmt[]): Step => toStep(body, after ?? (() => nothing));
      const chosen = stepIf(first.condition, branch(first.then), branch(first.otherwise), first.origin);
      return after === undefined ? seq([chosen, next()]) : chosen;
    }
    case "for": {
      const { kind: _, body, ...iteration } = first;
      const inner = toStep(body, () => nothing);
      return isNothing(inner) ? next() : seq([{ kind: "each", ...iteration, body: inner }, next()]);
    }
    case "yield":
      return seq([first, next()]);
    case "return":
    case "continue":
      return nothing;
    default:
      return assertNever(first);
  }
}

function stepLet({ name, value, origin }: Stmt & { kind: "const" }, body: Step): Step {
  const isUsed = stepExprs(body).some((expr) => countUses(expr, name) > 0);
  return isUsed ? { kind: "let", name, value, body, origin } : body;
}

/** The value that a helper function returns, as one expression. */
function toExpr(statements: readonly Stmt[]): Expr {
  const [first, ...others] = statements;
  if (first === undefined) throw new TypeError("a helper function ends without a value, which TypeScript must have refused");
  switch (first.kind) {
    case "const": {
      const body = toExpr(others);
      return countUses(body, first.name) === 0 ? body : localLet(first.name, first.value, body);
    }
    case "if":
      return conditional(first.condition, toExpr([...first.then, ...others]), toExpr([...first.otherwise, ...others]));
    case "return":
      if (first.value !== undefined) return first.value;
      throw new TypeError("a helper function returns nothing, which the front end must have refused");
    case "for":
    case "yield":
    case "continue":
      throw new TypeError(`a helper function holds a ${first.kind}, which the front end must have refused`);
    default:
      return assertNever(first);
  }
}
