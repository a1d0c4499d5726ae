import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { engineDirectory } from "../engines/find.js";
import { startApiServer } from "./api-server.js";
import { isRunning, start, type Started } from "./process.js";
import { newFolder, readState, refuseIfUp, stateFolder, takeDown, writeState } from "./state.js";

let root: string;
let folder: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "cluster-state-"));
  folder = join(root, "cluster");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await takeDown(folder).catch(() => []);
  rmSync(root, { recursive: true });
});

/** A cluster of programs that do nothing. */
function startAll(...names: readonly string[]): Started[] {
  newFolder(folder);
  const processes = names.map((name) => start({ name, path: process.execPath, args: ["-e", "setInterval(() => {}, 1000)"] }, folder));
  writeState({ folder, server: "", token: "", kubeconfig: "", processes });
  return processes;
}

test.each<[string, NodeJS.ProcessEnv, string]>([
  ["a folder of one's own", { HOSTNETWORK_POLICIES_CLUSTER: "/own", HOME: "/home/me" }, "/own"],
  ["beside the engines", { HOSTNETWORK_POLICIES_CLUSTER: "", HOME: "/home/me" }, "/home/me/.cache/hostnetwork-policies/cluster"],
])("the state lies in %s", (_, environment, expected) => {
  expect(stateFolder(environment)).toBe(expected);
});

describe("a cluster", () => {
  test("is known to other processes, is not started twice, and ends with the last program first", async () => {
    const processes = startAll("first", "second");
    expect(readState(folder)?.processes).toEqual(processes);
    expect(() => refuseIfUp(folder)).toThrow(`a cluster is up already in ${folder}\nhelp: run \`npm run cluster -- down\``);
    expect((await takeDown(folder)).map(({ name }) => name)).toEqual(["first", "second"]);
    expect(processes.some(isRunning)).toBe(false);
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(["first.log", "second.log"]));
    expect(await takeDown(folder)).toEqual([]);
    refuseIfUp(folder);
  });

  test("whose programs were killed, or whose process ids others have by now, is not up", async () => {
    const [first, second] = startAll("first", "second");
    if (first === undefined || second === undefined) throw new Error("nothing was started");
    process.kill(first.pid, "SIGKILL");
    while (isRunning(first)) await new Promise((resolve) => setTimeout(resolve, 10));
    const state = readState(folder);
    if (state === undefined) throw new Error("there is no state");
    writeState({ ...state, processes: [first, { ...second, startTime: "1" }] });
    refuseIfUp(folder);
    expect(await takeDown(folder)).toEqual([]);
    expect(isRunning(second)).toBe(true);
    writeState({ ...state, processes: [second] });
  });
});

describe("the folder", () => {
  test("is emptied where a cluster was, and refused where something else is", async () => {
    startAll("first");
    await takeDown(folder);
    expect(readdirSync(newFolder(folder))).toEqual([]);
    writeFileSync(join(folder, "thesis.txt"), "mine");
    expect(() => newFolder(folder)).toThrow("is not the folder of a cluster, and it is not empty");
    expect(readdirSync(folder)).toEqual(["thesis.txt"]);
  });

  test.each(["", "{", "[]", '{"processes": 1}'])("with `%s` for a state is an error", (text) => {
    mkdirSync(folder);
    writeFileSync(join(folder, "state.json"), text);
    expect(() => readState(folder)).toThrow("is not the state of a cluster");
  });
});

test("an API server that does not start takes etcd down with it, and its log is shown", async () => {
  vi.stubEnv("HOSTNETWORK_POLICIES_ENGINES", join(root, "engines"));
  for (const [name, script] of [["etcd", "echo $$ > etcd.pid; exec sleep 60"], ["kube-apiserver", "until [ -s etcd.pid ]; do sleep 0.05; done; echo no such flag >&2; exit 1"]] as const) {
    mkdirSync(engineDirectory(name), { recursive: true });
    const path = join(engineDirectory(name), name);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
  }
  await expect(startApiServer({ folder })).rejects.toThrow("the API server ended before it was ready\nno such flag");
  const etcd = Number(readFileSync(join(folder, "etcd.pid"), "utf8"));
  // It has ended; its number is free when Node has taken note of that.
  await vi.waitFor(() => {
    expect(() => process.kill(etcd, 0)).toThrow("ESRCH");
  }, 10_000);
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(["etcd.log", "kube-apiserver.log"]));
});
