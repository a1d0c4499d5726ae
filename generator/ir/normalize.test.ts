import { describe, expect, test } from "vitest";
import { integer, literal, text } from "./build.js";
import { booleanType, integerType, locationType, textType, type Expr, type Step, type Stmt } from "./ir.js";
import { normalize } from "./normalize.js";

const bool = (name: string): Expr => ({ kind: "local", name, type: booleanType });
const list: Expr = { kind: "local", name: "list", type: { kind: "list", element: textType } };
const place: Expr = { kind: "text", value: "spec", type: locationType };
const finding = (name: string): Stmt => ({ kind: "yield", location: place, message: text(name) });
const when = (name: string, then: readonly Stmt[], otherwise: readonly Stmt[] = []): Stmt => ({ kind: "if", condition: bool(name), then, otherwise });
const loop = (body: readonly Stmt[]): Stmt => ({ kind: "for", list, item: "x", body });
const end: Stmt = { kind: "return" };
const next: Stmt = { kind: "continue" };

/** The tree in a few words: `a?(…:…)`, `each(…)`, `let a(…)`, messages, `;` between what runs one after the other. */
function brief(step: Step): string {
  switch (step.kind) {
    case "each":
      return `each(${brief(step.body)})`;
    case "let":
      return `let ${step.name}(${brief(step.body)})`;
    case "if":
      return `${step.condition.kind === "local" ? step.condition.name : step.condition.kind}?(${brief(step.then)}:${brief(step.otherwise)})`;
    case "seq":
      return step.steps.map(brief).join(";");
    case "yield":
      return step.message.kind === "text" ? step.message.value : step.message.kind;
  }
}

const step = (body: readonly Stmt[]): Step => normalize({ reviews: "workloads", functions: [], constants: [], bounds: [], body }).body;

describe("statements become a tree", () => {
  test.each<[string, readonly Stmt[], string]>([
    ["nothing", [], ""],
    ["two yields keep their order", [finding("1"), finding("2")], "1;2"],
    ["what follows an early return runs in the other branch", [when("a", [end]), finding("1"), finding("2")], "a?(:1;2)"],
    ["early returns nest", [when("a", [end]), when("b", [end]), finding("1")], "a?(:b?(:1))"],
    ["a branch that yields and returns drops the rest", [when("a", [finding("1"), end]), finding("2")], "a?(1:2)"],
    ["an else that returns", [when("a", [finding("1")], [end]), finding("2")], "a?(1;2:)"],
    ["an if without an exit stands beside what follows", [when("a", [finding("1")]), finding("2")], "a?(1:);2"],
    ["an exit deep inside moves the rest into every branch that goes on", [when("a", [when("b", [end]), finding("1")], [finding("2")]), finding("3")], "a?(b?(:1;3):2;3)"],
    ["what follows a return is dead", [end, finding("1")], ""],
    ["continue ends its own loop only", [loop([when("a", [next]), finding("1")]), finding("2")], "each(a?(:1));2"],
    ["a loop that yields nothing vanishes", [loop([when("a", [next])]), finding("1")], "1"],
    ["loops nest", [loop([loop([finding("1")]), finding("2")])], "each(each(1);2)"],
    ["an if of which nothing is left vanishes", [when("a", [], [])], ""],
  ])("%s", (_, body, expected) => {
    expect(brief(step(body))).toBe(expected);
  });

  test("a const encloses what follows where that uses it", () => {
    const named: Stmt = { kind: "const", name: "n", value: bool("a") };
    expect(brief(step([named, when("n", [finding("1")])]))).toBe("let n(n?(1:))");
    expect(brief(step([named, finding("1")]))).toBe("1");
  });

  test("a condition that is known is decided", () => {
    expect(brief(step([{ kind: "if", condition: literal(true), then: [finding("1")], otherwise: [finding("2")] }]))).toBe("1");
  });
});

describe("a helper function becomes an expression", () => {
  const result = (body: readonly Stmt[]): Expr | undefined => normalize({ reviews: "workloads", functions: [{ name: "f", parameters: [], result: integerType, body }], constants: [], bounds: [], body: [] }).functions[0]?.body;
  const give = (value: number): Stmt => ({ kind: "return", value: integer(value) });

  test("early returns become choices", () => {
    expect(result([when("a", [give(1)]), when("b", [give(2)], [give(3)])])).toMatchObject({
      kind: "conditional",
      condition: { name: "a" },
      then: { value: 1 },
      otherwise: { kind: "conditional", condition: { name: "b" }, then: { value: 2 }, otherwise: { value: 3 } },
    });
  });

  test("a const becomes a let where it is used", () => {
    const n: Stmt = { kind: "const", name: "n", value: integer(1) };
    expect(result([n, { kind: "return", value: { kind: "local", name: "n", type: integerType } }])).toMatchObject({ kind: "let", name: "n" });
    expect(result([n, give(2)])).toMatchObject({ kind: "integer", value: 2 });
  });
});
