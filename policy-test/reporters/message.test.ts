import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadAll } from "js-yaml";
import { expect, test } from "vitest";
import { KUBERNETES_SCHEMA } from "../../manifest/dialect.js";
import { isMapping } from "../../manifest/mapping.js";
import { packageAssets, readWasmManifest } from "../assets.js";
import { partsOf, reasonOf } from "./message.js";

const folder = fileURLToPath(new URL("../../test/cases/", import.meta.url));

/** Every message that the cases of the rules expect. */
function messages(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((element) => messages(element));
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([name, child]) => (name === "message" && typeof child === "string" ? [child] : messages(child)));
}

const all = readdirSync(folder).flatMap((file) => messages(loadAll(readFileSync(folder + file, "utf8"), { schema: KUBERNETES_SCHEMA })));

// "no" of "no node ports are allowed: remove hostPort".
test("the messages of all rules say what to write, as an order", () => {
  const verbs = all.map((message) => partsOf(message).advice?.split(" ")[0]);
  expect(all.length).toBeGreaterThan(200);
  expect([...new Set(verbs)].sort()).toMatchInlineSnapshot(`
    [
      "add",
      "give",
      "keep",
      "make",
      "name",
      "no",
      "remove",
      "set",
      "split",
      "use",
      "write",
    ]
  `);
});

test("a message without advice is a whole", () => {
  expect(partsOf("it is so")).toEqual({ what: "it is so" });
  expect(partsOf("a; b; set c")).toEqual({ what: "a; b", advice: "set c" });
});

test("every rule has a reason of a sentence or two", () => {
  for (const { description } of readWasmManifest(packageAssets().manifest).rules) {
    expect(reasonOf(description)).toMatch(/^[\w].*\.$/);
    expect(reasonOf(description).length).toBeGreaterThan(60);
    expect(reasonOf(description).length).toBeLessThan(400);
  }
});
