/** The README's table of traps is the one that the tests and the last measurement make. */
import { expect, test } from "vitest";
import { digestOf, readMeasured, tableIn, tableText } from "../test/traps/table.js";
import { traps } from "../test/traps/traps.js";
import { read } from "./markdown.js";

const measured = readMeasured();

test("it is up to date; else run `npm run traps -- --table`", () => {
  expect(tableIn(read("README.md"))).toBe(tableText(traps, measured));
});

test("what has been measured are the traps as they are; else run `npm run traps`", () => {
  const digests = new Map(traps.map((trap) => [trap.name, digestOf(trap)]));
  expect(Object.entries(measured.traps).filter(([name, { digest }]) => digests.get(name) !== digest)).toEqual([]);
});

test("policy-test passes over no Pod with hostNetwork", () => {
  const silent = traps.filter(({ holds, expected }) => holds === "a Pod" && !/finding|error|not checked|Helm template/.test(expected.join()));
  expect(silent).toEqual([]);
});
