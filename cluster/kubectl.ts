import { spawnSync } from "node:child_process";
import { requireEngine } from "../engines/find.js";
import type { ClusterState } from "./state.js";

/**
 * Runs the real kubectl, as users do.
 * @returns what it printed
 * @throws Error with what it printed where it fails
 */
export function kubectl(state: Pick<ClusterState, "kubeconfig">, args: readonly string[], input?: string): string {
  return runKubectl(state, args, input).stdout;
}

/** The same, with what it printed for people: the warnings of the server. */
export function runKubectl({ kubeconfig }: Pick<ClusterState, "kubeconfig">, args: readonly string[], input?: string): { readonly stdout: string; readonly stderr: string } {
  const { status, error, stdout, stderr } = spawnSync(requireEngine("kubectl").path, ["--kubeconfig", kubeconfig, ...args], { encoding: "utf8", input, maxBuffer: 2 ** 28 });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`kubectl ${args.join(" ")}: ${stdout}${stderr}`);
  return { stdout, stderr };
}
