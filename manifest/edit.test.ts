import { describe, expect, test } from "vitest";
import { applySplices, writeField, type Field } from "./edit.js";
import { parsePath } from "./path.js";
import { readManifest } from "./read.js";

/** What becomes of `text` where `path` of its object number `index` is to be `value`, or why nothing does. */
function written(text: string, path = "spec.dnsPolicy", value: Field["value"] = "New", index = 0, after = ["hostNetwork"]): string {
  const { documents, errors } = readManifest(text, "a.yaml");
  expect(errors).toEqual([]);
  const document = documents[index];
  if (document === undefined) throw new Error("there is no such object");
  const segments = [...document.root, ...parsePath(path)];
  const edit = writeField(document.source(), { parent: segments.slice(0, -1), name: String(segments.at(-1)), value, after });
  return "why" in edit ? `(${edit.why})` : applySplices(text, edit.splices);
}

/** `text` and what becomes of it. */
type Row = readonly [name: string, text: string, expected: string];

describe("a field that is there", () => {
  test.each<Row>([
    ["plain, with a comment behind it", "spec:\n  dnsPolicy: Old   # why\n  a: 1\n", "spec:\n  dnsPolicy: New   # why\n  a: 1\n"],
    ["in double quotes", 'spec: \n  dnsPolicy: "Old"\n', 'spec: \n  dnsPolicy: "New"\n'],
    ["in single quotes", "spec:\n  dnsPolicy: 'Old'\n", "spec:\n  dnsPolicy: 'New'\n"],
    ["behind a tab", "spec:\n  dnsPolicy:\tOld\t# why\n", "spec:\n  dnsPolicy:\tNew\t# why\n"],
    ["on a line of its own", "spec:\n  dnsPolicy:\n    Old\n", "spec:\n  dnsPolicy:\n    New\n"],
    ["without a value", "spec:\n  dnsPolicy:\n  a: 1\n", "spec:\n  dnsPolicy: New\n  a: 1\n"],
    ["without a value, at the end of the file", "spec:\n  dnsPolicy:", "spec:\n  dnsPolicy: New"],
    ["without a value, with a comment", "spec:\n  dnsPolicy: # why\n", "spec:\n  dnsPolicy: New # why\n"],
    ["null", "spec:\n  dnsPolicy: ~\n", "spec:\n  dnsPolicy: New\n"],
    ["the empty text", 'spec:\n  dnsPolicy: ""\n', 'spec:\n  dnsPolicy: "New"\n'],
    ["between braces", "spec: {a: 1, dnsPolicy: Old , b: 2}\n", "spec: {a: 1, dnsPolicy: New , b: 2}\n"],
    ["between braces, without a value", "spec: {a: 1, dnsPolicy: , b: 2}\n", "spec: {a: 1, dnsPolicy: New , b: 2}\n"],
    ["null in JSON", '{"spec": {"dnsPolicy": null, "a": 1}}', '{"spec": {"dnsPolicy": "New", "a": 1}}'],
    ["under a quoted key", "spec:\n  'dnsPolicy': Old\n", "spec:\n  'dnsPolicy': 'New'\n"],
    ["with line breaks of Windows", "spec:\r\n  dnsPolicy: Old\r\n  a: 1\r\n", "spec:\r\n  dnsPolicy: New\r\n  a: 1\r\n"],
    ["with an anchor that nothing uses", "spec:\n  dnsPolicy: &a Old\n", "(an anchor or a tag stands before it)"],
    ["with a tag", "spec:\n  dnsPolicy: !!str Old\n", "(an anchor or a tag stands before it)"],
    ["in a block of text", "spec:\n  dnsPolicy: |-\n    Old\n", "(it is written over several lines)"],
    ["with an explicit key", "spec:\n  ? dnsPolicy\n  : Old\n", "spec:\n  ? dnsPolicy\n  : New\n"],
    ["with an explicit key and without a value", "spec:\n  ? dnsPolicy\n  a: 1\n", "(it is written in a way that is not edited here)"],
  ])("%s", (_, text, expected) => {
    expect(written(text)).toBe(expected);
  });
});

