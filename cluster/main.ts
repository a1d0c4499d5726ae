/** `npm run cluster -- up [gatekeeper] [kyverno] | env | down | status`. */
import { delimiter, dirname } from "node:path";
import { requireEngine } from "../engines/find.js";
import { startApiServer } from "./api-server.js";
import { startGatekeeper } from "./gatekeeper.js";
import { startKyverno } from "./kyverno.js";
import { isRunning } from "./process.js";
import { readState, refuseIfUp, stateFolder, takeDown, type ClusterState } from "./state.js";

const engines = { gatekeeper: startGatekeeper, kyverno: startKyverno } as const;
type EngineOfCluster = keyof typeof engines;

const isEngine = (name: string): name is EngineOfCluster => Object.hasOwn(engines, name);

const usage = "usage: npm run cluster -- up [gatekeeper] [kyverno] | env | down | status";

/**
 * What a POSIX shell must know to reach the cluster with `kubectl`.
 * @throws Error where none is up
 */
function environment(): string {
  const state = readState();
  if (state === undefined || !state.processes.some(isRunning)) throw new Error("no cluster is up\nhelp: run `npm run cluster -- up`");
  return `export KUBECONFIG=${quoted(state.kubeconfig)}\nexport PATH=${quoted(dirname(requireEngine("kubectl").path))}${delimiter}"$PATH"\n`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** @throws Error where something does not start; what was started by then is ended again */
async function up(names: readonly string[]): Promise<void> {
  const wanted = names.length === 0 ? Object.keys(engines) : names;
  const unknown = wanted.find((name) => !isEngine(name));
  if (unknown !== undefined) throw new Error(`there is no engine \`${unknown}\` for a cluster\nhelp: ${usage}`);
  refuseIfUp();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void takeDown().finally(() => process.exit(130)));
  try {
    let state: ClusterState = await startApiServer();
    for (const name of wanted.filter(isEngine)) state = await engines[name](state);
    process.stdout.write(`up\nlogs: ${state.folder}\nkubectl and KUBECONFIG for a shell: eval "$(npm run --silent cluster -- env)"\n`);
  } catch (error) {
    await takeDown();
    throw error;
  }
}

async function main([command = "", ...names]: readonly string[]): Promise<number> {
  if (command === "up") {
    await up(names);
    return 0;
  }
  if (command === "env" && names.length === 0) {
    process.stdout.write(environment());
    return 0;
  }
  if (command === "down" && names.length === 0) {
    const ended = await takeDown();
    process.stdout.write(ended.length === 0 ? "nothing is up\n" : `ended ${ended.map((each) => each.name).join(", ")}\n`);
    return 0;
  }
  if (command === "status" && names.length === 0) {
    const processes = readState()?.processes ?? [];
    for (const each of processes) process.stdout.write(`${each.name.padEnd(16)}${String(each.pid).padEnd(10)}${isRunning(each) ? "running" : "ended"}\n`);
    process.stdout.write(processes.some(isRunning) ? `logs: ${stateFolder()}\n` : "nothing is up\n");
    return processes.length > 0 && !processes.every(isRunning) ? 1 : 0;
  }
  process.stderr.write(`error: unknown command \`${[command, ...names].join(" ")}\`\nhelp: ${usage}\n`);
  return 2;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
