/** Whatever the fast reader of plain YAML reads, it reads as the real one does: every value and every position. */
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isMapping } from "./mapping.js";
import type { Segment } from "./path.js";
import { plainTree, readPlain } from "./plain.js";
import { locate } from "./tree.js";
import { parseAnyYaml, parseYaml } from "./yaml.js";

const workload = `# comment
apiVersion: apps/v1 # more
kind: DaemonSet
metadata:
  name: web-1
  labels:
    app.kubernetes.io/name: web
  annotations: {}

spec:
  replicas: 0x10
  template:
    spec:
      hostNetwork: yes
      dnsPolicy:
      containers:
      - name: a
        image: "registry.example.com/<TAG>:1"
        args:
          - --listen=0.0.0.0:80
          -  'single # quotes'
          # between
          - -1.5
        ports:
        - containerPort: 8080
          hostPort:   0o17
      - name: b
        env: []
      volumes:
`;
const examples = new URL("../examples/", import.meta.url);
const seeds = [
  workload,
  ...readdirSync(examples).filter((name) => name.endsWith(".yaml")).flatMap((name) => readFileSync(new URL(name, examples), "utf8").split(/^(?=---)/m)),
];

/** @returns whether the text is plain */
function holdToTheRealReader(text: string): boolean {
  const value = readPlain(text);
  const tree = plainTree(text);
  expect(tree === undefined).toBe(value === undefined);
  if (value === undefined || tree === undefined) return false;
  const { documents, errors } = parseAnyYaml(text, 0);
  expect(errors).toEqual([]);
  expect(documents.map((document) => JSON.stringify(document.value))).toEqual([JSON.stringify(value)]);
  for (const path of pathsIn(value, [])) {
    for (const asked of [path, [...path, "absent"], [...path, 9]]) expect([asked, locate(tree, asked)]).toEqual([asked, documents[0]?.offset(asked)]);
  }
  return true;
}

function* pathsIn(value: unknown, path: readonly Segment[]): Generator<readonly Segment[]> {
  yield path;
  if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* pathsIn(item, [...path, index]);
  else if (isMapping(value)) for (const [name, item] of Object.entries(value)) yield* pathsIn(item, [...path, name]);
}

test("a workload as people write it is plain", () => {
  expect(holdToTheRealReader(workload)).toBe(true);
  expect(holdToTheRealReader(`--- # first\n${workload.trimEnd()}`)).toBe(true);
});

const pieces = " |  |:|: |- |-|#| #|'|\"|{|}|[|]|?|? |&a |*a|!|!!str |||>|%|@|`|<|<<|<<: |=|~|.|...|0|0x|_|1|e|null|yes|n|.inf|\t|\\|$|(|,|1:2|é|__proto__"
  .split("|")
  .concat(["|", "\n", "\n ", "\n  ", "\n-", "\r\n", "---", "name: "]);
const place = fc.double({ min: 0, max: 1, noNaN: true });
const change = fc.oneof(
  fc.record({ kind: fc.constant("insert"), at: place, piece: fc.constantFrom(...pieces) }),
  fc.record({ kind: fc.constantFrom("cut", "drop line", "copy line"), at: place, piece: fc.constant("") }),
);

function changed(text: string, { kind, at, piece }: { kind: string; at: number; piece: string }): string {
  const offset = Math.floor(at * text.length);
  if (kind === "insert") return text.slice(0, offset) + piece + text.slice(offset);
  if (kind === "cut") return text.slice(0, offset) + text.slice(offset + 1);
  const lines = text.split("\n");
  const line = Math.floor(at * lines.length);
  return lines.toSpliced(line, kind === "copy line" ? 0 : 1, ...(kind === "copy line" ? [lines[lines.length - 1 - line] ?? ""] : [])).join("\n");
}

test("mutated manifests", () => {
  let plain = 0;
  fc.assert(
    fc.property(fc.constantFrom(...seeds), fc.array(change, { maxLength: 4 }), (seed, changes) => {
      const text = changes.reduce(changed, seed);
      // parseYaml takes documents apart first, and leaves texts with directives alone.
      if (!/^%|(?!^)^---(?=[ \t\r\n]|$)/m.test(text) && holdToTheRealReader(text)) plain++;
    }),
    { numRuns: 1500 },
  );
  expect(plain).toBeGreaterThan(150);
});

const sorted = (errors: readonly { offset: number; message: string }[]) => errors.map(({ offset, message }) => `${offset} ${message}`).sort();

test("files of which some documents are plain", () => {
  const part = fc.record({ seed: fc.constantFrom(...seeds, "a: [1,\n", 'a: "b\n', "a: |\n  b\n", "", "# c\n"), changes: fc.array(change, { maxLength: 2 }) });
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
      const text = parts.map(({ seed, changes }) => changes.reduce(changed, seed)).join("---\n");
      const [mixed, real] = [parseYaml(text), parseAnyYaml(text, 0)];
      // Of some errors the real reader tells no place in a file of several documents, which is offset 0; here it is the document's.
      const untold = new Set(real.errors.filter(({ offset }) => offset === 0).map(({ message }) => message));
      const placed = (errors: typeof real.errors) => sorted(errors.map(({ offset, message }) => ({ offset: untold.has(message) ? 0 : offset, message })));
      expect(placed(mixed.errors)).toEqual(placed(real.errors));
      const shown = ({ documents }: typeof real) => documents.map(({ value, offset }) => [value, isMapping(value) ? offset(["kind"]) : "none of its own"]);
      expect(shown(mixed)).toEqual(shown(real));
    }),
    { numRuns: 400 },
  );
});

describe("what is not plain is left to the real reader", () => {
  test.each([
    "", "# c\n", "---\n", "--- a: 1\n", "a\n", "- a\n", " a: 1\n", "a: 1\n...\n", "a: 1\r\n", "\uFEFFa: 1\n", "a:\t1\n", "a: é\n",
    "a: 1\na: 2\n", "a: 1\n  b\n", "a: b: c\n", "a: b:\n", "a: |\n  b\n", "a: [b]\n", "a: {b: c}\n", "{a: b}\n", 'a: "\\n"\n', 'a: "b" c\n',
    "a: &b c\n", "a: *b\n", "a: !c b\n", "? a\n", "a: ?b\n", "<<: {}\n", "a: <<\n", "a: .nan\n", "yes: 1\n", "1: 1\n", "null: 1\n", "__proto__: 1\n", '"a": 1\n',
    "a:\n- - b\n", "a:\n-\n", "a:\n-b\n", "a:\n    b: 1\n  c: 2\n", "a:\n- b: 1\n c: 2\n", "a: {{ b }}\n", "a: @b\n", "a: %b\n",
    Array.from({ length: 101 }, (_, level) => `${" ".repeat(level)}a:\n`).join(""),
  ])("%j", (text) => {
    expect(readPlain(text)).toBeUndefined();
    expect(plainTree(text)).toBeUndefined();
  });
});
