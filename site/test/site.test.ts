/** The site around the playground in a real browser: any path, search, light and dark, narrow screens, and axe. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startBrowser } from "./browser.js";
import { withPage } from "./page.js";
import { serve, type Served } from "./server.js";

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
});

describe.each(["/", "/deep/er/"])("below %s", (prefix) => {
  let served: Served;
  beforeAll(async () => {
    served = await serve(prefix);
  });
  afterAll(() => served.close());

  test("the navigation leads from page to page, whatever their depth", async () => {
    await withPage(browser, served, { viewport: { width: 1300, height: 900 } }, async (page) => {
      await page.goto(served.address);
      await page.getByRole("link", { name: "Rules", exact: true }).first().click();
      await expect.poll(() => page.url()).toBe(`${served.address}docs/rules/`);
      const sidebar = page.locator(".VPSidebar");
      await sidebar.getByRole("link", { name: "host-network-dns-policy", exact: true }).click();
      await expect.poll(() => page.locator("h1").innerText()).toContain("host-network-dns-policy");
      await sidebar.getByRole("link", { name: "Overview" }).click();
      await expect.poll(() => page.url()).toBe(`${served.address}overview.html`);
      await sidebar.getByRole("link", { name: "Gatekeeper" }).click();
      await expect.poll(() => page.url()).toBe(`${served.address}docs/install-gatekeeper.html`);
      await page.goBack();
      await expect.poll(() => page.url()).toBe(`${served.address}overview.html`);
      await page.getByRole("link", { name: "policies/host-network-dns-policy.ts" }).first().click();
      await expect.poll(() => page.url()).toBe(`${served.address}files/policies/host-network-dns-policy.ts.txt`);
      expect(await page.locator("body").innerText()).toContain("export default");
    });
  });

  test("search finds a rule", async () => {
    await withPage(browser, served, { viewport: { width: 1300, height: 900 } }, async (page) => {
      await page.goto(`${served.address}docs/glossary.html`);
      await page.waitForLoadState("networkidle");
      await page.keyboard.press("Control+k");
      await page.keyboard.type("ClusterFirstWithHostNet");
      const found = page.locator(".VPLocalSearchBox .result");
      await expect.poll(() => found.count(), { timeout: 20_000 }).toBeGreaterThan(0);
      const address = await found.first().getAttribute("href");
      expect(address).toContain(prefix);
      await page.keyboard.press("Enter");
      await expect.poll(() => new URL(page.url()).pathname).toBe(new URL(address ?? "", served.address).pathname);
      await expect.poll(() => page.locator("main, h1").first().innerText()).not.toContain("404");
    });
  });
});

describe("for everybody", () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve("/");
  });
  afterAll(() => served.close());
  const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  const screens = [{ width: 1300, height: 900 }, { width: 360, height: 700 }];
  const paths = ["", "playground.html", "compiler.html", "docs/rules/host-network-dns-policy.html", "docs/install-gatekeeper.html", "overview.html"];
  const looks = (["light", "dark"] as const).flatMap((colorScheme) => screens.flatMap((viewport) => paths.map((path) => ({ colorScheme, viewport, path, width: viewport.width }))));

  test.each(looks)("$colorScheme, $width wide: /$path", async ({ colorScheme, viewport, path }) => {
    await withPage(browser, served, { colorScheme, viewport, reducedMotion: "reduce" }, async (page) => {
      await page.goto(`${served.address}${path}`);
      await page.waitForLoadState("networkidle");
      if (path.startsWith("docs/rules/")) await page.locator(".when-seen").scrollIntoViewIfNeeded();
      if (path.startsWith("docs/rules/") || path === "playground.html") {
        await expect.poll(() => page.locator(".playground .result").count(), { timeout: 20_000 }).toBeGreaterThan(0);
        for (const summary of await page.locator(".playground summary").all()) await summary.click();
      }
      if (path === "compiler.html") {
        // With something that is pointed at, and an error.
        await page.locator(".pane.source .cm-content").click();
        await page.keyboard.press("Control+End");
        await page.keyboard.insertText("const wrong: number = \"\";");
        await expect.poll(() => page.locator(".refusals pre").count(), { timeout: 60_000 }).toBe(1);
      }
      expect(await page.evaluate(() => document.documentElement.classList.contains("dark"))).toBe(colorScheme === "dark");
      // Nothing but what scrolls by itself is wider than the screen.
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
      const shots = process.env["SCREENSHOTS"];
      if (shots !== undefined) await page.screenshot({ path: `${shots}/${colorScheme}-${String(viewport.width)}-${path.replaceAll("/", "_")}.png`, fullPage: path === "playground.html" });
      await page.evaluate(axe);
      const serious: unknown = await page.evaluate(`axe.run().then(({ violations }) => violations.filter(({ impact }) => impact === "serious" || impact === "critical").map(({ id, nodes }) => [id, nodes.map(({ target, failureSummary }) => target.join(" ") + ": " + failureSummary).slice(0, 4)]))`);
      expect(serious).toEqual([]);
    });
  });
});
