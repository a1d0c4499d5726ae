/** The scripts, in the shells themselves; in fish and zsh where these are installed. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { policyTest } from "../fixtures/harness.js";

let folder = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "completion-"));
  for (const shell of ["bash", "fish", "zsh"]) {
    const { stdout, code } = await policyTest(["completion", shell]);
    expect(code).toBe(0);
    writeFileSync(join(folder, `script.${shell}`), stdout);
  }
  writeFileSync(join(folder, "list of pods.yaml"), "");
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const has = (shell: string): boolean => spawnSync(shell, ["-c", "exit 0"]).status === 0;

function run(shell: string, ...args: readonly string[]): string[] {
  const { status, stdout, stderr } = spawnSync(shell, args, { cwd: folder, encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
  return stdout.split("\n").filter((line) => line !== "");
}

/** What a shell is to propose for the last of the words. */
const rows: readonly (readonly [words: readonly string[], proposals: readonly string[]])[] = [
  [["--for"], ["--format"]],
  [["--max-f"], ["--max-findings"]],
  [["--format", "s"], ["sarif"]],
  [["-o", "ju"], ["junit"]],
  [["--rule", "toy-i"], ["toy-image-suffix"]],
  [["--fail-on", "w"], ["warn"]],
  [["deploy/", "--format", "j"], ["json", "junit"]],
  [["expl"], ["explain"]],
  [["list", "--for"], ["--format"]],
  [["list", "--format", ""], ["json", "text"]],
  [["explain", "toy-h"], ["toy-host-network"]],
  [["completion", "b"], ["bash"]],
  [["--namespace", "x"], []],
];

describe("bash", () => {
  const complete = (...words: readonly string[]): string[] =>
    run("bash", "--norc", "-c", 'source ./script.bash; COMP_WORDS=(policy-test "$@"); COMP_CWORD=$#; _policy_test; printf "%s\\n" "${COMPREPLY[@]}"', "bash", ...words).sort();

  test.each(rows)("%j", (words, proposals) => {
    expect(complete(...words)).toEqual(proposals);
  });

  test("words that bash takes apart at =", () => {
    expect(complete("--format", "=", "sa")).toEqual(["sarif"]);
    expect(complete("--format", "=")).toContain("sarif");
  });

  test("commands beside paths, which may hold spaces", () => {
    expect(complete("lis")).toEqual(["list", "list of pods.yaml"]);
  });

  test("it is registered", () => {
    expect(run("bash", "--norc", "-c", "source ./script.bash; complete -p policy-test")).toEqual(["complete -o default -F _policy_test policy-test"]);
  });
});

describe.skipIf(!has("fish"))("fish", () => {
  test.each(rows)("%j", (words, proposals) => {
    const line = ["policy-test", ...words].join(" ");
    const found = run("fish", "--no-config", "-c", `source ./script.fish; complete -C ${JSON.stringify(line)}`).map((proposal) => proposal.split("\t")[0] ?? "");
    expect(found.sort()).toEqual(proposals);
  });
});

describe.skipIf(!has("zsh"))("zsh", () => {
  test("it is registered", () => {
    const [registered] = run("zsh", "-f", "-c", "autoload -U compinit; compinit -u -D; source ./script.zsh; print $_comps[policy-test]");
    expect(registered).toBe("_policy_test");
  });
});

test("another shell", async () => {
  const { code, stderr } = await policyTest(["completion", "csh"]);
  expect([code, stderr]).toEqual([2, expect.stringContaining("allowed choices are bash, fish, zsh")]);
});
