/** What one thread does, the main one as well as a worker: takes one text after the other until none is left. */
import type { WasmManifest } from "../wasm/manifest.js";
import { areOwn, type Assets } from "./assets.js";
import { createBefore, type Base } from "./base.js";
import { createChecker, type Checker } from "./check.js";
import { loadEngine, type EngineName } from "./engine.js";
import type { KubernetesObject } from "./identity.js";
import type { Source } from "./input.js";
import { templateLine } from "./charts.js";
import type { FileReport, InputError, SkippedTemplate } from "./report.js";
import type { ActiveRule } from "./rules.js";
import { readText, unreadable } from "./text.js";
import type { AnnotationOptions } from "./waive.js";

/** What the objects of a file are seen beside, as plain data. */
export interface Surroundings {
  /** Objects of the cluster beside those of a file, each identity once. */
  readonly inventory: readonly KubernetesObject[];
  /** The state before the change. */
  readonly base?: Base;
  /** Whether to say only what the change from the base brings. */
  readonly changedOnly: boolean;
  /** Whether documents that are no objects of Kubernetes are errors. */
  readonly strictFiles?: boolean;
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
  /** Given where annotations of the objects may waive findings. */
  readonly annotations?: AnnotationOptions | undefined;
}

/** The texts that the threads deal among them, in the order in which they are taken. */
export interface Pile {
  readonly sources: readonly Source[];
  /** How many are taken; memory that the threads share. */
  readonly taken: Int32Array;
}

/** What became of one source; an error where it cannot be read at all. */
export type Outcome = { readonly file: string; readonly report: FileReport } | { readonly file: string; readonly skipped: SkippedTemplate } | InputError;

/** @throws Error if the engine cannot be loaded */
export async function loadChecker({ engine, assets, manifest, rules, namespace, impliedNamespace, annotations, inventory, base, changedOnly, strictFiles = false }: Setup): Promise<Checker> {
  const before = base === undefined ? {} : { before: createBefore(base, namespace) };
  return createChecker({ rules, engine: await loadEngine(engine, assets, manifest), namespace, impliedNamespace, annotations, inventory, ...before, changedOnly, strictFiles, areOwn: areOwn(assets) });
}

/**
 * Checks a part of the pile.
 * @param thread number of this thread, from 0: the source of that number is its own, the others are whose who comes first
 * @param progress told how many have been taken, of how many
 * @returns outcomes by the number of their source
 */
export function checkShare(check: Checker, { sources, taken }: Pile, thread: number, progress?: (taken: number, all: number) => void): ReadonlyMap<number, Outcome> {
  const outcomes = new Map<number, Outcome>();
  for (let number = thread; ; number = Atomics.add(taken, 0, 1)) {
    const source = sources[number];
    if (source === undefined) return outcomes;
    progress?.(number, sources.length);
    outcomes.set(number, checkSource(check, source));
  }
}

function checkSource(check: Checker, source: Source): Outcome {
  const { file } = source;
  try {
    const text = "path" in source ? readText(source.path) : source.text;
    // A copy: a name in the report can be a part of the text, and would keep all of it in memory.
    const report = structuredClone(check(text, file));
    const chart = "path" in source ? source.chart : undefined;
    const line = templateLine(chart, text, () => report.inputErrors.length > 0);
    return chart === undefined || line === undefined ? { file, report } : { file, skipped: { file, line, chart: chart.chart } };
  } catch (error) {
    return unreadable(file, error);
  }
}
