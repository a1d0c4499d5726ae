/** What the parts of the generated Rego and CEL were made of: for every rule, and by example. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { binary, ident, type Cel } from "./cel/ast.js";
import { printCel, traceCel } from "./cel/print.js";
import { compileRules } from "./compile.js";
import type { CompiledRule, SourceStatement } from "./compiled.js";
import { ts } from "./frontend/typescript.js";
import { marked, traced, type Traced } from "./origins.js";
import { knownTo } from "./targets/known.js";

const { rules } = compileRules("policies");
const rego = (rule: CompiledRule): Traced => rule.trace.rego(["a"], ["input", "parameters"]);
const textsOf = (traces: readonly Traced[], statement: number): string[] =>
  traces.flatMap(({ text, origins }) => origins.filter((each) => each.statement === statement).map(({ start, end }) => text.slice(start, end)));
const sourceOf = (rule: CompiledRule, { start, end }: SourceStatement): string => readFileSync(rule.meta.file, "utf8").slice(start, end);

/** The author's own words in the message of a yield, as far as they stand in it. */
function wordsIn(source: string): string[] {
  const [statement] = ts.createSourceFile("yield.ts", `function* f() { ${source} }`, ts.ScriptTarget.ES2022, true).statements;
  const words: string[] = [];
  const visit = (node: ts.Node): void => {
    // What a placeholder holds may be computed elsewhere.
    if (ts.isTemplateExpression(node)) words.push(node.head.text, ...node.templateSpans.map(({ literal }) => literal.text));
    else if (ts.isNoSubstitutionTemplateLiteral(node)) words.push(node.text);
    else ts.forEachChild(node, visit);
  };
  if (statement !== undefined) visit(statement);
  return words.filter((each) => each.length > 3);
}

describe.each(rules.map((rule) => [rule.meta.id, rule] as const))("%s", (_, rule) => {
  const { statements } = rule.trace;
  const yields = [...statements.entries()].filter(([, { kind }]) => kind === "yield");

  test("the traced texts are the generated ones", () => {
    expect(rego(rule).text).toBe(rule.rego(["a"], ["input", "parameters"]));
    expect(rule.trace.cel().map(({ name, text }) => ({ name, expression: text }))).toEqual(rule.cel().variables);
  });

  test("every statement stands where it is said to, and has a text of both", () => {
    expect(yields.length).toBeGreaterThan(0);
    for (const [number, statement] of statements.entries()) {
      expect(sourceOf(rule, statement)).toMatch({ applies: /^applies: /, const: /^const .*;$/s, if: /^if \(/, for: /^for \(const /, yield: /^yield violation\(.*;$/s }[statement.kind]);
      if (statement.kind === "const") continue; // bound where it is used, or decided before
      expect(textsOf([rego(rule)], number), sourceOf(rule, statement)).not.toEqual([]);
      expect(textsOf(rule.trace.cel(), number), sourceOf(rule, statement)).not.toEqual([]);
    }
  });

  test("the words of a message stand in all that its yield became", () => {
    for (const [number, statement] of yields) {
      for (const words of wordsIn(sourceOf(rule, statement))) {
        const literal = JSON.stringify(words).slice(1, -1);
        for (const texts of [textsOf([rego(rule)], number), textsOf(rule.trace.cel(), number)]) for (const text of texts) expect(text).toContain(literal);
      }
    }
    for (const text of textsOf([rego(rule)], yields[0]?.[0] ?? -1)) expect(text).toMatch(/^violation contains .*\n\}$/s);
  });
});

test("the words of most messages are checked", () => {
  const words = rules.flatMap((rule) => rule.trace.statements.filter(({ kind }) => kind === "yield").flatMap((each) => wordsIn(sourceOf(rule, each))));
  expect(words.length).toBeGreaterThan(40);
});

test("what an engine cannot know is not there, and nothing else is missing", () => {
  const known = knownTo["admission-policy"];
  const missing = rules.filter((rule) => rule.expressible(known) !== "none").flatMap((rule) => {
    const traces = rule.trace.cel({}, known);
    return rule.trace.statements.flatMap((each, number) => (each.kind === "yield" && textsOf(traces, number).length === 0 ? [rule.meta.id] : []));
  });
  expect([...new Set(missing)]).toEqual(rules.filter((rule) => rule.expressible(known) === "part").map(({ meta }) => meta.id));
});

test("by example", () => {
  const rule = rules.find(({ meta }) => meta.id === "host-network-dns-policy");
  if (rule === undefined) throw new Error("the rule is gone");
  const said = rule.trace.statements.map((each, number) => [sourceOf(rule, each).split("\n")[0], textsOf([rego(rule)], number).map((text) => text.split("\n")[0]), textsOf(rule.trace.cel(), number).map((text) => text.split("\n")[0])]);
  expect(said).toMatchInlineSnapshot(`
    [
      [
        "if (!pod.hostNetwork",
        [
          "pod.hostNetwork",
        ],
        [
          "!variables.pod.hostNetwork",
        ],
      ],
      [
        "if (pod.osName === "windows" || (pod.nodeSelector["kubernetes.io/os"] ?? "") === "windows"",
        [
          "pod.osName != "windows"",
          "get(pod.nodeSelector, ["kubernetes.io/os"], "") != "windows"",
        ],
        [
          "variables.pod.osName == "windows"",
        ],
      ],
      [
        "if (params.dnsPolicies.includes(pod.dnsPolicy)",
        [
          "not pod.dnsPolicy in parameters.dnsPolicies",
        ],
        [
          "variables.pod.dnsPolicy in variables.parameters.dnsPolicies",
        ],
      ],
      [
        "const effect =",
        [
          "effect := choose_effect",
        ],
        [
          "variables.pod.dnsPolicy == "ClusterFirst"",
        ],
      ],
      [
        "const choices = params.dnsPolicies.map((dnsPolicy) => describeChoice(dnsPolicy));",
        [
          "choices := [describe_choice(dns_policy) | some dns_policy in parameters.dnsPolicies]",
        ],
        [
          "variables.parameters.dnsPolicies.map(dnsPolicy,",
        ],
      ],
      [
        "yield violation(",
        [
          "violation contains {"msg": msg, "details": {"path": path}} if {",
        ],
        [
          ""dnsPolicy "",
        ],
      ],
    ]
  `);
});

describe("marks", () => {
  test("give offsets in the text without them, outer ones first", () => {
    expect(traced(`a ${marked(3, `b ${marked(0, "c")}${marked(undefined, "d")}`)}${marked(12, "")} e`)).toEqual({
      text: "a b cd e",
      origins: [{ statement: 3, start: 2, end: 6 }, { statement: 0, start: 4, end: 5 }, { statement: 12, start: 6, end: 6 }],
    });
  });
  test("are around a part of a chain, and change no layout", () => {
    const wide = (name: string): Cel => ident(name.repeat(40));
    for (const [a, b, c] of [[ident("a"), ident("b"), ident("c")], [wide("a"), wide("b"), wide("c")]] as const) {
      const part = { ...binary("&&", a, b), origin: 7 };
      const { text, origins } = traceCel(binary("&&", part, c));
      expect(text).toBe(printCel(binary("&&", binary("&&", a, b), c)));
      expect(origins.map(({ statement, start, end }) => [statement, text.slice(start, end)])).toEqual([[7, text.slice(0, text.lastIndexOf(printCel(b)) + printCel(b).length)]]);
    }
  });
  test("must match", () => {
    expect(() => traced("a\u0003")).toThrow("a mark is closed that was not opened");
  });
});
