import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as threads from "node:worker_threads";
import { afterEach, expect, test, vi } from "vitest";
import type { WasmManifest } from "../wasm/manifest.js";
import { clean, denied, pod, policyTest, toyAssets, warned } from "./fixtures/harness.js";
import type { WorkerTask } from "./threads.js";

/** What a worker runs instead of worker.ts. */
let instead: string | undefined;
let started = 0;
/** What the workers were given. */
let tasks: WorkerTask[] = [];

vi.mock("node:worker_threads", async (load) => {
  const original = await load<typeof threads>();
  const script = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;
  const hooks = new URL("fixtures/typescript-hooks.mjs", import.meta.url).href;
  const install = script(`import { register } from "node:module"; register(${JSON.stringify(hooks)})`);
  class Worker extends original.Worker {
    constructor(url: URL, options: threads.WorkerOptions) {
      started++;
      tasks.push(options.workerData as WorkerTask); // threads.ts gives nothing else
      if (instead === undefined) super(new URL(url.href.replace(/\.js$/, ".ts")), { ...options, execArgv: ["--import", install] });
      else super(new URL(script(instead)), { ...options, resourceLimits: { maxOldGenerationSizeMb: 20 } });
    }
  }
  return { ...original, Worker };
});

afterEach(() => {
  instead = undefined;
  started = 0;
  tasks = [];
});

const rollout = "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: r}\nspec: {template: {spec: {containers: [{name: a, image: b}]}}}\n";
const files = {
  "a.yaml": denied,
  "b.yaml": `${warned}---\n${rollout}---\n${denied}`,
  "c.yaml": "a: [",
  "d.yaml": pod("typed", { hostNetwork: '"yes"' }),
  "e.yaml": new Uint8Array([97, 58, 32, 255]),
  "f.yaml": pod('"\\ud800"'),
  "g.yaml": clean,
};

test.each([[2, "json"], [3, "text"]])("the report of %i threads is that of one: %s", async (jobs, format) => {
  const run = (number: number) =>
    policyTest(["--jobs", String(number), "--format", format, "-", "missing.yaml", "."], { files, links: { "h.yaml": "nowhere" }, stdin: denied });
  const alone = await run(1);
  expect(started).toBe(0);
  expect(alone.code).toBe(2);
  for (const text of ["uses the host network", "ends in :latest", "pod template", "would reject", "UTF-8", "illegal string", "<stdin>"]) {
    expect(alone.stdout).toContain(text);
  }
  expect(await run(jobs)).toEqual(alone);
  expect(started).toBe(jobs - 1);
});

test("base and inventory reach every thread", async () => {
  const folder = mkdtempSync(join(tmpdir(), "policy-test-"));
  try {
    const manifest = JSON.parse(readFileSync(toyAssets.manifest, "utf8")) as WasmManifest;
    const needing = { ...manifest, rules: manifest.rules.map((rule) => ({ ...rule, needs: ["inventory"] })) };
    writeFileSync(join(folder, "manifest.json"), JSON.stringify(needing));
    const run = (jobs: number) =>
      policyTest(["--jobs", String(jobs), "--base", "base", "--changed-only", "--inventory", "rest.yaml", "deploy", "new"], {
        assets: { ...toyAssets, manifest: join(folder, "manifest.json") },
        files: {
          ...Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`deploy/${String(index)}.yaml`, denied.replace("denied", `denied-${String(index)}`)])),
          ...Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`base/deploy/${String(index)}.yaml`, denied.replace("denied", `denied-${String(index)}`)])),
          "new/moved.yaml": denied,
          "new/unclear.yaml": warned,
          "base/old.yaml": denied.replace("app:1", "app:0"),
          "base/one.yaml": warned.replace("app:latest", "app:1"),
          "base/other.yaml": warned.replace("app:latest", "app:2"),
          "rest.yaml": clean,
        },
      });
    const alone = await run(1);
    expect(alone.stdout).toContain("new/unclear.yaml:1:1  invalid  this object could not be checked: what it was before cannot be told");
    expect(alone.stdout).toContain("14 files, 14 workloads, 7 findings (7 errors, 0 warnings), 1 input error");
    expect(await run(3)).toEqual(alone);
    expect(tasks.map(({ setup }) => setup.inventory)).toMatchObject([[{ metadata: { name: "clean" } }], [{ metadata: { name: "clean" } }]]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each<readonly [string, readonly string[], number, number]>([
  ["one for a little input", [], 100, 1],
  ["several for much", [], 16_000_000, 2],
  ["no more than texts", ["--jobs", "9"], 100, 2],
  ["one where only one is wanted", ["--jobs", "1"], 16_000_000, 1],
])("threads: %s", async (_, argv, bytes, count) => {
  instead = "process.exit(0)";
  const padding = `# ${"x".repeat(bytes)}\n`;
  await policyTest([...argv, "."], { files: { "a.yaml": padding + clean, "b.yaml": padding + clean } });
  expect(1 + started).toBe(count);
});

test.each([
  ["that ends", "process.exit(0)", "exit code 0"],
  ["that fails", "throw new Error('out of luck')", "out of luck"],
  ["that runs out of memory", "const all = []; for (;;) all.push(new Array(1e6).fill(all.length))", "memory"],
])("a worker %s is an error, never a clean report", async (_, code, why) => {
  instead = code;
  const outcome = await policyTest(["--jobs", "2", "."], { files: { "a.yaml": clean, "b.yaml": clean } });
  expect(outcome.stderr).toContain("error: a worker thread ended early, so that not everything was checked: ");
  expect(outcome.stderr).toContain(why);
  expect(outcome).toMatchObject({ code: 2, stdout: "" });
});

test("workers end where the main thread cannot go on", async () => {
  const outcome = await policyTest(["--jobs", "2", "."], { files, assets: { ...toyAssets, wasm: "/no/policy.wasm" } });
  expect(outcome.stderr).toContain("error: cannot load the policy module");
  expect(outcome).toMatchObject({ code: 2, stdout: "" });
});

test.each(["0", "-1", "1.5", "many", ""])("--jobs %s is no number of threads", async (jobs) => {
  const outcome = await policyTest([`--jobs=${jobs}`, "."], { files });
  expect(outcome.stderr).toContain("help: a number of threads is 1 or more");
  expect(outcome.code).toBe(2);
});
