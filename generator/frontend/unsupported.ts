import { ts } from "./typescript.js";

/** What to say of syntax outside the subset: what it is, and what to write instead. */
export interface Unsupported {
  readonly what: string;
  readonly help: string;
}

const loops = "write `for (const x of list)`, or `list.some(…)` and `list.every(…)` in a condition";

/** The syntax outside the subset that has words of its own; docs/subset.md has the same rows. */
export const unsupportedSyntax: ReadonlyMap<ts.SyntaxKind, Unsupported> = new Map([
  [ts.SyntaxKind.WhileStatement, { what: "`while` is not in the subset: Rego and CEL always end", help: loops }],
  [ts.SyntaxKind.DoStatement, { what: "`do` is not in the subset: Rego and CEL always end", help: loops }],
  [ts.SyntaxKind.ForStatement, { what: "`for (;;)` is not in the subset: Rego and CEL have no counter", help: loops }],
  [ts.SyntaxKind.ForInStatement, { what: "`for … in` is not in the subset: maps have no order", help: "read a map by key: `map[\"key\"] ?? \"\"`" }],
  [ts.SyntaxKind.BreakStatement, { what: "`break` is not in the subset", help: "test for an earlier element with `list.some(…)`" }],
  [ts.SyntaxKind.LabeledStatement, { what: "labels are not in the subset", help: "continue the innermost loop" }],
  [ts.SyntaxKind.SwitchStatement, { what: "`switch` is not in the subset", help: "write `if … else`, or a conditional expression" }],
  [ts.SyntaxKind.TryStatement, { what: "`try` is not in the subset: nothing in a rule throws", help: "leave it out" }],
  [ts.SyntaxKind.ThrowStatement, { what: "`throw` is not in the subset", help: "yield a violation" }],
  [ts.SyntaxKind.FunctionDeclaration, { what: "a function inside a function is not in the subset", help: "declare it beside the rule" }],
  [ts.SyntaxKind.FunctionExpression, { what: "a function expression is not in the subset", help: "write an arrow function as the argument of `some`, `every`, `filter` or `map`" }],
  [ts.SyntaxKind.ArrowFunction, { what: "an arrow function stands only as the argument of `some`, `every`, `filter` or `map`", help: "declare a function beside the rule" }],
  [ts.SyntaxKind.AsExpression, { what: "`as` hides the type that the compiler needs", help: "leave it out, or give the value a type that fits" }],
  [ts.SyntaxKind.NonNullExpression, { what: "`!` claims what the engines cannot rely on", help: "give the value a default with `??`" }],
  [ts.SyntaxKind.AwaitExpression, { what: "`await` is not in the subset: a rule sees only what it is given", help: "use what `check` is passed" }],
  [ts.SyntaxKind.NewExpression, { what: "`new` is not in the subset", help: "use plain objects and lists" }],
  [ts.SyntaxKind.ThisKeyword, { what: "`this` is not in the subset", help: "use what the function is passed" }],
  [ts.SyntaxKind.TypeOfExpression, { what: "`typeof` is not in the subset: every value of the view has its type", help: "leave the test out" }],
  [ts.SyntaxKind.DeleteExpression, { what: "`delete` is not in the subset: nothing changes in a rule", help: "compute a new value" }],
  [ts.SyntaxKind.PostfixUnaryExpression, { what: "nothing changes in a rule: no `++` and `--`", help: "use `const`, and `list.filter(…).length` to count" }],
  [ts.SyntaxKind.RegularExpressionLiteral, { what: "a regular expression stands only before `.test(text)`", help: "write `/…/.test(text)`" }],
  [ts.SyntaxKind.NullKeyword, { what: "`null` does not occur in the view", help: "compare with the default of the field" }],
  [ts.SyntaxKind.BigIntLiteral, { what: "big integers are not in the subset", help: "write an ordinary integer" }],
  [ts.SyntaxKind.YieldExpression, { what: "`yield` stands only as a statement: `yield violation(…)`", help: "yield each violation in a statement of its own" }],
]);

/** What to say of `node`, of which no more is known than that it is outside the subset. */
export function unsupported(node: ts.Node): Unsupported {
  return (
    unsupportedSyntax.get(node.kind) ?? {
      what: `${nameOf(node.kind).replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase()} is not in the subset`,
      help: "docs/subset.md lists what a rule may use",
    }
  );
}

/** The enumeration has other names for its boundaries (`LastStatement`); a kind's own name comes first. */
function nameOf(kind: ts.SyntaxKind): string {
  return Object.entries(ts.SyntaxKind).find(([, value]) => value === kind)?.[0] ?? "this syntax";
}
