/** The playground in a real browser: finds, fixes, shares, and says so where it cannot check. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { packageAssets, readWasmManifest } from "../../policy-test/assets.js";
import { startBrowser } from "./browser.js";
import { serve, type Served } from "./server.js";

const ids = readWasmManifest(packageAssets().manifest).rules.map(({ id }) => id);

let served: Served;
let browser: Browser;
let context: BrowserContext;
let page: Page;
/** What went wrong in the page, and what it asked of elsewhere. */
let troubles: string[];

beforeAll(async () => {
  served = await serve("/some/where/");
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  await served.close();
});
beforeEach(async () => {
  troubles = [];
  served.missing.length = 0;
  served.sent.clear();
  context = await browser.newContext({ viewport: { width: 1300, height: 900 }, permissions: ["clipboard-read", "clipboard-write"] });
  context.on("page", (opened) => {
    opened.on("pageerror", (error) => troubles.push(error.message));
    opened.on("console", (message) => message.type() === "error" ? troubles.push(message.text()) : undefined);
    opened.on("request", (request) => request.url().startsWith(served.address) || request.url().startsWith("blob:") ? undefined : troubles.push(request.url()));
  });
  page = await context.newPage();
});
afterEach(async () => {
  await context.close();
});

const POD = `apiVersion: v1
kind: Pod
metadata:
  name: agent
spec:
  hostNetwork: true
  containers:
    - name: agent
      image: example.com/agent:1
`;

const summary = (within = page) => within.locator(".playground .summary");
const editor = (label: "Manifest" | "Settings" = "Manifest") => page.locator(`.playground .cm-content[aria-label^="${label}"]`);
const choice = (label: string) => page.locator(".playground label", { hasText: new RegExp(`^${label}`) }).locator("select");
const result = (rule: string) => page.locator(".playground .result").filter({ has: page.getByRole("link", { name: rule, exact: true }) });
const textOf = (label: "Manifest" | "Settings" = "Manifest") => editor(label).locator(".cm-line").allInnerTexts().then((lines) => lines.map((line) => (line === "\n" ? "" : line)).join("\n"));

async function open(path = "playground.html"): Promise<void> {
  await page.goto(`${served.address}${path}`);
  await expect.poll(() => summary().innerText(), { timeout: 20_000 }).not.toContain("Loading");
}

async function write(text: string, label: "Manifest" | "Settings" = "Manifest"): Promise<void> {
  await editor(label).click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
}

const says = (text: string) => expect.poll(() => summary().innerText(), { timeout: 10_000 }).toContain(text);

test("starts with an example and loads less than 500 KB", async () => {
  await open();
  await says("1 workload, 3 findings (3 errors, 0 warnings)");
  const bytes = [...served.sent.values()].reduce((sum, size) => sum + size, 0);
  console.log(`initial load of the playground: ${String(bytes)} bytes, compressed`);
  expect(bytes).toBeGreaterThan(200_000); // the module alone
  expect(bytes).toBeLessThan(500_000);
  expect(served.missing).toEqual([]);
  expect(troubles).toEqual([]);
});

test("finds as one types, at the line, with message and advice", async () => {
  await open();
  await write(POD);
  await says("1 workload");
  await expect.poll(() => result("host-network-dns-policy").getByRole("button", { name: "line 5" }).count()).toBe(1);
  expect(await result("host-network-dns-policy").locator(".advice").innerText()).toContain("set dnsPolicy: ClusterFirstWithHostNet");
  expect(await page.locator(".playground .manifest .cm-lint-marker").count()).toBeGreaterThan(0);
  await page.keyboard.press("Control+End");
  await page.keyboard.type("  hostPID: true", { delay: 5 });
  await expect.poll(() => result("restrict-host-namespaces").count()).toBe(1);
  await page.locator(".playground .cm-lintRange").first().hover();
  await expect.poll(() => page.locator(".cm-tooltip .cm-diagnostic").count()).toBeGreaterThan(0);
  expect(troubles).toEqual([]);
});

