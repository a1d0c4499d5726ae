/** Each row of traps.ts, through the whole command. */
import { expect, test } from "vitest";
import { answerTo } from "./answer.js";
import { traps } from "./traps.js";

// A run that hangs fails here.
test.each(traps)("$name", { timeout: 5000 }, async ({ expected, ...trap }) => {
  const { code, said } = await answerTo(trap);
  expect(said.map((each, index) => (each.startsWith("error") ? each.slice(0, expected[index]?.length) : each))).toEqual(expected);
  const errors = expected.filter((each) => each.startsWith("error"));
  expect(code).toBe(errors.length > 0 ? 2 : expected.some((each) => each.startsWith("finding")) ? 1 : 0);
});

test("no two rows have one name", () => {
  expect(new Set(traps.map(({ name }) => name)).size).toBe(traps.length);
});
