/** A cluster for a while, in a folder of its own: it ends when it is told to, or when this process does. */
import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../wasm/package-root.js";
import { startApiServer, type ApiServerOptions } from "./api-server.js";
import { createClient, type Client } from "./client.js";
import { stateFolder, type ClusterState } from "./state.js";

export interface Loopback {
  readonly state: ClusterState;
  /** The admin, or somebody else with the admin's rights. */
  as(user?: string): Client;
  /** Ends everything that was started in the cluster's folder. The logs stay, in `logs` beside the cluster's state folder. */
  end(): Promise<void>;
}

const watchdogPath = join(packageRoot, "dist", "cluster", "watchdog.js");
let started = 0;

/**
 * Ends the cluster of a folder, and keeps its logs, when it is told to or this process is gone.
 * @returns tells it, and waits until it is done
 */
function watch(folder: string, name: string): () => Promise<void> {
  started += 1;
  const logs = join(stateFolder(), "..", "logs", `${name}-${String(started)}`);
  // Detached: Ctrl-C in a terminal must not reach it.
  const watchdog = spawn(process.execPath, [watchdogPath, folder, logs], { detached: true, stdio: ["pipe", "inherit", "inherit"] });
  const ended = new Promise<void>((resolve, reject) => {
    watchdog.once("error", reject).once("exit", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`the watchdog of ${folder} ended with ${String(code)}`));
    });
  });
  ended.catch(() => undefined); // it is awaited in the end only
  return () => {
    watchdog.stdin.end();
    return ended;
  };
}

/**
 * Starts a cluster.
 * @param name of the folder that keeps its logs
 * @param more starts what else there is to be
 */
export async function startTemporary(name: string, options: Omit<ApiServerOptions, "folder"> = {}, more: (state: ClusterState) => Promise<ClusterState> = (state) => Promise.resolve(state)): Promise<Loopback> {
  const folder = mkdtempSync(join(tmpdir(), "hostnetwork-policies-cluster-"));
  const takeDown = watch(folder, name);
  const clients = new Map<string, Client>();
  const end = async (): Promise<void> => {
    for (const client of clients.values()) client.close();
    await takeDown();
  };
  try {
    const state = await more(await startApiServer({ ...options, folder }));
    const as = (user = ""): Client => {
      const known = clients.get(user) ?? createClient({ ...state, ...(user === "" ? {} : { user }) });
      clients.set(user, known);
      return known;
    };
    return { state, as, end };
  } catch (error) {
    await end();
    throw error;
  }
}