test("an unreadable manifest is invalid, not clean", async () => {
  await open();
  await write("kind: Pod\nspec: [\n");
  await says("1 invalid");
  await write("");
  await says("There is no object in the manifest");
});

test("fixes one finding, all of them, and takes it back", async () => {
  await open();
  await write(`${POD}---\n${POD}`);
  await expect.poll(() => page.getByRole("button", { name: "Fix all (2)" }).count()).toBe(1);
  await result("host-network-dns-policy").first().getByRole("button", { name: "Fix: dnsPolicy: ClusterFirstWithHostNet" }).click();
  await expect.poll(() => page.getByRole("button", { name: "Fix all (1)" }).count()).toBe(1);
  const fixed = POD.replace("hostNetwork: true\n", "hostNetwork: true\n  dnsPolicy: ClusterFirstWithHostNet\n");
  expect(await textOf()).toBe(`${fixed}---\n${POD}`);
  await page.getByRole("button", { name: "Fix all (1)" }).click();
  await expect.poll(() => page.getByRole("button", { name: "Fix all (0)" }).isDisabled()).toBe(true);
  expect(await textOf()).toBe(`${fixed}---\n${fixed}`);
  await editor().focus();
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await expect.poll(() => textOf()).toBe(`${POD}---\n${POD}`);
});

test("switches rules, bundles and parameters", async () => {
  await open();
  await write(POD);
  await choice("Bundle").selectOption("ack");
  await expect.poll(() => page.locator(".command code").innerText()).toBe("npx policy-test --bundle ack manifest.yaml");
  await choice("Bundle").selectOption("");
  await page.getByText("Rules: 17 of 17").click();
  await page.locator(".playground .rules label", { has: page.getByText("restrict-host-network", { exact: true }) }).locator("input").uncheck();
  await expect.poll(() => page.getByText("Rules: 16 of 17").count()).toBe(1);
  await expect.poll(() => result("restrict-host-network").count()).toBe(0);
  await page.getByRole("button", { name: "All rules" }).click();
  await expect.poll(() => result("restrict-host-network").count()).toBe(1);
  await page.getByText("Settings: policy-test.yaml").click();
  await write("rules:\n  host-network-dns-policy:\n    parameters:\n      dnsPolicies: [ClusterFirst]\n", "Settings");
  await expect.poll(() => result("host-network-dns-policy").count()).toBe(0);
  await write("rules:\n  host-network-dns-policy:\n    parameters:\n      dnsPolices: [ClusterFirst]\n", "Settings");
  await says("The settings are wrong, so nothing was checked");
  expect(await page.locator(".playground .results").innerText()).toContain("did you mean `dnsPolicies`?");
  expect(await page.locator(".settings .cm-lint-marker-error").count()).toBe(1);
  expect(troubles).toEqual([]);
});

