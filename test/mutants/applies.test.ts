/** Every mutant applies to the code as it is today: `npm test` notices one that has lost its place. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { rules } from "../../policies/index.js";
import { definitions } from "../constructs/index.js";
import { mutants } from "./mutants.js";

test("there are at least twenty, and no two alike", () => {
  expect(mutants.length).toBeGreaterThanOrEqual(20);
  expect(new Set(mutants.map(({ breaks }) => breaks)).size).toBe(mutants.length);
});

test.each(mutants)("$file: $breaks", ({ file, original, replacement, caughtBy: [comparison, rule] }) => {
  expect(readFileSync(new URL(`../../${file}`, import.meta.url), "utf8").split(original)).toHaveLength(2);
  expect(replacement).not.toBe(original);
  const known = comparison === "agreement" ? rules.map(({ id }) => id) : comparison === "constructs" ? [...definitions.keys()] : [];
  if (rule !== undefined) expect(known).toContain(rule);
});
