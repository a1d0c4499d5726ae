import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { findEngine } from "../engines/index.js";
import { listen, runMain, stopListening } from "./fixtures/command.js";

const rules = fileURLToPath(new URL("targets/fixtures/rules", import.meta.url));
const broken = fileURLToPath(new URL("targets/fixtures/broken", import.meta.url));

let out: string;
let said: string[];

beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "generate-"));
  said = listen();
});

afterEach(() => {
  stopListening();
  rmSync(out, { recursive: true });
});

/** Runs the command; its exit code. */
const run = (...given: string[]): Promise<unknown> => runMain(() => import("./main.js"), given);

describe.skipIf(findEngine("opa") === undefined)("a folder of somebody else's rules", { timeout: 30_000 }, () => {
  test("is compiled to a folder of its own, with tests from its cases, and checked", async () => {
    expect(await run("--rules", rules, "--out", out)).toBe(0);
    expect(existsSync(join(out, "wasm/policy.wasm"))).toBe(true);
    expect(readFileSync(join(out, "library/gatekeeper/no-host-pid/suite.yaml"), "utf8")).toContain("a Pod with hostPID that may");
    expect(existsSync(join(out, "library/kyverno/no-host-pid/no-host-pid.yaml"))).toBe(true);
    expect(await run("--rules", rules, "--out", out, "--check")).toBe(0);

    writeFileSync(join(out, "library/admission-policy/no-host-pid/policy.yaml"), "edited");
    said.length = 0;
    expect(await run("--rules", rules, "--out", out, "--check")).toBe(1);
    expect(said[0]).toBe(`stale    ${join(out, "library/admission-policy/no-host-pid/policy.yaml")}`);
  });
});

test("rules that do not compile are reported, and nothing is written", { timeout: 30_000 }, async () => {
  expect(await run("--rules", broken, "--out", out)).toBe(1);
  expect(said.join("\n")).toMatch(/broken-rule\.ts:10:5: error: /);
  expect(existsSync(join(out, "library"))).toBe(false);
});

test.each([[["--rules", "/no/such/folder"]], [["--cases", "/no/such/folder"]], [["--unknown"]], [["stray"]]])(
  "%s is wrong usage",
  async (given) => {
    expect(await run(...given)).toBe(2);
    expect(said.join("\n")).toMatch(/error: /);
  },
);

test("help is no error", async () => {
  expect(await run("--help")).toBe(0);
  expect(said.join("\n")).toContain("--check");
});
