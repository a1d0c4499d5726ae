import { describe, expect, it } from "vitest";
import { readFileSync } from "node:fs";
import { isMapping } from "./mapping.js";
import { MAX_DEPTH, MAX_VALUES, parseYaml } from "./yaml.js";

interface Case {
  readonly text: string;
  /** What Kubernetes' reader makes of the text. */
  readonly value?: unknown;
  readonly error?: string;
}

function readCases(): Case[] {
  const path = new URL("../test/fixtures/manifests/kubernetes-yaml.json", import.meta.url);
  const fixture: unknown = JSON.parse(readFileSync(path, "utf8"));
  const cases = isMapping(fixture) && Array.isArray(fixture["cases"]) ? fixture["cases"] : [];
  return cases.filter(isCase);
}
const isCase = (value: unknown): value is Case => isMapping(value) && typeof value["text"] === "string" && "value" in value !== "error" in value;
const cases = readCases();

/** Kubernetes reads these, but so that people or other readers would not expect it; here they are errors. */
const refused: Readonly<Record<string, string>> = {
  "a: 1\n<<: {a: 2}\n": "2:1 overrides `a`",
  "x: &x {a: 2}\ny: {a: 1, <<: *x}": "2:11 overrides `a`",
  "x: &x {a: {b: 1}}\ny: {a: {c: 1}, <<: *x}": "2:16 overrides `a`",
  "y: {<<: {a: 1}, <<: {a: 2}}": "1:17 overrides `a`",
  "a: 1\na: 2": "2:1 written twice",
  "on: 1\ntrue: 2": "2:1 written twice",
  "a: {b: 1, b: 2}": "1:11 written twice",
  "a: !foo bar": "1:4 unknown scalar tag",
  "a: !!binary aGk=": "1:4 unknown scalar tag",
  "a: !!timestamp 2001-12-14": "1:4 unknown scalar tag",
  "a: !!set {a, b}": "1:4 unknown mapping tag",
  "a: !!float 0x1F": "1:4 cannot resolve",
  "a: {b: 1,\n\tc: 2}": "2:2 deficient indentation",
  "a: x\u2028b: 1": "1:5 U+2028",
  "a: x\u2029b: 1": "1:5 U+2029",
  "a: 1\n\ufeffb: 2": "2:1 U+FEFF",
  "x: &x {hostNetwork: yes}\ny1:\n  ! <<: *x\n": "3:3 tag before <<",
  "spec: {hostPID: off, ?hostNetwork: on}": "1:22 starts with ?",
};
/** YAML 1.2 sees an empty value where Kubernetes sees a colon at the end of a name: what it sees is never less. */
const known: Readonly<Record<string, unknown>> = { "a: [x:, y]": { a: [{ x: null }, true] }, "a: {x:}": { a: { x: null } } };

const where = (text: string, offset: number): string => {
  const before = text.slice(0, offset).split("\n");
  return `${String(before.length)}:${String((before.at(-1) ?? "").length + 1)}`;
};

describe("parseYaml agrees with Kubernetes", () => {
  const readable = cases.filter((example) => example.error === undefined && !(example.text in refused));
  it("has cases of every sort", () => {
    expect(readable.length).toBeGreaterThan(130);
    expect(Object.keys(refused).filter((text) => !cases.some((example) => example.text === text))).toEqual([]);
  });
  it.each(readable.map(({ text, value }) => [text, value] as const))("on %j", (text, value) => {
    const { documents, errors } = parseYaml(text);
    expect(errors).toEqual([]);
    expect(documents[0]?.value ?? null).toEqual(known[text] ?? value);
  });
  it.each(Object.entries(refused))("or refuses %j", (text, expected) => {
    const { documents, errors } = parseYaml(text);
    const [place = "", ...words] = expected.split(" ");
    expect(documents).toEqual([]);
    expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining(words.join(" "))]);
    expect(errors.map(({ offset }) => where(text, offset))).toEqual([place]);
  });
});

describe("numbers that JSON lacks", () => {
  it.each([".inf", "-.Inf", "+.INF", ".nan", ".NaN"])("%s is an error", (source) => {
    const message = `${source} is no value in JSON, and Kubernetes objects are JSON`;
    expect(parseYaml(`a: ${source}`).errors).toEqual([{ offset: 0, message }]);
  });
});

describe("bounds", () => {
  const messages = (text: string): string[] => parseYaml(text).errors.map(({ message }) => message);
  const bomb = (rows: number, width: number): string =>
    `a0: &a0 [x]\n${Array.from({ length: rows }, (_, row) => `a${String(row + 1)}: &a${String(row + 1)} [${Array<string>(width).fill(`*a${String(row)}`).join(",")}]\n`).join("")}`;

  it("accepts nesting up to the limit", () => {
    expect(messages(`a: ${"[".repeat(MAX_DEPTH - 2)}${"]".repeat(MAX_DEPTH - 2)}`)).toEqual([]);
  });
  it.each([["[", MAX_DEPTH], ["{a: ", MAX_DEPTH], ["- ", MAX_DEPTH], ["[", 100_000], ["? ", 100_000]])("refuses %j nested too deeply", (opening, times) => {
    expect(messages(opening.repeat(times))).toEqual([`the document nests deeper than ${String(MAX_DEPTH)} levels`]);
  });
  it("accepts aliases of moderate size", () => {
    expect(messages(bomb(5, 9))).toEqual([]);
  });
  it("refuses aliases that expand to billions of values", () => {
    expect(messages(bomb(60, 9))).toEqual([`aliases expand to more than ${String(MAX_VALUES)} values`]);
  });
  it("refuses aliases that nest too deeply, in whatever order", () => {
    const rows = Array.from({ length: 5000 }, (_, row) => `x${String(row)}: &z${String(row + 1)} [*z${String(row)}]\n`).join("");
    expect(messages(`x: &z0 [1]\n${rows}`)).toEqual([`aliases nest deeper than ${String(MAX_DEPTH)} levels`]);
    expect(messages(`x: &z0 [1]\n${rows}1: *z5000\n`)).toEqual([`aliases nest deeper than ${String(MAX_DEPTH)} levels`]);
  });
  it("refuses an anchor inside itself", () => {
    expect(parseYaml("b: 1\na: &a [1, *a]\n").errors).toEqual([{ offset: 15, message: "an anchor contains an alias of itself" }]);
    expect(messages("a: &a\n  b: *a\n")).toEqual(["an anchor contains an alias of itself"]);
  });
  it("refuses endless merging", () => {
    const rows = Array.from({ length: 9000 }, (_, row) => `a${String(row + 1)}: &a${String(row + 1)} {<<: *a${String(row)}, k${String(row)}: 1}\n`);
    expect(messages(`a0: &a0 {k: 1}\n${rows.join("")}`)).toEqual([expect.stringContaining("merge keys exceeded")]);
  });
  it("takes no time for long runs of directives", () => {
    expect(messages(`%a\n${"          \n".repeat(20_000)}b: [\n---\n`)).toEqual(["directives end mark is expected"]);
  });
});
