import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { main } from "./cli.js";
import { clean, denied, policyTest, toyAssets } from "./fixtures/harness.js";

let cwd = "";
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "watch-"));
});
afterEach(() => {
  rmSync(cwd, { recursive: true });
});

interface Watching {
  readonly write: (file: string, text: string) => void;
  /** Waits until the text is printed after what has been seen before. */
  readonly sees: (text: string) => Promise<void>;
  readonly printed: () => string;
  readonly interrupt: () => Promise<number>;
}

function watching(argv: readonly string[], isTTY = false): Watching {
  let printed = "";
  let seen = 0;
  let interrupt = (): void => undefined;
  const output = { isTTY, write: (text: string) => (printed += text) };
  const onInterrupt = (listener: () => void): void => {
    interrupt = listener;
  };
  const end = main(["--watch", ...argv], { stdout: output, stderr: output, stdin: Readable.from([]), env: { NO_COLOR: "1", CI: "1" }, cwd, onInterrupt }, toyAssets);
  return {
    write: (file, text) => {
      writeFileSync(join(cwd, file), text);
    },
    sees: async (text) => {
      await vi.waitFor(() => {
        expect(printed.slice(seen)).toContain(text);
        expect(printed.slice(seen)).toContain("ctrl-c ends it");
      }, { timeout: 20_000, interval: 20 });
      seen = printed.length;
    },
    printed: () => printed,
    interrupt: () => {
      interrupt();
      return end;
    },
  };
}

test("checks again when a file changes, comes, breaks, goes, and when the config does", async () => {
  mkdirSync(join(cwd, "k"));
  writeFileSync(join(cwd, "k/a.yaml"), clean);
  const watch = watching(["k"]);
  await watch.sees("1 file, 1 workload, 0 findings");
  watch.write("k/a.yaml", denied);
  await watch.sees("default/denied uses the host network");
  watch.write("k/a.yaml", "a: [");
  await watch.sees("1 input error");
  mkdirSync(join(cwd, "k/new"));
  watch.write("k/new/b.yaml", clean);
  await watch.sees("2 files, 1 workload, 0 findings, 1 input error");
  rmSync(join(cwd, "k/a.yaml"));
  await watch.sees("1 file, 1 workload, 0 findings");
  watch.write("policy-test.yaml", "rules: {no-such-rule: {}}\n");
  await watch.sees("unknown rule `no-such-rule`");
  expect(await watch.interrupt()).toBe(130);
});

test("clears the screen of a terminal", async () => {
  writeFileSync(join(cwd, "a.yaml"), clean);
  const watch = watching(["*.yaml"], true);
  await watch.sees("0 findings");
  expect(watch.printed().startsWith("\u001b[2J\u001b[3J\u001b[H1 file")).toBe(true);
  watch.write("a.yaml", denied);
  await watch.sees("\u001b[2J\u001b[3J\u001b[Ha.yaml:6:16");
  expect(await watch.interrupt()).toBe(130);
});

test("waits for what is not there yet", async () => {
  const watch = watching(["a.yaml"]);
  await watch.sees("no such file or folder");
  watch.write("a.yaml", clean);
  await watch.sees("0 findings");
  expect(await watch.interrupt()).toBe(130);
});

test.each<[readonly string[], string]>([
  [["-"], "error: standard input cannot be watched\nhelp: name files or folders\n"],
  [["--fix", "a.yaml"], "error: `--watch` does not go with `--fix`\nhelp: fix first, then watch\n"],
])("%j is wrong usage", async (argv, stderr) => {
  expect(await policyTest(["--watch", ...argv])).toMatchObject({ code: 2, stdout: "", stderr });
});
