/**
 * `node watchdog.js FOLDER LOGS`: when its standard input ends, it ends the cluster in the folder, moves its logs and removes the folder.
 * Whoever holds the other end can be killed in any way: no server outlives it.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { takeDown } from "./state.js";

const [folder, logs] = process.argv.slice(2);
if (folder === undefined || logs === undefined) throw new Error("usage: watchdog.js FOLDER LOGS");

// What a signal to the holder means for the cluster, the end of standard input says.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);
for await (const _ of process.stdin) continue;

await takeDown(folder);
rmSync(logs, { recursive: true, force: true });
mkdirSync(logs, { recursive: true });
const names = existsSync(folder) ? readdirSync(folder) : [];
for (const name of names.filter((each) => each.endsWith(".log"))) copyFileSync(join(folder, name), join(logs, name));
rmSync(folder, { recursive: true, force: true });
