import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { isRunning, start, waitFor } from "./process.js";
import { newFolder, writeState } from "./state.js";

const watchdog = fileURLToPath(new URL("../dist/cluster/watchdog.js", import.meta.url));

test("a cluster ends when the process that holds its watchdog is killed, and its logs stay", async () => {
  const base = mkdtempSync(join(tmpdir(), "cluster-watchdog-"));
  const [folder, logs] = [newFolder(join(base, "cluster")), join(base, "logs")];
  const server = start({ name: "server", path: process.execPath, args: ["-e", 'console.log("ready"); setInterval(() => {}, 1000)'] }, folder);
  writeState({ folder, server: "", token: "", kubeconfig: "", processes: [server] });
  const log = (at: string): string => readFileSync(join(at, "server.log"), "utf8");
  await waitFor("the server", () => Promise.resolve(log(folder) === "ready\n" || undefined));

  const holding = `const { spawn } = require("node:child_process");
    const watchdog = spawn(process.execPath, ${JSON.stringify([watchdog, folder, logs])}, { detached: true, stdio: ["pipe", "ignore", "ignore"] });
    watchdog.once("spawn", () => process.stdout.write("holds"));
    setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ["-e", holding], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((resolve) => holder.stdout.once("data", resolve));
  expect(isRunning(server)).toBe(true);
  holder.kill("SIGKILL");

  await waitFor("the end of the cluster", () => Promise.resolve(!existsSync(folder) || undefined));
  expect(isRunning(server)).toBe(false);
  expect(log(logs)).toBe("ready\n");
  rmSync(base, { recursive: true });
}, 30_000);
