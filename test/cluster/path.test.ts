/** The README's path from a clone to a denied DaemonSet, its commands as they stand there, in a fresh clone. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fences, read, root } from "../../docs/markdown.js";
import { execute, type Output } from "../engines/process.js";

const folder = mkdtempSync(join(tmpdir(), "path-"));
const environment = { ...process.env, HOSTNETWORK_POLICIES_CLUSTER: join(folder, "cluster") };
const [toDenial = "", denial = "", toAdmission = ""] = fences(read("README.md")).filter(({ mark }) => mark === "path").map(({ text }) => text);

/** What the shell exports must outlive the first commands, so all run in one shell. */
const script = `set -euo pipefail
${toDenial.replace("ADDRESS", `'${root}'`).trimEnd()} 2>denial || echo "exit code $?" >>denial
${toAdmission}`;

let output: Output;
beforeAll(async () => {
  output = await execute("bash", ["-c", script], folder, environment);
}, 40 * 60_000);
