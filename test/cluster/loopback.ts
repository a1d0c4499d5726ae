/** A cluster of its own for one test file, in a folder of its own. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startApiServer, type ApiServerOptions } from "../../cluster/api-server.js";
import { createClient, type Client } from "../../cluster/client.js";
import { takeDown, type ClusterState } from "../../cluster/state.js";

export interface Loopback {
  readonly state: ClusterState;
  /** The admin, or somebody else with the admin's rights. */
  as(user?: string): Client;
  /** Ends everything that was started in the cluster's folder. */
  end(): Promise<void>;
}

/** Starts a cluster; `more` starts what else there is to be. */
export async function startLoopback(options: Omit<ApiServerOptions, "folder"> = {}, more: (state: ClusterState) => Promise<ClusterState> = (state) => Promise.resolve(state)): Promise<Loopback> {
  const folder = mkdtempSync(join(tmpdir(), "hostnetwork-policies-cluster-"));
  const clients = new Map<string, Client>();
  const end = async (): Promise<void> => {
    for (const client of clients.values()) client.close();
    await takeDown(folder);
    rmSync(folder, { recursive: true, force: true });
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
