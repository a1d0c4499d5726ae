/** Each format as a reader of it sees it: schemas, parsers, and what is read back is what was meant. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import AjvDraft04 from "ajv-draft-04";
import addFormats from "ajv-formats";
import { loadAll } from "js-yaml";
import { lexer, walkTokens, type Token } from "marked";
import { describe, expect, test } from "vitest";
import { validateXML } from "xmllint-wasm";
import { isMapping } from "../../manifest/mapping.js";
import { readWasmManifest } from "../assets.js";
import { toyAssets } from "../fixtures/harness.js";
import { printable } from "../printable.js";
import type { Report } from "../report.js";
import { everything, failed, nothing } from "./fixtures/report.js";
import { random } from "./fixtures/strings.js";
import { formatGithub } from "./github.js";
import { formatJunit } from "./junit.js";
import { formatMarkdown } from "./markdown.js";
import { formatPolicyReport } from "./policyreport.js";
import type { ReportContext } from "./reporter.js";
import { formatSarif } from "./sarif.js";

const rules = new Map(readWasmManifest(toyAssets.manifest).rules.map((rule) => [rule.id, rule]));
const context: ReportContext = { rules, version: "0.0.0", failOn: "deny", quiet: false, explain: false, colours: false };
const reports = { everything, nothing, failed, random };
const cases = Object.entries(reports).map(([name, report]) => ({ name, report }));
const fixture = (name: string): string => readFileSync(fileURLToPath(new URL(`fixtures/${name}`, import.meta.url)), "utf8");

describe("junit", () => {
  test.each(cases)("$name is XML of its schema", async ({ report }) => {
    const xml = formatJunit(report, context);
    const outcome = await validateXML({ xml: { fileName: "report.xml", contents: xml }, schema: { fileName: "junit.xsd", contents: fixture("junit.xsd") } });
    expect(outcome.errors).toEqual([]);
    expect(outcome.valid).toBe(true);
  });

  test("the schema refuses what is no report, and the parser a forbidden character", async () => {
    const schema = fixture("junit.xsd");
    const xml = formatJunit(everything, context);
    for (const wrong of [xml.replace(' tests="11"', ""), xml.replace("no findings", "\u0001")]) {
      expect(wrong).not.toBe(xml);
      expect((await validateXML({ xml: wrong, schema })).valid).toBe(false);
    }
  });

  test("what makes the run fail is a failure", () => {
    expect(formatJunit(everything, { ...context, failOn: "warn" })).toContain('failures="3" errors="2" skipped="5"');
    expect(formatJunit(everything, { ...context, failOn: "never" })).toContain('failures="0" errors="2" skipped="8"');
  });
});

const sarifSchema: unknown = createRequire(import.meta.url)("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");

interface Sarif {
  readonly runs: readonly [{ readonly results: readonly { readonly partialFingerprints: Readonly<Record<string, string>>; readonly suppressions: readonly unknown[] }[]; readonly invocations: readonly [{ readonly executionSuccessful: boolean; readonly exitCode: number }] }];
}

describe("sarif", () => {
  // A pattern of the schema is none with the flag `u`.
  const ajv = new AjvDraft04.default({ strict: false, unicodeRegExp: false, allErrors: true });
  addFormats.default(ajv);
  const validate = ajv.compile<Sarif>(isMapping(sarifSchema) ? sarifSchema : {});
  const parse = (report: Report): Sarif => {
    const log: unknown = JSON.parse(formatSarif(report, context));
    if (!validate(log)) throw new Error(ajv.errorsText(validate.errors));
    return log;
  };
  const fingerprints = (report: Report): readonly (string | undefined)[] => parse(report).runs[0].results.map(({ partialFingerprints }) => partialFingerprints["policyTest/v1"]);

  test.each(cases)("$name is of the schema", ({ report }) => {
    parse(report);
  });

  test("the schema refuses what is no log", () => {
    expect(validate(JSON.parse(formatSarif(everything, context).replace('"ruleId"', '"rule_id"')))).toBe(false);
  });

  test("a fingerprint is that of no other, and the same on another line and in other words", () => {
    const before = fingerprints(everything);
    expect(new Set(before).size).toBe(everything.findings.length);
    const moved = everything.findings.map((finding) => ({ ...finding, line: finding.line + 9, column: 1, message: "other words" }));
    expect(fingerprints({ ...everything, findings: moved })).toEqual(before);
    expect(fingerprints({ ...everything, findings: moved.slice(1) })).toEqual(before.slice(1));
  });

  test("only what is waived is suppressed", () => {
    expect(parse(everything).runs[0].results.map(({ suppressions }) => suppressions.length)).toEqual(everything.findings.map(({ waived }) => (waived === undefined ? 0 : 1)));
  });

  test.each([{ report: everything, executionSuccessful: false, exitCode: 2 }, { report: failed, executionSuccessful: false, exitCode: 2 }, { report: nothing, executionSuccessful: true, exitCode: 0 }])("exit code $exitCode", ({ report, ...expected }) => {
    expect(parse(report).runs[0].invocations[0]).toMatchObject(expected);
  });
});

describe("github", () => {
  /** As the runner does it. */
  const unescape = (text: string): string => text.replace(/%0D/g, "\r").replace(/%0A/g, "\n").replace(/%3A/g, ":").replace(/%2C/g, ",").replace(/%25/g, "%");
  const read = (line: string): Record<string, string> | undefined => {
    const [, command = "", properties = "", text = ""] = /^::(\w+) (.*?)::(.*)$/.exec(line) ?? [];
    if (command === "") return undefined;
    const pairs = properties.split(",").map((pair): [string, string] => [pair.slice(0, pair.indexOf("=")), unescape(pair.slice(pair.indexOf("=") + 1))]);
    return { command, ...Object.fromEntries(pairs), text: unescape(text) };
  };

  test("files, titles and messages come out as they went in", () => {
    const lines = formatGithub(random, context).trimEnd().split("\n");
    const commands = lines.map(read).filter((each) => each !== undefined);
    const sorted = (texts: readonly (string | undefined)[]): unknown => [...texts].sort();
    expect(sorted(commands.map(({ file }) => file))).toEqual(sorted(random.findings.map(({ file }) => printable(file))));
    expect(sorted(commands.map(({ text }) => text))).toEqual(sorted(random.findings.map(({ message }) => printable(message))));
    expect(commands.every(({ command, line, col, title = "" }) => command === "error" && line === "1" && col === "1" && title.startsWith("toy-host-network in Pod shop/"))).toBe(true);
    expect(lines.slice(-2)).toEqual([expect.stringContaining("GitHub shows 10 errors, warnings and notices each"), expect.stringContaining("601 findings")]);
  });
});

