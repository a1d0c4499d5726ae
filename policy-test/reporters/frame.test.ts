import { expect, test } from "vitest";
import { codeFrame } from "./frame.js";

const frame = (text: string, column: number, above = ""): string => codeFrame(new Map([[9, above], [10, text]]), 10, column).join("\n");

test.each<readonly [string, string, number, string]>([
  ["a plain scalar", "hostNetwork: true", 14, "10 | hostNetwork: true\n   |              ^^^^"],
  ["an image with colons", "image: a.example:5000/b:1 # why", 8, "10 | image: a.example:5000/b:1 # why\n   |        ^^^^^^^^^^^^^^^^^^"],
  ["a key", "  spec:", 3, "10 |   spec:\n   |   ^^^^"],
  ["a quoted scalar", 'a: "b, \\" c"', 4, '10 | a: "b, \\" c"\n   |    ^^^^^^^^^'],
  ["the end of a line", "a:", 3, "10 | a:\n   |   ^"],
  ["a column beyond what is known of the line", "a", 9, ""],
  ["an empty line", "", 1, "10 |\n   | ^"],
  ["tabs", "\ta:\tb", 5, "10 |   a:  b\n   |       ^"],
  ["wide characters", "名前: 値段", 5, "10 | 名前: 値段\n   |       ^^^^"],
  ["combining characters", "e\u0301: x", 5, "10 | e\u0301: x\n   |    ^"],
  ["emoji, of several code points", "👩‍👩‍👧: x", 11, "10 | 👩‍👩‍👧: x\n   |     ^"],
  ["control characters", "\u001b[31m: x", 8, "10 | \ufffd[31m: x\n   |        ^"],
])("%s", (_, text, column, expected) => {
  expect(frame(text, column)).toBe(expected);
});

test("the line before", () => {
  expect(frame("  a: 1", 6, "spec:")).toBe(" 9 | spec:\n10 |   a: 1\n   |      ^");
});

test("a line that is not known", () => {
  expect(codeFrame(new Map(), 10, 1)).toEqual([]);
});

test.each<readonly [string, string, number]>([
  ["in the middle", `${"x".repeat(5000)} here: ${"y".repeat(5000)}`, 5002],
  ["at the start", `here: ${"y".repeat(9000)}`, 1],
  ["at the end", `${"漢".repeat(4000)} here`, 4002],
  ["among wide characters", `${"漢".repeat(300)}x here ${"漢".repeat(300)}`, 303],
])("a long line is cut around the place: %s", (_, text, column) => {
  const [line = "", mark = ""] = frame(text, column).split("\n");
  expect(line.length).toBeLessThan(120);
  // Wide characters before the mark would move it; here they are counted twice.
  const doubled = line.replace(/漢/g, "漢_");
  expect(doubled.slice(mark.indexOf("^"), mark.lastIndexOf("^") + 1)).toMatch(/^here/);
});
