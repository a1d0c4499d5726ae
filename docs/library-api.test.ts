/** The examples of docs/library-api.md run, and print what the page says. */
import { runInNewContext } from "node:vm";
import ts from "typescript";
import { expect, test } from "vitest";
import * as library from "../index.js";
import { fences, read } from "./markdown.js";

const blocks = fences(read("docs/library-api.md"));
const examples = blocks.flatMap((block, index) => (block.mark === "run" ? [{ text: block.text, next: blocks[index + 1] }] : []));

/** What the code prints. It is a module, of which the names that it imports are looked up in the library. */
async function run(code: string): Promise<string> {
  const printed: string[] = [];
  const { outputText } = ts.transpileModule(code, { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext } });
  const body = outputText.replace(/^import (\{.*\}) from "hostnetwork-policies";$/gm, "const $1 = library;");
  await runInNewContext(`(async () => {${body}})()`, { library, console: { log: (...words: unknown[]) => void printed.push(words.join(" ")) } });
  return printed.map((line) => `${line}\n`).join("");
}

test.each(examples)("the example prints what the page says: $text", async ({ text, next }) => {
  expect(next?.mark).toBe("prints");
  expect(await run(text)).toBe(next?.text);
});

test("there are examples", () => {
  expect(examples.length).toBeGreaterThan(3);
  expect(blocks.filter(({ language }) => language === "ts")).toHaveLength(examples.length);
});