test("shares all of it by a link, which the server never sees", async () => {
  await open();
  await write(`${POD}# ü 🐙\n`);
  await choice("Bundle").selectOption("strict");
  await page.getByText("Settings: policy-test.yaml").click();
  await write("rules: {unresolved-placeholder: {enforcement: off}}\n", "Settings");
  await expect.poll(() => page.locator(".command code").innerText()).toContain("--config");
  const said = await summary().innerText();
  await page.getByRole("button", { name: "Copy link" }).click();
  const link = await page.locator(".playground .link input").inputValue();
  expect(link).toMatch(/playground\.html#v1\./);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
  expect(page.url()).toBe(link);

  page = await context.newPage();
  await page.goto(link);
  await says(said);
  expect(await textOf()).toBe(`${POD}# ü 🐙\n`);
  expect(await textOf("Settings")).toContain("enforcement: off");
  expect(await choice("Bundle").inputValue()).toBe("strict");

  await page.goto(link.slice(0, -20));
  await expect.poll(() => page.locator(".playground .notice").innerText()).toContain("this link is broken");
  expect(troubles).toEqual([]);
});

test("opens a file and the examples", async () => {
  await open();
  await page.getByLabel("Open a file").setInputFiles({ name: "pod.yaml", mimeType: "text/yaml", buffer: Buffer.from(POD) });
  await expect.poll(() => textOf()).toBe(POD);
  expect(await choice("Example").inputValue()).toBe("-1");
  await choice("Example").selectOption("node-exporter-fixed.yaml with policy-test.yaml");
  await says("1 workload, 0 findings");
  expect(await page.locator(".playground details.settings").getAttribute("open")).not.toBeNull();
  await choice("Example").selectOption("bad.yaml");
  await says("9 workloads");
});

test("works with the keyboard alone", async () => {
  await open();
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? "");
  let presses = 0;
  while ((await focused()) !== "Manifest" && presses++ < 60) await page.keyboard.press("Tab");
  expect(await focused()).toBe("Manifest");
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(POD);
  await expect.poll(() => page.getByRole("button", { name: "Fix all (1)" }).count()).toBe(1);
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("F8"); // the first finding
  await expect.poll(() => page.locator(".playground .manifest .cm-activeLine").innerText()).toBe("spec:");
  await page.keyboard.press("Control+.");
  await expect.poll(() => textOf()).toContain("dnsPolicy: ClusterFirstWithHostNet");
  await page.keyboard.press("Tab");
  expect(await focused()).not.toBe("Manifest");
  await page.keyboard.press("Enter"); // the settings open
  await expect.poll(() => page.locator(".playground details.settings").getAttribute("open")).not.toBeNull();
  while ((await focused()) !== "line 6" && presses++ < 120) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  expect(await focused()).toBe("Manifest");
  await page.keyboard.press("Shift+Tab");
  expect(await focused()).not.toBe("Manifest");
  expect(troubles).toEqual([]);
});

test("goes on without a network", async () => {
  await open();
  await context.setOffline(true);
  await write(POD);
  await says("1 workload");
  await page.getByRole("button", { name: "Fix all (1)" }).click();
  await expect.poll(() => textOf()).toContain("dnsPolicy");
});

describe("says that nothing was checked where", () => {
  test("the compiled rules are not there", async () => {
    await page.route("**/*.wasm", (route) => route.fulfill({ status: 404 }));
    await open();
    await says("Nothing was checked: the compiled rules could not be loaded: 404");
  });
  test("they are other rules", async () => {
    await page.route("**/*.wasm", async (route) => {
      const response = await route.fetch();
      const body = await response.body();
      // A custom section of no meaning: still a module.
      await route.fulfill({ response, body: Buffer.concat([body, Buffer.from([0, 2, 1, 120])]) });
    });
    await open();
    await says("it is not the module that its manifest speaks of");
  });
  test("the checker's script is not there", async () => {
    await page.route("**/worker-*.js", (route) => route.fulfill({ status: 404 }));
    await open();
    await says("Nothing was checked: the checker stopped");
  });
});

test.each(ids)("the page of %s has it with its own cases", async (id) => {
  await page.goto(`${served.address}docs/rules/${id}.html`);
  expect([...served.sent.keys()].filter((path) => /Playground|\.wasm/.test(path))).toEqual([]);
  await page.locator("#try-it").scrollIntoViewIfNeeded();
  await page.locator(".when-seen").scrollIntoViewIfNeeded();
  await expect.poll(() => summary().count(), { timeout: 20_000 }).toBe(1);
  await expect.poll(() => result(id).count(), { timeout: 20_000 }).toBeGreaterThan(0);
  const options = await choice("Case").locator("option").allInnerTexts();
  await choice("Case").selectOption(options.find((option) => option.startsWith("Prefer")) ?? "");
  await expect.poll(() => page.locator(".playground .result").filter({ hasText: options[0] ?? "" }).count()).toBe(0);
  await says("finding");
  expect(served.missing).toEqual([]);
  expect(troubles).toEqual([]);
});
