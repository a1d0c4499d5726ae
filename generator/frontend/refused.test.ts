import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { formatDiagnostic } from "../diagnostics.js";
import { calls } from "./fixtures/refused/calls.js";
import { definitions } from "./fixtures/refused/definitions.js";
import { expressions } from "./fixtures/refused/expressions.js";
import { messages } from "./fixtures/refused/messages.js";
import { numbers } from "./fixtures/refused/numbers.js";
import { parameters } from "./fixtures/refused/parameters.js";
import { patterns } from "./fixtures/refused/patterns.js";
import { positions } from "./fixtures/refused/positions.js";
import { statements } from "./fixtures/refused/statements.js";
import { typeErrors } from "./fixtures/refused/type-errors.js";
import { diagnose, diagnoseAll, file, ID, idOf, ruleWith, unmarked, type Refused } from "./fixtures/snippets.js";
import { ts } from "./typescript.js";

const tables = { statements, expressions, calls, patterns, definitions, parameters, positions, numbers, messages, typeErrors };
const cases = Object.entries(tables).flatMap(([table, rows]) => rows.map((row) => ({ table, row, ...unmarked(row) })));
const diagnosed = diagnose(cases.map(({ text }) => text));

describe.each(Object.keys(tables))("%s outside the subset", (table) => {
  const rows = cases.map((each, index) => ({ ...each, index })).filter((each) => each.table === table);
  test.each(rows.map((each) => [titleOf(each.row), each] as const))("%s", (_, { index, row, line, column, length }) => {
    const id = idOf(index);
    expect(diagnosed[index]?.map(({ source: _source, ...place }) => place)).toEqual([
      {
        file: `${id}.ts`,
        line,
        column: column + shiftOf(row, id),
        length: length + lengthShift(row, id),
        message: row.message.replaceAll(ID, id),
        ...(row.help === undefined ? {} : { help: row.help }),
      },
    ]);
  });
});

/** The marked text and its message. */
function titleOf({ source, message }: Refused): string {
  return `${/«([^»\n]*)/.exec(source)?.[1] ?? ""}: ${message}`;
}

/** The id is longer or shorter than the word that stands for it: what it moves on the marked line. */
function shiftOf({ source }: Refused, id: string): number {
  const before = source.slice(source.slice(0, source.indexOf("«")).lastIndexOf("\n") + 1, source.indexOf("«"));
  return (before.split(ID).length - 1) * (id.length - ID.length);
}

function lengthShift({ source }: Refused, id: string): number {
  const marked = source.slice(source.indexOf("«"), source.indexOf("»")).split("\n")[0] ?? "";
  return (marked.split(ID).length - 1) * (id.length - ID.length);
}

test("no case stands in two places", () => {
  expect(new Set(cases.map(({ text }) => text)).size).toBe(cases.length);
});

describe("a diagnostic as people read it", () => {
  const print = (sources: readonly string[]): string => diagnoseAll(sources).map(formatDiagnostic).join("\n\n");

  test("quotes the code, points at it and says what to write instead", () => {
    const source = ruleWith("while (pod.hostPID) {\n      let count = 1;\n    }\n    const name = pod.containers[0];\n    if (name === undefined) yield violation(at(pod), `é ${pod.osName.length}`);");
    expect(print([source])).toMatchInlineSnapshot(`
      "rule-0.ts:29:5: error: \`while\` is not in the subset: Rego and CEL always end
         |
      29 |     while (pod.hostPID) {
         |     ^^^^^^^^^^^^^^^^^^^^^
         = help: write \`for (const x of list)\`, or \`list.some(…)\` and \`list.every(…)\` in a condition

      rule-0.ts:32:18: error: what stands at an index or key may be absent
         |
      32 |     const name = pod.containers[0];
         |                  ^^^^^^^^^^^^^^^^^
         = help: give it a default: \`list[0] ?? ""\`"
    `);
  });

  test("of a helper's file stands in that file, once, whichever rules use it", () => {
    const broken = 'import { isBad, bad } from "./untyped.js";';
    expect(print([ruleWith("if (isBad(pod.osName)) return; if (isBad(pod.dnsPolicy)) return; if (bad.includes(pod.osName)) return;", broken)])).toMatchInlineSnapshot(`
      "untyped.ts:2:10: error: This comparison appears to be unintentional because the types 'string' and 'number' have no overlap. (TypeScript 2367)
        |
      2 |   return value === 3;
        |          ^^^^^^^^^^^
        = help: a rule must type-check before it can be compiled"
    `);
  });
});

