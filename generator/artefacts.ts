/** The generated files: which there should be, which there are, and making the second equal to the first. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import type { Engine } from "../engines/index.js";
import { readBundles, type Bundle } from "./bundles.js";
import type { CompiledRule } from "./compiled.js";
import { isObject } from "./schema/json.js";
import { parseCases, type Case } from "./targets/cases.js";
import { libraryFiles } from "./targets/library.js";
import { pageFiles } from "./targets/pages.js";
import type { Files } from "./targets/yaml.js";
import { readVersions } from "./versions.js";
import { buildWasm, digest, regoModules, sourceDigest, wasmManifest } from "./wasm.js";

/** Where the generator reads and writes. Paths are relative to the working folder or absolute. */
export interface Place {
  /** The folder of the rules, as the generated files name it. */
  readonly rules: string;
  /** The folder that `library/`, `docs/rules/` and `wasm/` lie in. */
  readonly out: string;
  /** The folder of `<rule>.yaml` case files; absent, rules have no cases. */
  readonly cases?: string;
  /** The folder of `<bundle>.yaml` files; absent, there are no bundles. */
  readonly bundles?: string;
}

export type Change = "stale" | "missing" | "orphan";

/** A file that is not as it should be; `path` lies below the output folder. */
export interface Difference {
  readonly path: string;
  readonly change: Change;
}

/** The folders of which every file is generated. */
const FOLDERS = ["library", "docs/rules"];
const WASM = "wasm/policy.wasm";
const MANIFEST = "wasm/manifest.json";

/**
 * The files that are not what the rules make of them. Needs no opa: whether the wasm module is up to date is seen from
 * the digests in its manifest.
 */
export function differences(rules: readonly CompiledRule[], place: Place): Difference[] {
  const bundles = bundlesOf(rules, place);
  const texts = textsOf(rules, bundles, place);
  const wasm = wasmDifferences(rules, bundles, place);
  return [...textDifferences(texts, place), ...wasm, ...orphans(texts, place)].sort(byPath);
}

/**
 * Writes every file that is not what the rules make of it, and removes generated files that no rule makes any more.
 * @param opa what to compile with; undefined where it is not installed
 * @returns what was different
 * @throws Error where the wasm module has to be compiled anew and there is no opa; the other files are written by then.
 *   Also where a page of somebody's own stands in the way: nothing is written then
 */
export function generate(rules: readonly CompiledRule[], place: Place, opa: () => Engine): Difference[] {
  const bundles = bundlesOf(rules, place);
  const texts = textsOf(rules, bundles, place);
  const changed = textDifferences(texts, place);
  const foreign = changed.find(({ path, change }) => path.startsWith("docs/") && change === "stale" && !isGenerated(place, path));
  if (foreign !== undefined) throw new Error(`\`${join(place.out, foreign.path)}\` is a page that was not generated; move it out of the way`);
  for (const { path } of changed) write(place, path, texts.get(path) ?? "");
  const removed = orphans(texts, place).filter(({ path }) => isGenerated(place, path));
  for (const { path } of removed) rmSync(join(place.out, path));
  const wasm = wasmDifferences(rules, bundles, place);
  if (wasm.length > 0) writeWasm(rules, bundles, place, opa);
  return [...changed, ...removed, ...wasm].sort(byPath);
}

const bundlesOf = (rules: readonly CompiledRule[], place: Place): Bundle[] =>
  place.bundles === undefined ? [] : readBundles(place.bundles, rules);

function textsOf(rules: readonly CompiledRule[], bundles: readonly Bundle[], place: Place): ReadonlyMap<string, string> {
  const cases = readCases(rules, place.cases);
  const casesOf = (rule: CompiledRule): readonly Case[] => cases.get(rule.meta.id) ?? [];
  const library = libraryFiles(rules, casesOf, `${place.rules}/`, bundles, readVersions(place.rules)?.library);
  const pages = pageFiles(rules, casesOf, `${place.rules}/`, bundles);
  return new Map([...below("library", library), ...below("docs/rules", pages)]);
}

const below = (folder: string, files: Files): [string, string][] => [...files].map(([path, text]) => [`${folder}/${path}`, text]);

