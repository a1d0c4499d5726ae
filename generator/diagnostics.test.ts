import { expect, test } from "vitest";
import { diagnosticAt, diagnosticInFile, formatDiagnostic } from "./diagnostics.js";
import { ts } from "./frontend/typescript.js";

const parse = (text: string): ts.SourceFile => ts.createSourceFile("rule.ts", text, ts.ScriptTarget.ES2022, true);

test("the caret underlines one line of the code, behind the tabs that indent it", () => {
  const file = parse("const a = 1;\r\nif (a) {\r\n\t\tlet b = [\r\n1];\r\n}\r\n");
  const [, branch] = file.statements;
  const block = branch !== undefined && ts.isIfStatement(branch) ? branch.thenStatement : file;
  const statement = ts.isBlock(block) ? (block.statements[0] ?? file) : file;
  const diagnostic = diagnosticAt(statement, "`let` is refused", "write `const`");
  expect(diagnostic).toMatchObject({ file: "rule.ts", line: 3, column: 3, source: "\t\tlet b = [", length: 9 });
  expect(formatDiagnostic(diagnostic)).toBe(["rule.ts:3:3: error: `let` is refused", "  |", "3 | \t\tlet b = [", "  | \t\t^^^^^^^^^", "  = help: write `const`"].join("\n"));
});

test("the gutter is as wide as the number of the line; help may be missing", () => {
  const file = parse(`${"\n".repeat(99)}oops`);
  expect(formatDiagnostic(diagnosticInFile(file, 99, 4, "what is this"))).toBe(["rule.ts:100:1: error: what is this", "    |", "100 | oops", "    | ^^^^"].join("\n"));
});

test("a place at the end of a file, or of no width, has a caret all the same", () => {
  const file = parse("const a = {\n");
  expect(diagnosticInFile(file, file.end, 0, "expected")).toMatchObject({ line: 2, column: 1, source: "", length: 1 });
});