describe("files that are no rules", () => {
  test("are left alone where they define none", () => {
    expect(diagnose([file("export const ports = [80];", "").source, file("export {};", "").source])).toEqual([[], []]);
  });
});

describe("every diagnostic of the compiler", () => {
  const produced = cases.map(({ row }) => row.message);

  /** What TypeScript refuses first, so that no source reaches it; the compiler says it all the same rather than crash. */
  const unreachable: ReadonlySet<string> = new Set([
    "`\\`${node.expression.text}\\` is not known`",
    "`\\`${symbol.name}\\` is not an intrinsic`",
    "`\\`${helper.name}\\` takes ${String(helper.parameters.length)} arguments`",
    '"`test` needs a text"',
    '"the function has no signature"',
    '"`\\\\p{…}`"',
    "`\\`${severity}\\` is not a severity`",
    "`\\`${enforcement}\\` is not an enforcement`",
    '"a `const` needs a value"',
    '"`for await` is not in the subset"',
    '"only `check` yields"',
    '"`undefined` is not a value in the subset"',
    '"`await` is not in the subset: a rule sees only what it is given"',
    // The library of the schema pass merges intersections itself, or has no schema for them.
    '"this intersection cannot be merged into one type"',
  ]);

  const texts = messageTexts();

  test.each(texts.filter(({ key }) => !unreachable.has(key)).map((each) => [`${each.file}: ${each.key}`, each] as const))("is tested: %s", (_, { pattern }) => {
    expect(produced.filter((message) => pattern.test(message))).not.toEqual([]);
  });

  test("that is called unreachable exists, and no case reaches it", () => {
    expect([...unreachable].filter((key) => !texts.some((each) => each.key === key))).toEqual([]);
    expect(texts.filter(({ key, pattern }) => unreachable.has(key) && produced.some((message) => pattern.test(message)))).toEqual([]);
  });
});

interface MessageText {
  readonly file: string;
  /** The text as the source spells it. */
  readonly key: string;
  readonly pattern: RegExp;
}

/** The messages that the source of the front end, the check and the schema pass can give. */
function messageTexts(): MessageText[] {
  const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const files = ["./", "../schema/", "../ir/"].flatMap((path) =>
    readdirSync(folder(path))
      .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
      .map((name) => ({ name: `${path}${name}`, source: ts.createSourceFile(name, readFileSync(folder(`${path}${name}`), "utf8"), ts.ScriptTarget.ES2022, true) })),
  );
  return files.flatMap(({ name, source }) => {
    const found: MessageText[] = [];
    const visit = (node: ts.Node): void => {
      for (const text of textsAt(node).flatMap((each) => alternatives(source, each))) {
        found.push({ file: name, key: text.getText(source), pattern: patternOf(text, node) });
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
}

/** Where the message stands among the arguments of the functions that report. */
const reporters: ReadonlyMap<string, number> = new Map([
  ["reject", 1],
  ["forbid", 0],
  ["report", 2],
]);

function textsAt(node: ts.Node): ts.Expression[] {
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
    // The types' own `reject` has the place already.
    const position = node.getSourceFile().fileName === "types.ts" && node.expression.text === "reject" ? 0 : reporters.get(node.expression.text);
    const argument = position === undefined ? undefined : node.arguments[position];
    return argument === undefined ? [] : [argument];
  }
  const isRow = ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && (node.name.text === "what" || node.name.text === "message");
  return isRow ? [node.initializer] : [];
}

/** The texts that an expression can be; none for what is passed on from elsewhere. */
function alternatives(source: ts.SourceFile, node: ts.Expression): (ts.StringLiteralLike | ts.TemplateExpression)[] {
  if (ts.isConditionalExpression(node)) return [...alternatives(source, node.whenTrue), ...alternatives(source, node.whenFalse)];
  if (ts.isIdentifier(node)) {
    const constant = source.statements.filter(ts.isVariableStatement).flatMap((each) => [...each.declarationList.declarations]).find((each) => each.name.getText(source) === node.text);
    return constant?.initializer === undefined ? [] : alternatives(source, constant.initializer);
  }
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node) ? [node] : [];
}

function patternOf(node: ts.StringLiteralLike | ts.TemplateExpression, place: ts.Node): RegExp {
  const escape = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  const text = ts.isStringLiteralLike(node) ? escape(node.text) : escape(node.head.text) + node.templateSpans.map((span) => `.+${escape(span.literal.text)}`).join("");
  const isPart = ts.isCallExpression(place) && place.expression.getText() === "forbid";
  // A problem of the schema is told with the parameter's name in front.
  return new RegExp(isPart ? `^${text} in a regular expression` : `^(?:\`[^\`]+\`: )?${text}$`, "s");
}