/** @throws Error where a file is malformed or belongs to no rule: cases would be left out in silence */
function readCases(rules: readonly CompiledRule[], folder: string | undefined): ReadonlyMap<string, readonly Case[]> {
  if (folder === undefined || !existsSync(folder)) return new Map();
  const ids = new Set(rules.map((rule) => rule.meta.id));
  const names = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  return new Map(
    names.map((name) => {
      const id = name.slice(0, -".yaml".length);
      const path = `${folder}/${name}`;
      if (!ids.has(id)) throw new Error(`${path} holds cases of a rule that does not exist`);
      return [id, parseCases(path, readFileSync(path, "utf8"))];
    }),
  );
}

function textDifferences(expected: ReadonlyMap<string, string>, place: Place): Difference[] {
  return [...expected].flatMap(([path, text]): Difference[] => {
    const there = read(place, path);
    if (there === undefined) return [{ path, change: "missing" }];
    return there.equals(Buffer.from(text)) ? [] : [{ path, change: "stale" }];
  });
}

function orphans(expected: ReadonlyMap<string, string>, place: Place): Difference[] {
  return FOLDERS.flatMap((name) => {
    const folder = join(place.out, name);
    if (!existsSync(folder)) return [];
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1).replaceAll("\\", "/"))
      .map((path) => `${name}/${path}`);
  })
    .filter((path) => !expected.has(path))
    .map((path) => ({ path, change: "orphan" }));
}

function wasmDifferences(rules: readonly CompiledRule[], bundles: readonly Bundle[], place: Place): Difference[] {
  const manifest = read(place, MANIFEST);
  const wasm = read(place, WASM);
  if (manifest === undefined || wasm === undefined) {
    const missing = [MANIFEST, WASM].filter((path) => read(place, path) === undefined);
    return missing.map((path) => ({ path, change: "missing" }));
  }
  const built = builtOf(manifest);
  const isCurrent = built?.source === sourceDigest(regoModules(rules)) && built.wasm === digest(wasm);
  if (!isCurrent) return [MANIFEST, WASM].map((path) => ({ path, change: "stale" }));
  return manifest.equals(Buffer.from(manifestText(rules, bundles, built))) ? [] : [{ path: MANIFEST, change: "stale" }];
}

interface Built {
  readonly opa: string;
  readonly source: string;
  readonly wasm: string;
}

function builtOf(manifest: Buffer): Built | undefined {
  let value: unknown;
  try {
    value = JSON.parse(manifest.toString("utf8"));
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const { opa, source, wasm } = value;
  return typeof opa === "string" && typeof source === "string" && typeof wasm === "string" ? { opa, source, wasm } : undefined;
}

const manifestText = (rules: readonly CompiledRule[], bundles: readonly Bundle[], built: Built): string =>
  `${JSON.stringify(wasmManifest(rules, built, bundles), null, 2)}\n`;

/** The module itself is compiled anew only where its Rego changed: a new title needs no opa. */
function writeWasm(rules: readonly CompiledRule[], bundles: readonly Bundle[], place: Place, opa: () => Engine): void {
  const manifest = read(place, MANIFEST);
  const wasm = read(place, WASM);
  const there = manifest === undefined ? undefined : builtOf(manifest);
  const source = sourceDigest(regoModules(rules));
  if (there !== undefined && wasm !== undefined && there.source === source && there.wasm === digest(wasm)) {
    write(place, MANIFEST, manifestText(rules, bundles, there));
    return;
  }
  const built = buildWasm(rules, opa());
  write(place, WASM, built.wasm);
  write(place, MANIFEST, manifestText(rules, bundles, built.manifest));
}

function read(place: Place, path: string): Buffer | undefined {
  const file = join(place.out, path);
  return existsSync(file) ? readFileSync(file) : undefined;
}

function write(place: Place, path: string, content: string | Uint8Array): void {
  const file = join(place.out, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** What somebody has put there by hand is named, never removed. */
function isGenerated(place: Place, path: string): boolean {
  const [first = ""] = (read(place, path) ?? "").toString("utf8").split("\n");
  return /Generated from .* by hostnetwork-policies; do not edit\./.test(first);
}

function byPath(one: Difference, other: Difference): number {
  return one.path < other.path ? -1 : one.path > other.path ? 1 : 0;
}
