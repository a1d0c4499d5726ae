/** docs/subset.md says what the compiler does: its examples compile, its tables are complete. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { intrinsicNames } from "../intrinsics.js";
import { methodsOf } from "./calls.js";
import { arithmetic, comparisons } from "./expressions.js";
import { compileSources, ruleWith } from "./fixtures/snippets.js";
import { ts } from "./typescript.js";
import { unsupportedSyntax } from "./unsupported.js";

const page = readFileSync(fileURLToPath(new URL("../../docs/subset.md", import.meta.url)), "utf8");

/** What the examples of the page use. */
const beside = `
interface Optional {
  name?: string;
}
const reserved = [10250, 10255];
function isLinux(pod: Pod): boolean {
  return pod.osName === "linux";
}
function nameOf(optional: Optional): string {
  return optional.name ?? "default";
}`;

const section = (title: string): string => page.split(/^## /m).find((each) => each.startsWith(`${title}\n`)) ?? "";

/** The rows of the table of a section, cell by cell. */
function rowsOf(title: string): string[][] {
  const [, , ...rows] = section(title).split("\n").filter((line) => line.startsWith("|"));
  return rows.map((row) => row.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim().replaceAll("\\|", "|")));
}

/** The code in a column of the table of a section. */
const codes = (title: string, column: number): string[] => rowsOf(title).flatMap((cells) => /^(`+) ?(.+?) ?\1$/.exec(cells[column] ?? "")?.[2] ?? []);

const statements = codes("Statements", 1);
const expressions = [...codes("Expressions", 1), ...codes("Methods", 1), ...codes("Intrinsics", 0)];
const fences = [...page.matchAll(/^```ts\n(.*?)^```/gms)].map(([, text = ""]) => text);

/** Every example, each in a rule of its own. */
const sources = [
  ...fences,
  ...statements.map((each) => ruleWith(each)),
  ...expressions.map((each) => (each.startsWith("optional.") ? ruleWith('yield violation(at(pod, "osName"), `x${show(nameOf({}))}`);', beside) : ruleWith(`const example = ${each};`, beside))),
];

test("every example compiles, to Rego and to CEL", () => {
  expect(fences).toHaveLength(1);
  expect(statements.length).toBeGreaterThan(6);
  expect(expressions.length).toBeGreaterThan(30);
  for (const rule of compileSources(sources)) {
    expect(rule.rego(["rule"], ["input", "parameters"])).toContain("violation contains");
    expect(rule.cel().condition).toBe('variables.findings == ""');
  }
});

describe("nothing of the subset is left out", () => {
  test.each([...intrinsicNames])("intrinsic %s", (name) => {
    expect(codes("Intrinsics", 0).filter((code) => code.startsWith(`${name}(`))).toHaveLength(1);
  });

  test.each(Object.values(methodsOf).flat())("method %s", (name) => {
    const examples = [...codes("Methods", 1), ...statements];
    expect(examples.filter((code) => code.includes(`.${name}(`))).not.toEqual([]);
  });

  test.each([...comparisons.keys(), ...arithmetic.keys(), ts.SyntaxKind.QuestionQuestionToken, ts.SyntaxKind.AmpersandAmpersandToken, ts.SyntaxKind.BarBarToken].map((kind) => ts.tokenToString(kind) ?? ""))("operator %s", (operator) => {
    expect(codes("Expressions", 1).filter((code) => code.includes(` ${operator} `))).not.toEqual([]);
  });
});

test("the rows of what is refused are the compiler's", () => {
  const rows = [...unsupportedSyntax.values()].map(({ what, help }) => [what, help]);
  expect(rowsOf("What is refused, and what to write instead")).toEqual(rows);
});
