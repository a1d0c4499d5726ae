import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Ended, freePorts, isRunning, start, stop, tailOf, waitFor, type Started } from "./process.js";

let folder: string;
let running: Started[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cluster-process-"));
  running = [];
});
afterEach(async () => {
  for (const each of running) await stop(each, 100);
  rmSync(folder, { recursive: true });
});

/** Starts Node with a script that first says `ready`. */
async function startScript(name: string, script: string): Promise<Started> {
  const program = start({ name, path: process.execPath, args: ["-e", `${script}; console.log("ready", process.env.WORD)`], environment: { WORD: "word" } }, folder);
  running.push(program);
  await waitFor("the script", () => Promise.resolve(tailOf(name, folder).includes("ready") ? true : undefined));
  return program;
}
const forever = "setInterval(() => {}, 1000)";

describe("a program", () => {
  test("runs until it is stopped, and its log stays", async () => {
    const program = await startScript("one", forever);
    expect(isRunning(program)).toBe(true);
    await stop(program);
    expect(isRunning(program)).toBe(false);
    expect(readFileSync(join(folder, "one.log"), "utf8")).toBe("ready word\n");
    await stop(program); // again: nothing to do
  });

  test("is ended with force where it does not end by itself", async () => {
    const program = await startScript("stubborn", `process.on("SIGTERM", () => {}); ${forever}`);
    await stop(program, 200);
    expect(isRunning(program)).toBe(false);
  });

  test("is not taken for another one that has its process id by now", async () => {
    const program = await startScript("other", forever);
    const earlier = { ...program, startTime: "1" };
    expect(isRunning(earlier)).toBe(false);
    await stop(earlier);
    expect(isRunning(program)).toBe(true);
  });

  test("that is not there is an error", () => {
    expect(() => start({ name: "missing", path: join(folder, "missing"), args: [] }, folder)).toThrow(`missing does not start: ${join(folder, "missing")}`);
  });
});

test("a log that is not there has no end", () => {
  expect(tailOf("none", folder)).toBe("(no log)");
});

describe("waiting", () => {
  test("ends with what comes, after failures too", async () => {
    let tries = 0;
    const found = await waitFor("it", () => {
      tries += 1;
      if (tries === 1) throw new Error("not yet");
      return Promise.resolve(tries === 2 ? undefined : "it");
    });
    expect(found).toBe("it");
  });

  test("ends with the last failure where nothing comes", async () => {
    await expect(waitFor("it", () => Promise.reject(new Error("refused")), 300)).rejects.toThrow("it is not there after 0.3 s: refused");
  });

  test("ends at once where nothing can come", async () => {
    await expect(waitFor("it", () => Promise.reject(new Ended()))).rejects.toThrow("it ended before it was ready");
  });
});

test("free ports are different ones", async () => {
  const ports = await freePorts(4);
  expect(new Set(ports).size).toBe(4);
  expect(ports.every((port) => port > 0)).toBe(true);
});
