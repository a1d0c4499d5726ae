/** `npm run cluster -- up [gatekeeper] [kyverno] | down | status`. */
import { startApiServer } from "./api-server.js";
import { startGatekeeper } from "./gatekeeper.js";
import { startKyverno } from "./kyverno.js";
import { isRunning } from "./process.js";
import { readState, refuseIfUp, stateFolder, takeDown, type ClusterState } from "./state.js";

const engines = { gatekeeper: startGatekeeper, kyverno: startKyverno } as const;
type EngineOfCluster = keyof typeof engines;

const isEngine = (name: string): name is EngineOfCluster => Object.hasOwn(engines, name);

const usage = "usage: npm run cluster -- up [gatekeeper] [kyverno] | down | status";

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
    process.stdout.write(`up\nexport KUBECONFIG=${state.kubeconfig}\nlogs: ${state.folder}\n`);
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
