import { describe, expect, test } from "vitest";
import { afterLast, beforeLast, show, sum, toInteger, trimPrefix, trimSuffix } from "./intrinsics.js";
import { matchesGlob } from "./matcher.js";
import { describeRange, holds } from "./ports.js";

describe("show", () => {
  test.each([
    ["", ""],
    ["a\n\tb\u007f\u0000", "a  b  "],
    ["é 集群 😀 \u0085", "é 集群 😀 \u0085"],
    ["x".repeat(100), "x".repeat(100)],
    ["x".repeat(101), `${"x".repeat(100)}...`],
    ["😀".repeat(100), "😀".repeat(100)],
    ["😀".repeat(101), `${"😀".repeat(100)}...`],
    [`${"x".repeat(99)}\n\n`, `${"x".repeat(99)} ...`],
  ])("%j", (value, shown) => {
    expect(show(value)).toBe(shown);
  });
});

test.each([
  ["0", 0],
  ["08080", 8080],
  ["999999999", 999_999_999],
  ["1000000000", -1],
  ["", -1],
  ["-1", -1],
  ["+1", -1],
  ["1.0", -1],
  [" 1", -1],
  ["1\n", -1],
  ["１", -1],
])("toInteger of %j", (value, number) => {
  expect(toInteger(value, -1)).toBe(number);
});

test.each([
  ["a-b-c", "-", "a-b", "c"],
  ["abc", "-", "abc", "abc"],
  ["-", "-", "", ""],
  ["", "-", "", ""],
  ["a::b", "::", "a", "b"],
  ["a-", "-", "a", ""],
])("beforeLast and afterLast of %j by %j", (value, separator, before, after) => {
  expect(beforeLast(value, separator)).toBe(before);
  expect(afterLast(value, separator)).toBe(after);
});

test.each([
  ["--x", "-", "-x", "--x"],
  ["x--", "-", "x--", "x-"],
  ["x", "", "x", "x"],
  ["", "x", "", ""],
  ["x", "x", "", ""],
])("trimPrefix and trimSuffix of %j by %j take one away", (value, affix, withoutPrefix, withoutSuffix) => {
  expect(trimPrefix(value, affix)).toBe(withoutPrefix);
  expect(trimSuffix(value, affix)).toBe(withoutSuffix);
});

test("the sum of nothing is 0", () => {
  expect(sum([])).toBe(0);
  expect(sum([1, 2, 3])).toBe(6);
});

test.each([
  ["*", "", true],
  ["*", "anything", true],
  ["**", "anything", true],
  ["", "", true],
  ["", "a", false],
  ["a", "a", true],
  ["a", "A", false],
  ["a*", "a", true],
  ["a*", "ba", false],
  ["*a", "a", true],
  ["*a", "ab", false],
  ["*a*", "bab", true],
  ["*a*", "bb", false],
  ["a*b", "acb", false],
  ["a*b", "a*b", true],
  ["a.c", "abc", false],
])("the glob %j and %j", (pattern, value, fits) => {
  expect(matchesGlob(pattern, value)).toBe(fits);
});

describe("a range of ports", () => {
  test.each([
    [{ from: 80, to: 90 }, 80, "UDP", true],
    [{ from: 80, to: 90 }, 90, "TCP", true],
    [{ from: 80, to: 90 }, 79, "TCP", false],
    [{ from: 80, to: 90 }, 91, "TCP", false],
    [{ from: 80, to: 80, protocol: "TCP" as const }, 80, "TCP", true],
    [{ from: 80, to: 80, protocol: "TCP" as const }, 80, "UDP", false],
  ])("%j holds %i/%s: %s", (range, port, protocol, held) => {
    expect(holds(range, port, protocol)).toBe(held);
  });

  test("is named with its protocol where it has one", () => {
    expect(describeRange({ from: 80, to: 90 })).toBe("80-90");
    expect(describeRange({ from: 80, to: 90, protocol: "UDP" })).toBe("80-90/UDP");
  });
});
