import { describe, expect, test } from "vitest";
import { array, assign, call, holds, infix, ref, scalar, variable, type Clause, type Literal, type Rule, type Term } from "./ast.js";
import { printModule } from "./print.js";

const a = variable("a");
const b = variable("b");
const c = variable("c");

const rule = (clause: Clause, more: Partial<Rule> = {}): Rule => ({ name: "r", clause, otherwise: [], ...more });
const print = (...rules: readonly Rule[]): string => printModule({ comments: [], packagePath: ["p"], rules, library: [] }).replace("package p\n\n", "");
const value = (term: Term): string => print(rule({ value: term, body: [] })).replace(/^r := /, "").trimEnd();
const body = (...literals: readonly Literal[]): string => print(rule({ body: literals }));

// opa fmt sets more parentheses than the grammar asks for: around every operator inside of a sum, a product or `in`.
describe("operators have the parentheses that opa fmt gives them", () => {
  test.each<[Term, string]>([
    [infix("+", infix("*", a, b), c), "(a * b) + c"],
    [infix("*", infix("+", a, b), c), "(a + b) * c"],
    [infix("-", infix("-", a, b), c), "(a - b) - c"],
    [infix("-", a, infix("-", b, c)), "a - (b - c)"],
    [infix("==", infix("-", a, b), infix("*", b, c)), "a - b == b * c"],
    [infix("<=", infix("+", a, scalar(1)), b), "a + 1 <= b"],
    [infix("in", infix("==", a, b), c), "(a == b) in c"],
    [infix("==", infix("in", a, b), c), "(a in b) == c"],
  ])("%#", (term, text) => {
    expect(value(term)).toBe(text);
  });
});

describe("terms", () => {
  test.each<[Term, string]>([
    [ref(ref(a, "name"), "in-dashes", b), 'a.name["in-dashes"][b]'],
    [scalar('say "a"\n'), '"say \\"a\\"\\n"'],
    // Line breaks to YAML, in which templates lie.
    [scalar("a\u2028b\u0085"), '"a\\u2028b\\u0085"'],
    [array([]), "[]"],
    [{ kind: "object", entries: [{ key: "msg", value: a }] }, '{"msg": a}'],
    [call("array.concat", a, b), "array.concat(a, b)"],
    [{ kind: "comprehension", head: a, body: [{ kind: "some", item: "a", list: b }] }, "[a | some a in b]"],
  ])("%#", (term, text) => {
    expect(value(term)).toBe(text);
  });

  test("lists that are too long for a line have an element a line", () => {
    const long = scalar("x".repeat(60));
    expect(value(array([long, long]))).toBe(`[\n\t"${"x".repeat(60)}",\n\t"${"x".repeat(60)}",\n]`);
  });

  test("a comprehension of several lines is broken, and a call around it where it is not the last argument", () => {
    const comprehension: Term = { kind: "comprehension", head: a, body: [{ kind: "some", item: "a", list: b }, holds(infix(">", a, scalar(1)))] };
    expect(value(call("concat", scalar(""), comprehension))).toBe('concat("", [a |\n\tsome a in b\n\ta > 1\n])');
    expect(value(call("f", comprehension, a))).toBe("f(\n\t[a |\n\t\tsome a in b\n\t\ta > 1\n\t],\n\ta,\n)");
  });
});

test("a body has a condition a line", () => {
  const inner: Literal = { kind: "every", index: "i", item: "x", list: b, body: [holds(infix("<", variable("i"), a)), holds(call("f", variable("x")), true)] };
  expect(body(assign("a", scalar(1)), { kind: "some", index: "i", item: "x", list: b }, inner)).toBe("r if {\n\ta := 1\n\tsome i, x in b\n\tevery i, x in b {\n\t\ti < a\n\t\tnot f(x)\n\t}\n}\n");
});

test("no line of a body starts with a minus, which OPA would take for a subtraction from the line before", () => {
  const minusSeven = scalar(-7);
  expect(body(holds(infix("<", minusSeven, a)), holds(infix("<", infix("+", minusSeven, a), b)))).toBe("r if {\n\t0 - 7 < a\n\t(0 - 7) + a < b\n}\n");
  expect(value(infix("+", minusSeven, a))).toBe("-7 + a");
});

test("rules have comments, arguments, elements and else branches", () => {
  const text = print(
    rule({ value: scalar(1), body: [holds(a)] }, { comment: "First.", args: ["a", "_"], otherwise: [{ value: scalar(2), body: [holds(b)] }, { value: scalar(3), body: [] }] }),
    rule({ body: [holds(a)] }, { contains: b }),
  );
  expect(text).toBe("# First.\nr(a, _) := 1 if {\n\ta\n} else := 2 if {\n\tb\n} else := 3\n\nr contains b if {\n\ta\n}\n");
});

test("a module has its comments first and the library last", () => {
  const text = printModule({ comments: ["Title.", "Generated."], packagePath: ["policies", "in-dashes"], rules: [rule({ value: scalar(true), body: [] })], library: ["f(x) := x\n"] });
  expect(text).toBe('# Title.\n# Generated.\n\npackage policies["in-dashes"]\n\nr := true\n\nf(x) := x\n');
});
