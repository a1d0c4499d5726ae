import { describe, expect, test } from "vitest";
import { binary, call, ident, index, list, literal, method, not, optionalSelect, select, ternary, type Cel } from "./ast.js";
import { printCel } from "./print.js";

const a = ident("a");
const b = ident("b");
const c = ident("c");

describe("operators have the parentheses that they need, and no others", () => {
  test.each<[Cel, string]>([
    [binary("||", binary("&&", a, b), c), "a && b || c"],
    [binary("&&", binary("||", a, b), c), "(a || b) && c"],
    [binary("&&", binary("&&", a, b), c), "a && b && c"],
    [binary("-", binary("-", a, b), c), "a - b - c"],
    [binary("-", a, binary("-", b, c)), "a - (b - c)"],
    [binary("*", binary("+", a, b), c), "(a + b) * c"],
    [binary("==", binary("+", a, b), c), "a + b == c"],
    [binary("in", a, list(b, c)), "a in [b, c]"],
    [not(binary("==", a, b)), "!(a == b)"],
    [not(method(a, "exists", b, c)), "!a.exists(b, c)"],
    [ternary(ternary(a, b, c), b, c), "(a ? b : c) ? b : c"],
    [ternary(a, b, ternary(b, c, a)), "a ? b : b ? c : a"],
    [ternary(a, ternary(b, c, a), c), "a ? (b ? c : a) : c"],
    [binary("+", ternary(a, b, c), c), "(a ? b : c) + c"],
    [select(binary("+", a, b), "name"), "(a + b).name"],
    [select(a, "example.com/role"), 'a["example.com/role"]'],
    [method(optionalSelect(a, "labels", "app-name"), "orValue", b), 'a.?labels[?"app-name"].orValue(b)'],
    [method(not(a), "f"), "(!a).f()"],
    [binary("-", a, literal(-1)), "a - -1"],
    [method(literal(-1), "f"), "(-1).f()"],
  ])("%#", (expr, text) => {
    expect(printCel(expr)).toBe(text);
  });
});

test.each<[Cel, string]>([
  [literal('say "a"\n'), '"say \\"a\\"\\n"'],
  [literal(null), "null"],
  [index(a, literal(0)), "a[0]"],
  [method(optionalSelect(a, "spec", "hostNetwork"), "orValue", literal(false)), "a.?spec.?hostNetwork.orValue(false)"],
  [{ kind: "map", entries: [{ key: "a", value: call("dyn", b) }] }, '{"a": dyn(b)}'],
  [{ kind: "message", name: "JSONPatch", fields: [{ name: "op", value: literal("add") }, { name: "value", value: b }] }, 'JSONPatch{op: "add", value: b}'],
  [call("size", list()), "size([])"],
])("prints %#", (expr, text) => {
  expect(printCel(expr)).toBe(text);
});

describe("what is too long for a line is broken", () => {
  const long = (name: string): Cel => ident(name.repeat(40));
  const text = (name: string): string => name.repeat(40);

  test("a chain of one operator has an operand a line", () => {
    expect(printCel([long("a"), long("b"), long("c")].reduce((left, right) => binary("&&", left, right)))).toBe(`${text("a")}\n&& ${text("b")}\n&& ${text("c")}`);
  });

  test("a chain of choices reads downwards", () => {
    const chain = ternary(long("a"), long("b"), ternary(long("c"), long("d"), long("e")));
    expect(printCel(chain)).toBe(`${text("a")}\n? ${text("b")}\n: ${text("c")}\n? ${text("d")}\n: ${text("e")}`);
  });

  test("the binder of a comprehension stays beside its bracket", () => {
    const condition = binary("&&", long("c"), binary("&&", long("d"), long("e")));
    expect(printCel(method(a, "exists", b, condition))).toMatchInlineSnapshot(`
      "a.exists(b,
        cccccccccccccccccccccccccccccccccccccccc
        && (dddddddddddddddddddddddddddddddddddddddd && eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee)
      )"
    `);
  });

  test("a list has an element a line, unless all of them are short", () => {
    expect(printCel(list(...[1, 2, 3].map(() => binary("+", long("a"), b))))).toMatchInlineSnapshot(`
      "[
        aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa + b,
        aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa + b,
        aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa + b
      ]"
    `);
    const numbers = Array.from({ length: 60 }, (_, position) => literal(position));
    expect(printCel(list(...numbers))).not.toContain("\n");
  });
});

test("breaking lines changes nothing but white space", () => {
  const parts = Array.from({ length: 8 }, (_, position) => ternary(method(ident(`list${String(position)}`), "exists", a, binary("==", a, b)), list(a, b), list()));
  const expr = parts.reduce((left, right) => binary("+", left, right));
  const [first, second] = [printCel(expr), parts.map((part) => `(${printCel(part)})`).join(" + ")];
  expect(first).toContain("\n");
  expect(first.replace(/\s+/g, "")).toBe(second.replace(/\s+/g, ""));
});

test("what Kyverno would substitute in a text is written as escapes", () => {
  expect(printCel(literal("x $(x) {{y}} {{{z"))).toBe(String.raw`"x \u0024(x) {\u007by}} {\u007b{z"`);
});
