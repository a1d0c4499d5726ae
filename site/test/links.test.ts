/** What the compiler view links, in Node: the data of each rule, and what a place belongs to. */
import { describe, expect, test } from "vitest";
import { packageAssets, readWasmManifest } from "../../policy-test/assets.js";
import { compiledContent } from "../build/compiled.js";
import { placesIn, statementsAt, type Pane } from "../compiler/links.js";
import { describeLinks } from "../compiler/told.js";
import type { CompiledView } from "../compiler/view.js";

const ids = readWasmManifest(packageAssets().manifest).rules.map(({ id }) => id);
const { rules, files } = compiledContent(ids);
const textOf = (pane: Pane, source: string, view: CompiledView): string => (pane === "source" ? source : view[pane].text);

function lineOf(text: string, words: string): { position: number; line: { from: number; to: number } } {
  const position = text.indexOf(words);
  if (position === -1) throw new Error(`there is no ${words}`);
  return { position, line: { from: text.lastIndexOf("\n", position) + 1, to: text.indexOf("\n", position) } };
}

test("every rule is there, and what the compiler reads beside it", () => {
  expect(Object.keys(rules)).toEqual(ids);
  expect(Object.keys(files).filter((path) => /^\/policies\/(?!kit|data)/.test(path))).toEqual([]);
  expect(Object.keys(files)).toContain("/typescript/lib/lib.es5.d.ts");
});

describe.each(ids)("%s", (id) => {
  const { source = "", view } = rules[id] ?? {};
  if (view === undefined) throw new Error(`${id} is not compiled`);

  test("each finding, its conditions and its loops are linked both ways", () => {
    for (const [statement, { kind }] of view.statements.entries()) {
      if (kind === "const") continue;
      for (const pane of ["source", "rego", "cel"] as const) {
        const places = placesIn(pane, view);
        const own = places.filter((place) => place.statement === statement);
        expect(own, `${pane} ${String(statement)}`).not.toEqual([]);
        for (const { start } of own) {
          const text = textOf(pane, source, view);
          const end = text.indexOf("\n", start);
          expect(statementsAt(places, start, { from: text.lastIndexOf("\n", start - 1) + 1, to: end }), `${pane} ${String(statement)}`).toContain(statement);
        }
      }
    }
  });
});

describe("a place", () => {
  const { source = "", view } = rules["host-network-dns-policy"] ?? {};
  if (view === undefined) throw new Error("the rule is gone");
  const at = (pane: Pane, words: string): string[] => {
    const { position, line } = lineOf(textOf(pane, source, view), words);
    return statementsAt(placesIn(pane, view), position, line).map((statement) => {
      const found = view.statements[statement];
      return found === undefined ? "" : (source.slice(found.start, found.end).split("\n")[0] ?? "");
    });
  };
  test.each<[Pane, string, string[]]>([
    ["source", "return;", ["if (!pod.hostNetwork"]],
    ["source", "at(pod", ["yield violation("]],
    ["source", "id: ", []],
    ["rego", "\tpod.hostNetwork", ["if (!pod.hostNetwork", "yield violation("]],
    ["rego", "\tin_scope", ["yield violation("]],
    ["rego", "in_scope if", []],
    ["cel", "!variables.pod.hostNetwork", ["if (!pod.hostNetwork"]],
    ["cel", "\" of a hostNetwork Pod \"", ["yield violation("]],
    ["cel", "// variables.pod", []],
  ])("in %s, at %j", (pane, words, statements) => {
    expect(at(pane, words)).toEqual(statements);
  });
  test("is said in lines", () => {
    const [statement] = statementsAt(placesIn("source", view), source.indexOf("at(pod"), lineOf(source, "at(pod").line);
    expect(describeLinks({ kind: "compiled" }, view, statement === undefined ? [] : [statement])).toMatch(/^Here is the finding: Rego lines 6–\d+, CEL lines \d+–\d+$/);
    expect(describeLinks({ kind: "compiled" }, view, [])).toBe("Compiled: 1 finding");
  });
});
