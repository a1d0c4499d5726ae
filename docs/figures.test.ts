/** The README's figures are those of a run on the tests as they are: what a table that was left behind would not be. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { loadCases } from "../test/cases.js";
import { nodeEngines } from "../test/counting.js";
import { runnerNames } from "../test/engines/runner.js";
import { writeFigures, writeMutantFigures } from "../test/figures.js";
import { figuresIn, figuresText, readFigures, withFigures } from "../test/figures-table.js";
import { mutants } from "../test/mutants/mutants.js";
import { read } from "./markdown.js";

const text = figuresIn(read("README.md"));
const number = (cell = ""): number => Number(cell.replaceAll(",", "").trim());
const rows = [...text.matchAll(/^\| (.+?) \|((?: [\d,]+ \|){4})$/gm)].map(([, engine = "", cells = ""]) => {
  const [cases, leftOut, others, disagreements] = cells.split("|").map(number);
  return { engine, cases, leftOut, others, disagreements };
});

// While new ones are made, the old ones may be left behind.
describe.skipIf(process.env["FIGURES_ARE_MADE"] !== undefined)("the README's figures; else run `npm run figures`", () => {
  test.each([...nodeEngines, ...runnerNames])("have a row for %s, which knows every case", (engine) => {
    const row = rows.find((each) => each.engine === engine);
    expect((row?.cases ?? 0) + (row?.leftOut ?? 0)).toBe(loadCases().length);
  });

  test("show no disagreement, and every mutant caught", () => {
    expect(rows.map(({ disagreements }) => disagreements)).toEqual(rows.map(() => 0));
    expect(text).toContain(`Of ${String(mutants.length)} faults planted in the compiler, one at a time, \`npm test\` catches ${String(mutants.length)}.`);
  });
});

describe("figures of a run", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "figures-"));
    vi.stubEnv("FIGURES", folder);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  test("of one engine in several test files are one row", () => {
    writeFigures("one", [{ engine: "opa", cases: 7, leftOut: 2, others: 0, disagreements: 0 }]);
    writeFigures("other", [{ engine: "opa", cases: 0, leftOut: 0, others: 1234, disagreements: 1 }]);
    writeMutantFigures(3, 2);
    expect(figuresText(readFigures(folder))).toBe(`| Engine | Cases compared | Cases left out | Further comparisons | Disagreements |
|---|--:|--:|--:|--:|
| opa | 7 | 2 | 1,234 | 1 |

Of 3 faults planted in the compiler, one at a time, \`npm test\` catches 2.
`);
  });

  test("replace those between the marks, and nothing else", () => {
    expect(withFigures("a\n<!-- figures -->\nold\n<!-- end of figures -->\nb\n", "$& new\n")).toBe("a\n<!-- figures -->\n$& new\n<!-- end of figures -->\nb\n");
    expect(() => withFigures("a\n", "new\n")).toThrow("no marks");
  });

  test("that nobody wrote are an error", () => {
    expect(() => readFigures(folder)).toThrow("no test file wrote its figures");
  });
});
