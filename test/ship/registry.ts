/** A registry on loopback, for as long as a test file runs. */
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePorts, waitFor } from "../../cluster/process.js";
import { requireEngine } from "../../engines/index.js";
import { yamlOf } from "../../generator/targets/yaml.js";

export interface Registry {
  /** `127.0.0.1:PORT`; clients speak plain HTTP to it. */
  readonly host: string;
  end(): Promise<void>;
}

/** @param folder keeps what is pushed, and the log */
export async function startRegistry(folder: string): Promise<Registry> {
  const [port = 0] = await freePorts(1);
  const host = `127.0.0.1:${String(port)}`;
  mkdirSync(folder, { recursive: true });
  const config = join(folder, "config.yaml");
  const log = join(folder, "registry.log");
  writeFileSync(config, yamlOf({ version: 0.1, storage: { filesystem: { rootdirectory: join(folder, "data") } }, http: { addr: host }, log: { level: "error" } }));
  const output = openSync(log, "w");
  // Not detached: what ends the tests from a terminal ends it too.
  const child = spawn(requireEngine("registry").path, ["serve", config], { stdio: ["ignore", output, output], env: { ...process.env, OTEL_TRACES_EXPORTER: "none" } });
  closeSync(output);
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()).once("error", () => resolve()));
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  const end = async (): Promise<void> => {
    process.off("exit", kill);
    child.kill("SIGTERM");
    await ended;
  };
  try {
    await waitFor("the registry", async () => ((await fetch(`http://${host}/v2/`)).ok ? true : undefined), 60_000);
  } catch (error) {
    await end();
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${readFileSync(log, "utf8")}`, { cause: error });
  }
  return { host, end };
}
