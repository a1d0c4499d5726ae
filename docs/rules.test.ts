/** The examples on the pages of the rules, read from the pages: what is to be avoided gives exactly what is shown, what is preferred nothing. */
import { load } from "js-yaml";
import { describe, expect, test } from "vitest";

import { KUBERNETES_SCHEMA } from "../manifest/dialect.js";
import { isMapping } from "../manifest/mapping.js";
import type { ReviewRequest } from "../manifest/run.js";
import { rules } from "../policies/index.js";
import { runInJs } from "../test/executors/js.js";
import { fences, pages, read, sections } from "./markdown.js";

interface Example {
  readonly page: string;
  readonly name: string;
  readonly request: ReviewRequest;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly messages: readonly string[];
}

/** The examples of one section of a page. */
function examplesIn(page: string, section: string): Example[] {
  return [...sections(sections(read(page), 2).get(section) ?? "", 3)].map(([name, text]) => {
    const blocks = fences(text).filter(({ mark }) => mark !== "");
    const messages = blocks.filter(({ mark }) => mark === "messages").flatMap((block) => block.text.trimEnd().split("\n"));
    const parts = new Map(blocks.filter(({ mark }) => mark !== "messages").map((block): [string, unknown] => [block.mark, load(block.text, { schema: KUBERNETES_SCHEMA })]));
    const { parameters = {}, object, ...rest } = Object.fromEntries(parts);
    if (!isMapping(object) || !isMapping(parameters)) throw new Error(`${page}: ${name} shows no object`);
    const operation = rest["oldObject"] === undefined ? {} : { operation: "UPDATE" as const };
    return { page, name, request: { object, ...operation, ...rest }, parameters, messages };
  });
}

const ids = rules.map((rule) => rule.id);
const shown = (section: string) => ids.flatMap((id) => examplesIn(`docs/rules/${id}.md`, section).map((example) => ({ id, ...example })));

test("every rule has a page, and every page a rule", () => {
  const there = pages().filter((page) => page.startsWith("docs/rules/"));
  expect(there).toEqual(["README", ...ids].map((name) => `docs/rules/${name}.md`));
});

test.each(ids)("%s shows what to avoid and what to prefer", (id) => {
  expect(examplesIn(`docs/rules/${id}.md`, "Avoid")).not.toEqual([]);
  expect(examplesIn(`docs/rules/${id}.md`, "Prefer")).not.toEqual([]);
});

describe("avoid", () => {
  test.each(shown("Avoid"))("$id: $name", ({ id, request, parameters, messages }) => {
    expect(messages).not.toEqual([]);
    expect(runInJs(id, request, parameters).map(({ message }) => message)).toEqual(messages);
  });
});

describe("prefer", () => {
  test.each(shown("Prefer"))("$id: $name", ({ id, request, parameters, messages }) => {
    expect(messages).toEqual([]);
    expect(runInJs(id, request, parameters)).toEqual([]);
  });
});
