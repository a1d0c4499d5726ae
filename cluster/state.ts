/** The state folder of the cluster: one cluster at a time, that any process can find, look at and end. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheDirectory } from "../engines/find.js";
import { isMapping } from "../manifest/mapping.js";
import { isRunning, stop, writeJson, type Started } from "./process.js";

/** What is known of a cluster that is up. */
export interface ClusterState {
  /** Holds logs, keys and data. */
  readonly folder: string;
  readonly server: string;
  readonly token: string;
  readonly kubeconfig: string;
  /** In the order in which they were started. */
  readonly processes: readonly Started[];
}

/** `HOSTNETWORK_POLICIES_CLUSTER`, else a folder beside the engines. */
export const stateFolder = (environment: NodeJS.ProcessEnv = process.env): string =>
  (environment["HOSTNETWORK_POLICIES_CLUSTER"] ?? "") || join(cacheDirectory(environment), "..", "cluster");

const fileIn = (folder: string): string => join(folder, "state.json");

/**
 * What is known of the last cluster of the folder; undefined where there was none. Its processes may have ended.
 * @throws Error where the file is not of this program
 */
export function readState(folder = stateFolder()): ClusterState | undefined {
  if (!existsSync(fileIn(folder))) return undefined;
  const value = parsed(readFileSync(fileIn(folder), "utf8"));
  if (!isMapping(value) || !Array.isArray(value["processes"])) throw new Error(`\`${fileIn(folder)}\` is not the state of a cluster`);
  return value as unknown as ClusterState; // written by writeState
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function writeState(state: ClusterState): void {
  writeJson(fileIn(state.folder), state);
}

/** @throws Error where a cluster is up in the folder: nobody wants to end it by starting another one */
export function refuseIfUp(folder = stateFolder()): void {
  if (readState(folder)?.processes.some(isRunning) === true) throw new Error(`a cluster is up already in ${folder}\nhelp: run \`npm run cluster -- down\``);
}

/**
 * A new, empty state folder. What an earlier cluster left, its logs too, goes.
 * @throws Error where something lies there that no cluster left
 */
export function newFolder(folder = stateFolder()): string {
  if (existsSync(folder) && !existsSync(fileIn(folder)) && readdirSync(folder).length > 0) {
    throw new Error(`\`${folder}\` is not the folder of a cluster, and it is not empty\nhelp: name another folder in HOSTNETWORK_POLICIES_CLUSTER`);
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Ends every process of the cluster, the last one first. Logs stay. */
export async function takeDown(folder = stateFolder()): Promise<readonly Started[]> {
  const state = readState(folder);
  if (state === undefined) return [];
  const running = state.processes.filter(isRunning);
  for (const each of [...running].reverse()) await stop(each);
  writeState({ ...state, processes: [] });
  return running;
}
