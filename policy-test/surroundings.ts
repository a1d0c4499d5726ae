/** Finds what the checked objects are seen beside: the rest of their cluster, and the state before a change. */
import { findBase } from "./base.js";
import { contextKindsFor } from "./context.js";
import { STDIN, type Source } from "./input.js";
import { loadInventory } from "./inventory.js";
import type { Io } from "./io.js";
import type { MemorySource } from "./memory.js";
import type { Problem } from "./problem.js";
import type { ActiveRule } from "./rules.js";
import type { Surroundings } from "./share.js";

export interface SurroundingsOptions {
  /** Files, folders, globs and `-` that hold the rest of the cluster, or their texts: context of every file, not checked themselves. */
  readonly inventory?: readonly (string | MemorySource)[];
  /** Folder or file that holds the state before the change. Paths below it correspond to those below the working folder. */
  readonly base?: string;
  /** Whether to report only what the change from `base` brings. */
  readonly changedOnly?: boolean;
}

/** What is checked, and with what. */
interface Checked {
  readonly paths: readonly string[];
  readonly sources: readonly Source[];
  readonly rules: readonly ActiveRule[];
  readonly namespace: string;
  /** Absolute path of the config in use. */
  readonly config: string | undefined;
}

export async function loadSurroundings(
  { inventory: named = [], base: shown, changedOnly = false }: SurroundingsOptions,
  { paths, sources, rules, namespace, config }: Checked,
  io: Pick<Io, "cwd" | "stdin">,
): Promise<Surroundings | { readonly problems: readonly Problem[] }> {
  if (changedOnly && shown === undefined) {
    return { problems: [{ message: "`--changed-only` needs `--base`", help: "name the state before the change with `--base`" }] };
  }
  if (named.includes(STDIN) && paths.includes(STDIN)) {
    return { problems: [{ message: "standard input is named twice, to be checked and as the inventory", help: "write one of them to a file" }] };
  }
  const inventory = await loadInventory(named, io, { namespace, kept: contextKindsFor(rules), config });
  if ("problems" in inventory) return inventory;
  const { objects } = inventory;
  if (shown === undefined) return { inventory: objects, changedOnly };
  const found = await findBase(shown, sources, io, config);
  return "problems" in found ? found : { inventory: objects, base: found.base, changedOnly };
}
