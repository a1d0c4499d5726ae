/** The README's path from a clone to a denied DaemonSet: its commands, as they stand there, in a fresh clone of what is committed. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { fences, read, root } from "../../docs/markdown.js";

const folder = mkdtempSync(join(tmpdir(), "readme-"));
const clone = join(folder, "hostnetwork-policies");

/** Runs commands as people paste them: one shell, which ends at the first that fails. */
function shell(commands: string): { readonly status: number | null; readonly printed: string } {
  // The cluster is none that the user of this machine has up.
  const env = { ...process.env, HOSTNETWORK_POLICIES_CLUSTER: join(folder, "cluster") };
  const { error, status, stdout, stderr } = spawnSync("bash", ["-euo", "pipefail", "-c", commands], { cwd: folder, env, encoding: "utf8", timeout: 500_000 });
  if (error !== undefined) throw error;
  return { status, printed: stdout + stderr };
}

/** Gatekeeper names the rules in any order. */
const partsOf = (denial: string): string[] => denial.trimEnd().split(/\n|(?<=denied the request: )/).sort();

afterAll(() => {
  if (existsSync(clone)) shell(`cd '${clone}' && npm run --silent cluster -- down`);
  rmSync(folder, { recursive: true });
});

test("the commands lead to the denial that is shown, and then to the DaemonSet's admission", () => {
  const blocks = fences(read("README.md")).filter(({ mark }) => mark === "path");
  const [toDenial = "", denial = "", toAdmission = ""] = blocks.map(({ text }) => text);
  const denied = `${toDenial.trimEnd().replace("ADDRESS", `'${root}'`)} 2>../denial || echo "exit code $?" >>../denial`;
  const { status, printed } = shell(`${denied}\n${toAdmission}`);
  expect(status, printed).toBe(0);
  expect(partsOf(readFileSync(join(folder, "denial"), "utf8"))).toEqual(partsOf(`${denial}exit code 1\n`));
  expect(printed).toContain("daemonset.apps/node-metrics created");
  expect(printed).toMatch(/ended etcd, kube-apiserver, gatekeeper\n/);
});
