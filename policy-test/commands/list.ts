import { readWasmManifest, type Assets } from "../assets.js";
import { findBundle } from "../bundle.js";
import type { Io } from "../io.js";
import { formatBundle, formatBundles, formatBundlesJson, formatList, formatListJson } from "../list.js";
import { printProblems } from "../problem.js";

export interface ListFlags {
  /** True where no name is given. */
  readonly bundle?: string | true;
  readonly compiled?: string;
  readonly format: "text" | "json";
}

/** `policy-test list`: the rules, the bundles, or the rules of a bundle. */
export function listCommand({ bundle: name, format }: ListFlags, io: Io, assets: Assets): number {
  const manifest = readWasmManifest(assets.manifest);
  const isJson = format === "json";
  if (name === undefined) {
    io.stdout.write(isJson ? formatListJson(manifest.rules) : formatList(manifest.rules));
    return 0;
  }
  if (name === true) {
    io.stdout.write(isJson ? formatBundlesJson(manifest.bundles) : formatBundles(manifest.bundles));
    return 0;
  }
  const bundle = findBundle(name, manifest);
  if ("problems" in bundle) {
    printProblems(bundle.problems, io);
    return 2;
  }
  io.stdout.write(isJson ? formatBundlesJson([bundle]) : formatBundle(bundle, manifest.rules));
  return 0;
}