describe("a field that is not there", () => {
  test.each<Row>([
    ["goes below its sibling", "spec:\n  hostNetwork: true\n  a: 1\n", "spec:\n  hostNetwork: true\n  dnsPolicy: New\n  a: 1\n"],
    ["goes below the sibling's comment", "spec:\n  hostNetwork: yes # why\n  # next\n  a: 1\n", "spec:\n  hostNetwork: yes # why\n  dnsPolicy: New\n  # next\n  a: 1\n"],
    ["stands in the sibling's column", "spec:\n      hostNetwork: true\n      a: 1\n", "spec:\n      hostNetwork: true\n      dnsPolicy: New\n      a: 1\n"],
    ["ends the file as it did", "spec:\n  hostNetwork: true", "spec:\n  hostNetwork: true\n  dnsPolicy: New"],
    ["keeps the line breaks of Windows", "spec:\r\n  hostNetwork: true\r\n  a: 1\r\n", "spec:\r\n  hostNetwork: true\r\n  dnsPolicy: New\r\n  a: 1\r\n"],
    ["keeps them at the end of the file", "spec:\r\n  hostNetwork: true", "spec:\r\n  hostNetwork: true\r\n  dnsPolicy: New"],
    ["is quoted as its sibling's key", 'spec:\n  "hostNetwork": true\n', 'spec:\n  "hostNetwork": true\n  "dnsPolicy": "New"\n'],
    ["goes below another field, where the sibling is missing", "spec:\n  c: []\n  a: 1\n  b: 2\n", "spec:\n  c: []\n  a: 1\n  dnsPolicy: New\n  b: 2\n"],
    ["goes above the others, where each has several lines", "spec:\n  a:\n  - 1\n  b: >\n    c\n", "spec:\n  dnsPolicy: New\n  a:\n  - 1\n  b: >\n    c\n"],
    ["goes below a merge key that does not know it", "a: &a {hostNetwork: true}\nspec:\n  <<: *a\n  c: []\n", "a: &a {hostNetwork: true}\nspec:\n  <<: *a\n  dnsPolicy: New\n  c: []\n"],
    ["goes between braces", "spec: {hostNetwork: true}\n", "spec: {hostNetwork: true, dnsPolicy: New}\n"],
    ["goes between braces, behind its sibling", "spec: {hostNetwork: true , a: 1}\n", "spec: {hostNetwork: true, dnsPolicy: New , a: 1}\n"],
    ["goes between braces of several lines", "spec: {\n  hostNetwork: true, # why\n  a: 1 }\n", "spec: {\n  hostNetwork: true, # why\n  dnsPolicy: New,\n  a: 1 }\n"],
    ["goes last between braces", "spec: {\n  hostNetwork: true # why\n  }\n", "spec: {\n  hostNetwork: true, # why\n  dnsPolicy: New\n  }\n"],
    ["goes into JSON", '{\n  "spec": {\n    "hostNetwork": true\n  }\n}\n', '{\n  "spec": {\n    "hostNetwork": true,\n    "dnsPolicy": "New"\n  }\n}\n'],
    ["goes into JSON with tabs", '{\n\t"spec": {\n\t\t"hostNetwork": true,\n\t\t"a": 1\n\t}\n}\n', '{\n\t"spec": {\n\t\t"hostNetwork": true,\n\t\t"dnsPolicy": "New",\n\t\t"a": 1\n\t}\n}\n'],
    ["goes into JSON without spaces", '{"spec":{"hostNetwork":true,"a":1}}', '{"spec":{"hostNetwork":true,"dnsPolicy":"New","a":1}}'],
    ["goes below a document's marker", "--- # first\nspec:\n  hostNetwork: true\n...\n", "--- # first\nspec:\n  hostNetwork: true\n  dnsPolicy: New\n...\n"],
    ["does not go below an explicit key", "spec:\n  ? hostNetwork\n  : true\n", "(it is written in a way that is not edited here)"],
  ])("%s", (_, text, expected) => {
    expect(written(text)).toBe(expected);
  });

  const mounts = "spec:\n  mounts:\n";
  test.each<Row>([
    ["below the first field of an element", `${mounts}  - mountPath: /a\n    name: a\n`, `${mounts}  - mountPath: /a\n    readOnly: true\n    name: a\n`],
    ["below its only field", `${mounts}    -   mountPath: /a # why\n    -   mountPath: /b\n`, `${mounts}    -   mountPath: /a # why\n        readOnly: true\n    -   mountPath: /b\n`],
    ["above the first field of an element", `${mounts}  - name: >\n      a\n`, `${mounts}  - readOnly: true\n    name: >\n      a\n`],
    ["in an element between braces", `${mounts}  - {mountPath: /a, name: a}\n`, `${mounts}  - {mountPath: /a, readOnly: true, name: a}\n`],
    ["in a list in a list", "spec:\n  mounts:\n  - mountPath: /a\n", "spec:\n  mounts:\n  - mountPath: /a\n    readOnly: true\n"],
  ])("%s of a list", (_, text, expected) => {
    expect(written(text, "spec.mounts[0].readOnly", true, 0, ["mountPath"])).toBe(expected);
  });
});

