/** The built files: links, the way from any page to the others, and nothing of elsewhere. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { relink, routeOf } from "../build/pages.js";
import { PLACEHOLDER, relativeScript } from "../build/relative.js";
import { isDeepStrictEqual } from "../shims/node-util.js";
import { createHash } from "../shims/node-crypto.js";
import { built } from "./server.js";

const files = readdirSync(built, { recursive: true, encoding: "utf8" });
const read = (file: string): string => readFileSync(join(built, file), "utf8");
const html = files.filter((file) => file.endsWith(".html"));

test("every link of every page leads to a file of the site", () => {
  expect(html.length).toBeGreaterThan(50);
  const lost = html.flatMap((file) =>
    [...read(file).matchAll(/\s(?:href|src)="([^"#?]+)/g)].flatMap(([, link = ""]) => {
      if (/^(?:https?|mailto):/.test(link)) return [];
      if (link.startsWith("/")) return [`${file}: ${link}`];
      const target = posix.join(posix.dirname(file), link);
      return existsSync(join(built, link.endsWith("/") ? `${target}/index.html` : target)) ? [] : [`${file}: ${link}`];
    }),
  );
  expect(lost).toEqual([]);
});

test("nothing is loaded from elsewhere, and no path is built in", () => {
  const loads = /<(?:script|link|img|iframe)[^>]+(?:src|href)="(?:https?:)?\/\/|@import|url\((?!data:|"data:|#)|fonts\.g/;
  expect(html.filter((file) => loads.test(read(file)))).toEqual([]);
  expect(files.filter((file) => file.endsWith(".css")).filter((file) => loads.test(read(file)))).toEqual([]);
  expect(files.filter((file) => /\.(html|js|css|json)$/.test(file)).filter((file) => read(file).includes(PLACEHOLDER))).toEqual([]);
});

test("every rule's page has the playground with its cases", () => {
  const pages = html.filter((file) => /^docs\/rules\/(?!index)/.test(file));
  expect(pages.length).toBeGreaterThan(15);
  for (const page of pages) expect(read(page), page).toContain("when-seen");
});

describe("relativeScript", () => {
  const run = (script: string): unknown => runInNewContext(`${relativeScript(script, "base")}\n;x`, { base: "/p/" });
  test.each([
    [`var x = "${PLACEHOLDER}"`, "/p/"],
    [`var x = '<a href="${PLACEHOLDER}a">${PLACEHOLDER}b'`, '<a href="/p/a">/p/b'],
    [`var x = \`<\${1}${PLACEHOLDER}a\``, "<1/p/a"],
    [`var x = JSON.parse("{\\"base\\":\\"${PLACEHOLDER}\\"}").base`, "/p/"],
    [`var x = "a" + "${PLACEHOLDER}b".length`, "a4"],
    [`var x = 1 // ü`, 1],
  ])("%s", (script, value) => {
    expect(run(script)).toBe(value);
  });
});

describe("relink", () => {
  const pages = new Set(["README.md", "docs/README.md", "docs/rules/a.md", "library/README.md"]);
  const of = (text: string, page = "docs/rules/a.md"): string => relink(text, page, pages).text;
  test("moves READMEs to where a server shows them", () => {
    expect(["README.md", "docs/README.md", "docs/rules/a.md"].map(routeOf)).toEqual(["overview.md", "docs/index.md", "docs/rules/a.md"]);
    expect(of("[x](../README.md#y) [z](../../README.md) [l](../../library/)")).toBe("[x](../index.md#y) [z](../../overview.md) [l](../../library/index.md)");
  });
  test("gives files and folders that are no pages", () => {
    expect(relink("[x](wasm/manifest.json), [y](test/cases)", "README.md", pages)).toEqual({ text: "[x](./files/wasm/manifest.json.txt), y", files: ["wasm/manifest.json"] });
  });
  test("leaves code and other sites alone, and refuses what is not there", () => {
    expect(of("[x](https://example.com/a)\n```md\n[x](nowhere.md)\n```\n")).toBe("[x](https://example.com/a)\n```md\n[x](nowhere.md)\n```\n");
    expect(() => of("[x](nowhere.md)")).toThrow("docs/rules/nowhere.md");
  });
});

test("the stand-ins for Node's modules do the same", () => {
  const values = [null, 0, -0, "", [], {}, [0], { a: 1 }, { a: 1, b: undefined }, { b: undefined, a: 1 }, { a: [1, { c: null }] }, { a: [1, { c: 0 }] }, ["0"], { 0: "0" }];
  for (const [i, one] of values.entries()) for (const [j, other] of values.entries()) {
    expect(isDeepStrictEqual(one, other), `${String(i)} ${String(j)}`).toBe(i === j || (i === 8 && j === 9) || (i === 9 && j === 8));
  }
  expect(createHash("sha256").update(new TextEncoder().encode("abc")).digest("hex")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
