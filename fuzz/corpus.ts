/** What fuzzing has found, as files of test/corpus: `npm test` asks about each of them again. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { requireEngine } from "../engines/index.js";
import type { JsonObject } from "../generator/schema/json.js";
import type { CompiledRule } from "../generator/compiled.js";
import { buildWasm, digest, regoModules, sourceDigest, wasmManifest } from "../generator/wasm.js";
import type { WasmManifest } from "../wasm/manifest.js";
import type { ReviewRequest } from "../manifest/run.js";
import { rules } from "../policies/index.js";
import type { RuleDefinition } from "../policies/kit/index.js";
import { compiledRule } from "../test/compiled.js";
import { compileTexts, type Ready } from "./compile.js";
import type { Disagreement } from "./compare.js";

export interface Entry {
  /** What was wrong, and how it was put right; written by hand. */
  readonly note: string;
  /** Of the run that found it; absent for one that was made by hand. */
  readonly seed?: number;
  readonly engine: string;
  /** The id of a rule of the library; absent for a random rule. */
  readonly rule?: string;
  /** The file of a random rule, one line an element. */
  readonly source?: readonly string[];
  readonly parameters?: JsonObject;
  readonly request: ReviewRequest;
  /** Why the compiler does not take the rule any more; absent for one that it takes. */
  readonly refused?: string;
  /** What the rule's TypeScript finds, and what the engine said when the entry was made. */
  readonly expected: readonly string[];
  readonly got: readonly string[];
}

const texts = { type: "array", items: { type: "string" } };
const isEntry = new Ajv({ strict: false }).compile<Entry>({
  type: "object",
  required: ["note", "engine", "request", "expected", "got"],
  additionalProperties: false,
  oneOf: [{ required: ["rule"] }, { required: ["source"] }],
  properties: { note: { type: "string", minLength: 1 }, seed: { type: "integer" }, engine: { type: "string" }, refused: { type: "string" }, rule: { type: "string" }, source: texts, parameters: { type: "object" }, request: { type: "object", required: ["object"] }, expected: texts, got: texts },
});

export const corpusFolder = new URL("../test/corpus/", import.meta.url).pathname;

/** The entries by the names of their files. */
export function readCorpus(): ReadonlyMap<string, Entry> {
  const files = readdirSync(corpusFolder).filter((file) => file.endsWith(".json")).sort();
  return new Map(
    files.map((file): [string, Entry] => {
      const entry: unknown = JSON.parse(readFileSync(join(corpusFolder, file), "utf8"));
      if (!isEntry(entry)) throw new Error(`test/corpus/${file} is no entry of the corpus: ${JSON.stringify(isEntry.errors)}`);
      return [file, entry];
    }),
  );
}

/**
 * Writes a disagreement down. The name comes from what was asked, so that the same finding is one file.
 * @returns the name of the file
 */
export function writeEntry({ rule, engine, sample, expected, got }: Disagreement, seed: number): string {
  const { id } = rule.compiled.meta;
  const entry: Entry = {
    note: "not looked at yet",
    seed,
    engine: engine.name,
    ...(rule.source === undefined ? { rule: id } : { source: rule.source.trimEnd().split("\n") }),
    ...(sample.given === undefined ? {} : { parameters: sample.given }),
    request: sample.request,
    expected,
    got,
  };
  const file = `${rule.source === undefined ? id : "random"}-${digest(JSON.stringify([id, rule.source, sample])).slice(0, 8)}.json`;
  mkdirSync(corpusFolder, { recursive: true });
  writeFileSync(join(corpusFolder, file), `${JSON.stringify(entry, null, 2)}\n`);
  return file;
}

/** The id that the rule of an entry has. */
const idOf = (file: string): string => file.replace(/\.json$/, "");

export interface CorpusRules {
  /** The rules of entries by the names of their files. */
  readonly ready: ReadonlyMap<string, Ready>;
  /** What the compiler says of the others. */
  readonly refused: ReadonlyMap<string, string>;
}

/** The rule of each entry, compiled from what the file holds. */
export function corpusRules(corpus: ReadonlyMap<string, Entry>): CorpusRules {
  const made = compileTexts(new Map([...corpus].flatMap(([file, { source }]): [string, string][] => (source === undefined ? [] : [[idOf(file), named(source, idOf(file))]]))));
  const byId = new Map([...made.ready, ...rules.map(libraryRule)].map((rule): [string, Ready] => [rule.compiled.meta.id, rule]));
  const messages = new Map(made.refused.map(({ id, message }) => [id, message]));
  const ready = new Map<string, Ready>();
  const refused = new Map<string, string>();
  for (const [file, { rule }] of corpus) {
    const [found, message] = [byId.get(rule ?? idOf(file)), messages.get(idOf(file))];
    if (found !== undefined) ready.set(file, found);
    else if (message !== undefined) refused.set(file, message);
    else throw new Error(`test/corpus/${file} is of no rule`);
  }
  return { ready, refused };
}

/** Every entry's rule has an id of its own: the name of its file. */
function named(source: readonly string[], id: string): string {
  return `${source.join("\n").replace(/^ {2}id: "[^"]*"/m, `  id: ${JSON.stringify(id)}`)}\n`;
}

/** A rule of the library, which its wasm holds. */
export function libraryRule(definition: RuleDefinition): Ready {
  return { definition, compiled: compiledRule(definition.id) };
}

const generated = join(corpusFolder, "generated");

/** The random rules of the corpus, which its wasm holds. */
export function wasmRules(corpus: CorpusRules): CompiledRule[] {
  return [...corpus.ready.values()].filter((rule) => rule.source !== undefined).map((rule) => rule.compiled);
}

/** What the manifest of the corpus's wasm must say. Rules are compiled in a temporary folder, whose name is none of their Rego. */
export function corpusManifest(corpus: readonly CompiledRule[], opa: string, wasm: Uint8Array): WasmManifest {
  const modules = [...regoModules(corpus)].map(([path, text]): [string, string] => [path, text.replace(/^# Generated from .*$/m, "")]);
  return wasmManifest(corpus, { opa, source: sourceDigest(new Map(modules)), wasm: digest(wasm) });
}

/** Writes the wasm of the random rules of the corpus, so that `npm test` can ask it without opa. */
export function writeCorpusWasm(): void {
  const own = wasmRules(corpusRules(readCorpus()));
  const opa = requireEngine("opa");
  const { wasm } = buildWasm(own, opa);
  mkdirSync(generated, { recursive: true });
  writeFileSync(join(generated, "policy.wasm"), wasm);
  writeFileSync(join(generated, "manifest.json"), `${JSON.stringify(corpusManifest(own, opa.version, wasm), null, 2)}\n`);
}

/** That wasm, and its manifest as it was written. */
export function readCorpusWasm(): { readonly wasm: Uint8Array; readonly manifest: unknown } {
  const manifest: unknown = JSON.parse(readFileSync(join(generated, "manifest.json"), "utf8"));
  return { wasm: readFileSync(join(generated, "policy.wasm")), manifest };
}
