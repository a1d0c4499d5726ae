/** What one thread does, the main one as well as a worker: takes one text after the other until none is left. */
import type { WasmManifest } from "../wasm/manifest.js";
import { areOwn, type Assets } from "./assets.js";
import { createBefore, type Base } from "./base.js";
import { createChecker, type Checker } from "./check.js";
import { loadEngine, type EngineName } from "./engine.js";
import type { KubernetesObject } from "./identity.js";
import type { Source } from "./input.js";
import { textOf } from "./problem.js";
import type { FileReport, InputError } from "./report.js";
import type { ActiveRule } from "./rules.js";
import { readText } from "./text.js";

/** What the objects of a file are seen beside, as plain data. */
export interface Surroundings {
  /** Objects of the cluster beside those of a file, each identity once. */
  readonly inventory: readonly KubernetesObject[];
  /** The state before the change. */
  readonly base?: Base;
  /** Whether to say only what the change from the base brings. */
  readonly changedOnly: boolean;
}

/** What a checker is made from, as plain data. */
export interface Setup extends Surroundings {
  readonly engine: EngineName;
  readonly assets: Assets;
  readonly manifest: WasmManifest;
  readonly rules: readonly ActiveRule[];
  /** Namespace of objects that name none. */
  readonly namespace: string;
  /** The same to a rule's `match`, empty where nobody has said it. */
  readonly impliedNamespace: string;
}

/** The texts that the threads deal among them, in the order in which they are taken. */
export interface Pile {
  readonly sources: readonly Source[];
  /** How many are taken; memory that the threads share. */
  readonly taken: Int32Array;
}

/** What became of one source; an error where it cannot be read at all. */
export type Outcome = { readonly file: string; readonly report: FileReport } | InputError;

/** @throws Error if the engine cannot be loaded */
export async function loadChecker({ engine, assets, manifest, rules, namespace, impliedNamespace, inventory, base, changedOnly }: Setup): Promise<Checker> {
  const before = base === undefined ? {} : { before: createBefore(base, namespace) };
  return createChecker({ rules, engine: await loadEngine(engine, assets, manifest), namespace, impliedNamespace, inventory, ...before, changedOnly, areOwn: areOwn(assets) });
}

/**
 * Checks a part of the pile.
 * @param thread number of this thread, from 0: the source of that number is its own, the others are whose who comes first
 * @returns outcomes by the number of their source
 */
export function checkShare(check: Checker, { sources, taken }: Pile, thread: number): ReadonlyMap<number, Outcome> {
  const outcomes = new Map<number, Outcome>();
  for (let number = thread; ; number = Atomics.add(taken, 0, 1)) {
    const source = sources[number];
    if (source === undefined) return outcomes;
    outcomes.set(number, checkSource(check, source));
  }
}

function checkSource(check: Checker, source: Source): Outcome {
  const { file } = source;
  try {
    // A copy: a name in the report can be a part of the text, and would keep all of it in memory.
    return { file, report: structuredClone(check("path" in source ? readText(source.path) : source.text, file)) };
  } catch (error) {
    return { file, message: textOf(error) };
  }
}
