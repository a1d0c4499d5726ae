/** What the README shows beside what every page is held to (pages.test.ts). */
import { expect, test } from "vitest";

import { rules } from "../policies/index.js";
import { fences, read } from "./markdown.js";

const readme = read("README.md");

test("excerpts are shown of a rule, Rego, CEL and settings, output of three commands", () => {
  const marks = fences(readme).map(({ mark }) => mark);
  expect(marks.filter((mark) => mark === "excerpt")).toHaveLength(4);
  expect(marks.filter((mark) => mark === "output")).toHaveLength(3);
});

test("the table of rules has each rule with its page, its severity and default", () => {
  const rows = [...readme.matchAll(/^\| \[([a-z-]+)\]\(([^)]+)\) \| (\w+) \| (\w+) \|/gm)].map(([, id, page, severity, enforcement]) => ({ id, page, severity, enforcement }));
  expect(rows).toEqual(rules.map(({ id, severity, enforcement }) => ({ id, page: `docs/rules/${id}.md`, severity, enforcement })));
});
