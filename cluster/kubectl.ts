import { execFileSync } from "node:child_process";
import { requireEngine } from "../engines/find.js";
import type { ClusterState } from "./state.js";

/**
 * Runs the real kubectl, as users do.
 * @throws Error with what it printed where it fails
 */
export function kubectl({ kubeconfig }: Pick<ClusterState, "kubeconfig">, args: readonly string[], input?: string): string {
  try {
    return execFileSync(requireEngine("kubectl").path, ["--kubeconfig", kubeconfig, ...args], { encoding: "utf8", input, maxBuffer: 2 ** 28, stdio: ["pipe", "pipe", "pipe"] });
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string }; // of execFileSync
    throw new Error(`kubectl ${args.join(" ")}: ${stdout}${stderr}`, { cause: error });
  }
}
