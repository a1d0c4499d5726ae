/** What each format makes of a report with every kind of entry. */
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readWasmManifest } from "../assets.js";
import { toyAssets } from "../fixtures/harness.js";
import { everything, failed, nothing } from "./fixtures/report.js";
import { formats, isFormat, type ReportContext } from "./reporter.js";

const rules = new Map(readWasmManifest(toyAssets.manifest).rules.map((rule) => [rule.id, rule]));
const context: ReportContext = { rules, version: "0.0.0", failOn: "deny", quiet: false, explain: false, colours: false };
const names = Object.keys(formats).filter((name) => isFormat(name));
const golden = (name: string): string => fileURLToPath(new URL(`fixtures/golden/${name}`, import.meta.url));

describe.each(names)("%s", (name) => {
  test("everything", async () => {
    const format = await formats[name].load();
    await expect(format(everything, context)).toMatchFileSnapshot(golden(`${name}.txt`));
  });

  test("nothing found", async () => {
    const format = await formats[name].load();
    await expect(format(nothing, context)).toMatchFileSnapshot(golden(`${name}-nothing.txt`));
  });

  test("loses no entry", async () => {
    const format = await formats[name].load();
    const text = format(everything, context).replace(/<br>|\\(?=[^\w\s])|&#?\w+;/g, (part) => (part === "&quot;" ? '"' : ""));
    for (const finding of everything.findings) expect(text).toContain(finding.rule);
    for (const part of ["canary", "argoproj.io/v1alpha1 Rollout", "no such file or folder", "would reject this", "reviewed by the network team", "of old", "2027-01-31"]) expect(text).toContain(part);
    // People read notices on standard error.
    expect(text.includes("waives nothing")).toBe(name !== "text" && name !== "compact");
  });

  test("says why nothing was checked", async () => {
    const format = await formats[name].load();
    expect(format(failed, context)).toContain("no manifest in");
  });

  test("no control characters but line breaks, and no end without one", async () => {
    const format = await formats[name].load();
    const text = format(everything, context);
    expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
    expect(text).toMatch(/\n$/);
    expect(format(everything, context)).toBe(text);
  });
});

test("compact aligns more lines than a call has room for arguments", async () => {
  const format = await formats.compact.load();
  const findings = everything.findings.slice(0, 1).flatMap((finding) => Array.from({ length: 130_000 }, () => finding));
  expect(format({ ...nothing, findings }, context).length).toBeGreaterThan(findings.length);
});
