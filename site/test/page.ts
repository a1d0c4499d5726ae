/** A page of its own in the browser, of which nothing may go wrong. */
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { expect } from "vitest";
import type { Served } from "./server.js";

/** Gives a page, and fails for an error in it and for whatever it asks of elsewhere. */
export async function withPage(browser: Browser, served: Served, options: BrowserContextOptions, use: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext(options);
  const troubles: string[] = [];
  const page = await context.newPage();
  page.on("pageerror", ({ message }) => troubles.push(message));
  page.on("console", (message) => message.type() === "error" ? troubles.push(message.text()) : undefined);
  page.on("request", (request) => request.url().startsWith(served.address) ? undefined : troubles.push(request.url()));
  try {
    await use(page);
    expect(troubles).toEqual([]);
    expect(served.missing).toEqual([]);
  } finally {
    await context.close();
  }
}