describe("policyreport", () => {
  const validate = new Ajv({ strict: false }).compile(JSON.parse(fixture("policyreport.schema.json")) as object);

  test.each(cases)("$name is of the schema", ({ report }) => {
    const documents = loadAll(formatPolicyReport(report, context));
    expect(documents.length).toBeGreaterThan(0);
    for (const document of documents) expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    const results = documents.map((document) => (isMapping(document) && Array.isArray(document["results"]) ? document["results"].length : 0));
    expect(results.reduce((sum, number) => sum + number, 0)).toBe(report.findings.length + report.notChecked.length + report.inputErrors.length + (report.notices?.length ?? 0));
  });
});

describe("markdown", () => {
  const tokensOf = (report: Report): readonly Token[] => {
    const tokens: Token[] = [];
    void walkTokens(lexer(formatMarkdown(report, context)), (token) => void tokens.push(token));
    return tokens;
  };

  test.each(cases)("$name has the rows that are meant, and no markup from a manifest", ({ report }) => {
    const tokens = tokensOf(report);
    const rows = tokens.reduce((sum, token) => (token.type === "table" && "rows" in token && Array.isArray(token.rows) ? sum + token.rows.length : sum), 0);
    expect(rows).toBe(report.findings.length + report.notChecked.length + report.inputErrors.length + (report.notices?.length ?? 0));
    expect(tokens.filter(({ type }) => ["link", "image", "em", "codespan", "del", "code", "blockquote", "def"].includes(type)).map(({ raw }) => raw)).toEqual([]);
    const tags = new Set(tokens.filter(({ type }) => type === "html").map(({ raw }) => raw.trim()));
    const own = ["<code>", "</code>", "<br>", "<!-- -->", "<details>", "</details>", "<summary>Why: 1 rule</summary>", "<summary>Why: 2 rules</summary>"];
    expect([...tags].filter((tag) => !own.includes(tag))).toEqual([]);
  });

  test("nobody is called and nothing is referred to", () => {
    const page = formatMarkdown(random, context).replace(/\\(?=[@#])/g, "");
    expect(page).not.toMatch(/[@#]\w/);
  });
});
