/** `npm run test:mutants`: each mutant is planted in a copy of the repository, and a comparison of `npm test` must catch it. */
import { afterAll, describe, expect, test } from "vitest";
import { runComparison } from "./copy.js";
import { writeMutantFigures } from "../figures.js";
import { comparisons, type Comparison } from "./mutant.js";
import { mutants } from "./mutants.js";

const caught: string[] = [];
afterAll(() => {
  console.log([`${String(caught.length)} of ${String(mutants.length)} mutants caught`, ...caught].join("\n"));
  writeMutantFigures(mutants.length, caught.length);
});

// Otherwise whatever fails anyway would catch everything.
test.concurrent.each(Object.keys(comparisons) as Comparison[])("%s passes without a mutant", async (comparison) => {
  const { failed, passed } = await runComparison(comparison);
  expect(failed).toEqual([]);
  expect(passed).toBeGreaterThan(0);
});

describe.concurrent("is caught", () => {
  test.each(mutants.map((mutant) => ({ ...mutant, mutant })))("$file: $breaks", async ({ mutant, breaks, caughtBy: [comparison, rule] }) => {
    const { failed } = await runComparison(comparison, rule, mutant);
    const [first] = failed;
    expect(first, `it survives ${comparison}${rule === undefined ? "" : ` of ${rule}`}`).toBeDefined();
    if (process.env["MUTANT_DEBUG"]) console.log(breaks, "|", first?.title, "|", first?.message.slice(0, 300));
    caught.push(`${breaks}: ${mutant.file}: ${comparisons[comparison].file}, ${first?.title ?? ""}`);
  });
});
