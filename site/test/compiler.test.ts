/** The compiler view in a real browser: links what belongs together, compiles what is typed, and says what the command says. */
import { mkdtempSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { read, root } from "../../docs/markdown.js";
import { compileFiles } from "../../generator/compile.js";
import { formatDiagnostic } from "../../generator/diagnostics.js";
import { statements } from "../../generator/frontend/fixtures/refused/statements.js";
import { parameters } from "../../generator/frontend/fixtures/refused/parameters.js";
import { typeErrors } from "../../generator/frontend/fixtures/refused/type-errors.js";
import { ID, unmarked } from "../../generator/frontend/fixtures/snippets.js";
import { packageAssets, readWasmManifest } from "../../policy-test/assets.js";
import { compiledContent } from "../build/compiled.js";
import type { FromWorker } from "../compiler/wire.js";
import { startBrowser } from "./browser.js";
import { withPage } from "./page.js";
import { built, serve, type Served } from "./server.js";

const ids = readWasmManifest(packageAssets().manifest).rules.map(({ id }) => id);
const RULE = "host-network-dns-policy";
const source = read(`policies/${RULE}.ts`);
/** TypeScript and the compiler: by far the largest of all. */
const worker = readdirSync(join(built, "assets")).filter((file) => file.startsWith("worker-") && statSync(join(built, "assets", file)).size > 5_000_000);

let served: Served;
let browser: Browser;
beforeAll(async () => {
  served = await serve("/some/where/");
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  await served.close();
});

const onPage = (use: (page: Page) => Promise<void>): Promise<void> =>
  withPage(browser, served, { viewport: { width: 1500, height: 1000 } }, async (page) => {
    served.sent.clear();
    await page.goto(`${served.address}compiler.html#${RULE}`);
    await says(page, "Compiled: 1 finding");
    await use(page);
  });
const says = (page: Page, text: string) => expect.poll(() => page.locator(".compiler .summary").innerText(), { timeout: 60_000 }).toContain(text);
const line = (page: Page, pane: string, text: string) => page.locator(`.pane.${pane} .cm-line`, { hasText: text }).first();
const lit = (page: Page, pane: string) => page.locator(`.pane.${pane} .linked-line.near`).allInnerTexts();

/** Writes at the start of the line that holds `text`. */
async function write(page: Page, text: string, more: string): Promise<void> {
  await line(page, "source", text).click();
  await page.keyboard.press("Home");
  await page.keyboard.insertText(more);
}

/** What the command prints for a rule, as it lies in a folder `policies`. */
function commandSays(id: string, text: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), "compiler-view-"));
  try {
    mkdirSync(join(folder, "policies"));
    symlinkSync(join(root, "policies/kit"), join(folder, "policies/kit"));
    const file = join(folder, "policies", `${id}.ts`);
    writeFileSync(file, text);
    return compileFiles([file]).diagnostics.map((each) => formatDiagnostic({ ...each, file: each.file.replace(`${folder}/`, "") }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("loads a rule as it is compiled now, and nothing of TypeScript", async () => {
  await onPage(async (page) => {
    const bytes = [...served.sent.values()].reduce((sum, size) => sum + size, 0);
    console.log(`initial load of the compiler view: ${String(bytes)} bytes, compressed`);
    expect(bytes).toBeLessThan(300_000);
    expect(worker.length).toBe(1);
    expect([...served.sent.keys()].filter((path) => path.includes("worker-"))).toEqual([]);
    expect(await line(page, "rego", "package ").innerText()).toBe("package hostnetworkdnspolicy");
  });
});

test("points from a finding to what it became, and back", async () => {
  await onPage(async (page) => {
    await line(page, "source", "at(pod, \"dnsPolicy\")").hover();
    await says(page, "Here is the finding: Rego lines 6–");
    expect((await lit(page, "rego")).join("\n")).toMatch(/^violation contains .*" of a hostNetwork Pod ".*^\}$/ms);
    expect((await lit(page, "cel")).join("\n")).toContain("\" of a hostNetwork Pod \"");
    expect((await lit(page, "source"))[0]).toContain("yield violation(");

    await line(page, "rego", "pod.osName != \"windows\"").hover();
    await expect.poll(() => lit(page, "source")).toEqual([expect.stringContaining("if (pod.osName === \"windows\"")]);
    expect((await lit(page, "cel"))[0]).toContain("variables.pod.osName == \"windows\"");
    expect((await page.locator(".pane.source .linked-line.around").allInnerTexts())[0]).toContain("yield violation(");

    await line(page, "cel", "variables.pod.dnsPolicy in variables.parameters.dnsPolicies").hover();
    await expect.poll(() => lit(page, "source")).toEqual([expect.stringContaining("params.dnsPolicies.includes(pod.dnsPolicy)")]);
    expect(await lit(page, "rego")).toEqual([expect.stringContaining("not pod.dnsPolicy in parameters.dnsPolicies")]);

    await page.locator("h1").hover();
    await says(page, "Compiled");
    expect(await lit(page, "rego")).toEqual([]);
  });
});

test("compiles what is typed, and links it", async () => {
  await onPage(async (page) => {
    await line(page, "source", "at(pod, \"dnsPolicy\")").click();
    await page.keyboard.press("End");
    // To the first word of the message, which stands on the next line.
    for (let right = 0; right < "\n      `".length; right++) await page.keyboard.press("ArrowRight");
    await page.keyboard.insertText("Beware: ");
    await says(page, "Here is the finding");
    expect((await lit(page, "rego")).join("\n")).toContain("\"Beware: dnsPolicy \"");
    expect((await lit(page, "cel")).join("\n")).toContain("\"Beware: dnsPolicy \"");
    expect([...served.sent.keys()].filter((path) => path.includes("worker-"))).toEqual([`assets/${worker[0] ?? ""}`]);
    await page.getByRole("button", { name: "Undo all edits" }).click();
    await expect.poll(() => page.locator(".pane.rego").innerText()).not.toContain("Beware");
  });
});

test("says what the command says where a rule does not compile", async () => {
  await onPage(async (page) => {
    await write(page, "if (!pod.hostNetwork) return;", "while (pod.hostPID) {} const x = pod.containers[0];");
    await says(page, "The rule does not compile: 2 errors");
    const text = source.replace("if (!pod.hostNetwork) return;", "while (pod.hostPID) {} const x = pod.containers[0];if (!pod.hostNetwork) return;");
    const expected = commandSays(RULE, text);
    expect(expected.length).toBe(2);
    expect(expected[0]).toContain(`policies/${RULE}.ts:39:5: error: \`while\` is not in the subset`);
    expect(await page.locator(".refusals pre").allInnerTexts()).toEqual(expected);
    expect(await page.locator(".pane.source .cm-lintRange-error").allInnerTexts()).toEqual(["while (pod.hostPID) {}", "pod.containers[0]"]);
    expect(await page.locator(".pane .stale").count()).toBe(2);
    await page.locator(".refusals").getByRole("button", { name: "line 39" }).last().click();
    await page.keyboard.insertText("(");
    await page.keyboard.press("Backspace");
    await says(page, "The rule does not compile: 2 errors");
    for (let undone = 0; undone < 5; undone++) await page.keyboard.press("Control+z");
    await says(page, "Here is the condition: Rego line 8, ");
    expect(await page.locator(".pane .stale, .refusals, .pane.source .cm-lintRange-error").count()).toBe(0);

    await page.locator(".pane.source .cm-content").click();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText("export const nothing = 1;\n");
    await says(page, "This file exports no rule");
  });
});

test("every rule can be chosen, and its page leads here", async () => {
  await withPage(browser, served, { viewport: { width: 1500, height: 1000 } }, async (page) => {
    await page.goto(`${served.address}docs/rules/host-network-port-range.html`);
    await page.getByRole("link", { name: "compiler view", exact: true }).click();
    await says(page, "Compiled");
    const rule = page.locator(".compiler select");
    expect(await rule.inputValue()).toBe("host-network-port-range");
    expect(await rule.locator("option").allInnerTexts()).toEqual(ids);
    for (const id of ids) {
      await rule.selectOption(id);
      await expect.poll(() => page.locator(".pane.rego .cm-content").innerText()).toContain(`package ${id.replaceAll("-", "")}\n`);
      await says(page, "Compiled");
      expect(new URL(page.url()).hash).toBe(`#${id}`);
    }
  });
});

test("needs no mouse", async () => {
  await onPage(async (page) => {
    await page.locator(".compiler select").focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe("Rule in TypeScript");
    await page.keyboard.press("Control+End");
    for (let up = 0; up < 5; up++) await page.keyboard.press("ArrowUp");
    await says(page, "Here is the finding");
    await page.keyboard.press("Control+.");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe("Rego, read only");
    expect(await page.locator(".pane.rego .cm-activeLine").innerText()).toContain("violation contains");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await says(page, "Here is the condition: Rego line 8");
    await page.keyboard.press("Control+.");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe("CEL, read only");
    expect(await page.locator(".pane.cel .cm-activeLine").innerText()).toContain("!variables.pod.hostNetwork");
    await page.keyboard.type("x");
    expect(await page.locator(".pane.cel .cm-activeLine").innerText()).not.toContain("x!");
    await page.keyboard.press("Control+.");
    expect(await page.locator(".pane.source .cm-activeLine").innerText()).toContain("if (!pod.hostNetwork) return;");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe("Rego, read only");
  });
});

describe("the compiler in the browser", () => {
  const { rules } = compiledContent(ids);
  /** Asks the worker about each text, one after the other. */
  const ask = async (asked: readonly { readonly id: string; readonly text: string }[]): Promise<unknown[]> => {
    let answers: unknown[] = [];
    await onPage(async (page) => {
      answers = await page.evaluate(async ({ address, questions }) => {
        const started = new Worker(address, { type: "module" });
        const all: unknown[] = [];
        for (const [number, question] of questions.entries()) {
          all.push(await new Promise((resolve) => {
            started.onmessage = ({ data }: MessageEvent<FromWorker>) => { resolve(data); };
            started.onerror = ({ message }) => { resolve(message); };
            started.postMessage({ number, ...question });
          }));
        }
        started.terminate();
        return all;
      }, { address: `${served.address}assets/${worker[0] ?? ""}`, questions: asked });
    });
    return answers;
  };

  test("makes of every rule what the compiler makes of it in Node", async () => {
    const answers = await ask(ids.map((id) => ({ id, text: rules[id]?.source ?? "" })));
    expect(answers).toEqual(ids.map((id, number) => ({ number, outcome: { kind: "compiled", view: rules[id]?.view } })));
  });

  test("refuses in the same words", async () => {
    const chosen = [...statements.slice(0, 3), ...parameters.slice(0, 4), ...typeErrors.slice(0, 1)].map((row) => ({ id: "rule-0", text: unmarked(row).text.replaceAll(ID, "rule-0").replace("\"hostnetwork-policies\"", "\"./kit/index.js\"") }));
    const answers = await ask(chosen);
    for (const [number, { text }] of chosen.entries()) {
      const expected = commandSays("rule-0", text);
      expect(expected).not.toEqual([]);
      expect(answers[number]).toEqual({ number, outcome: { kind: "refused", refusals: expected.map((said): unknown => expect.objectContaining({ text: said, isHere: true })) } });
    }
  });
});