describe("what is shared is left alone", () => {
  const alias = "(an alias brings it in, so that other places share it)";
  const merged = "(a merge key brings it in, so that other places share it)";
  const shared = "(an anchor shares it with other places of the file)";
  test.each<Row>([
    ["a value that an alias brings in", "a: &a Old\nspec:\n  dnsPolicy: *a\n", alias],
    ["a value that aliases repeat", "spec:\n  dnsPolicy: &a Old\n  b: *a\n", shared],
    ["a mapping that an alias brings in", "a: &a {hostNetwork: true}\nspec: *a\n", alias],
    ["a mapping that aliases repeat", "spec: &a\n  hostNetwork: true\nb: *a\n", shared],
    ["a mapping that merge keys repeat", "spec: &a\n  hostNetwork: true\nb: {<<: *a}\n", shared],
    ["what lies in a mapping that aliases repeat", "root: &a\n  spec:\n    hostNetwork: true\nb: *a\n", shared],
    ["a value that a merge key brings in", "a: &a {dnsPolicy: Old}\nspec:\n  <<: *a\n  hostNetwork: true\n", merged],
    ["a value that a merge key brings in by another", "a: &a {dnsPolicy: Old}\nb: &b {<<: *a}\nspec:\n  <<: [*b]\n  hostNetwork: true\n", merged],
    ["a mapping that a merge key brings in", "a: &a {spec: {hostNetwork: true}}\n<<: *a\n", merged],
  ])("%s", (_, text, expected) => {
    expect(written(text, text.startsWith("root") ? "root.spec.dnsPolicy" : "spec.dnsPolicy")).toBe(expected);
  });

  test("a value beside an anchor that another name uses is not", () => {
    expect(written("a: &a 1\nspec: &b\n  hostNetwork: true\nc: *a\n")).toBe("a: &a 1\nspec: &b\n  hostNetwork: true\n  dnsPolicy: New\nc: *a\n");
  });
});

describe("of several objects only one is written", () => {
  const pod = (name: string): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec:\n  hostNetwork: true\n`;

  test("in a file of several documents, equal ones too", () => {
    const text = `${pod("a")}---\n${pod("a")}---\r\n${pod("a").replaceAll("\n", "\r\n")}`;
    expect(written(text, "spec.dnsPolicy", "New", 1)).toBe(`${pod("a")}---\n${pod("a")}  dnsPolicy: New\n---\r\n${pod("a").replaceAll("\n", "\r\n")}`);
    expect(written(text, "spec.dnsPolicy", "New", 2)).toBe(`${text}  dnsPolicy: New\r\n`);
  });

  test("in a document that is not plain, behind one that is", () => {
    const odd = pod("b").replace("hostNetwork", '"hostNetwork"').replace("metadata", "# é\nmetadata");
    expect(written(`${pod("a")}---\n${odd}`, "spec.dnsPolicy", "New", 1)).toBe(`${pod("a")}---\n${odd}  "dnsPolicy": "New"\n`);
  });

  test("in a List", () => {
    const item = (name: string, more = ""): string => `- apiVersion: v1\n  kind: Pod\n  metadata: {name: ${name}}\n  spec:\n    hostNetwork: true\n${more}`;
    const list = `apiVersion: v1\nkind: List\nitems:\n`;
    expect(written(`${list}${item("a")}${item("b")}`, "spec.dnsPolicy", "New", 1)).toBe(`${list}${item("a")}${item("b", "    dnsPolicy: New\n")}`);
  });

  test("below a path that is not there", () => {
    expect(written(pod("a"), "spec.os.name")).toBe("(there is no `os` to write it into)");
  });
});

test("a text that another reading would take for something else is quoted", () => {
  expect(written("spec:\n  dnsPolicy: Old\n", "spec.dnsPolicy", "yes")).toBe('spec:\n  dnsPolicy: "yes"\n');
  expect(written("spec:\n  dnsPolicy: 'Old'\n", "spec.dnsPolicy", "it's")).toBe("spec:\n  dnsPolicy: 'it''s'\n");
  expect(written("spec:\n  dnsPolicy: Old\n", "spec.dnsPolicy", 5)).toBe("spec:\n  dnsPolicy: 5\n");
});
