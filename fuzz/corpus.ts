/** What fuzzing has found, as files of test/corpus: `npm test` asks about each of them again. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { requireEngine } from "../engines/index.js";
import type { JsonObject } from "../generator/schema/json.js";
import { buildWasm, digest } from "../generator/wasm.js";
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
  properties: { note: { type: "string", minLength: 1 }, seed: { type: "integer" }, engine: { type: "string" }, rule: { type: "string" }, source: texts, parameters: { type: "object" }, request: { type: "object", required: ["object"] }, expected: texts, got: texts },
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

/** The id that an entry's own rule has here: entries have sources of one id. */
export const idOf = (file: string): string => file.replace(/\.json$/, "");

/** The rule of each entry, compiled from what the file holds. */
export function corpusRules(corpus: ReadonlyMap<string, Entry>): ReadonlyMap<string, Ready> {
  const sources = new Map([...corpus].flatMap(([file, { source }]): [string, string][] => (source === undefined ? [] : [[idOf(file), `${source.join("\n").replace(/^ {2}id: "[^"]*"/m, `  id: ${JSON.stringify(idOf(file))}`)}\n`]])));
  const { ready, refused } = sources.size === 0 ? { ready: [], refused: [] } : compileTexts(sources);
  const byId = new Map([...ready.map((rule): [string, Ready] => [rule.compiled.meta.id, rule]), ...rules.map((rule): [string, Ready] => [rule.id, libraryRule(rule)])]);
  return new Map(
    [...corpus].flatMap(([file, { rule }]): [string, Ready][] => {
      const found = byId.get(rule ?? idOf(file));
      // A rule that is refused now says nothing any more; the test of the corpus knows which these are.
      if (found === undefined && !refused.some(({ id }) => id === idOf(file))) throw new Error(`test/corpus/${file} is of no rule`);
      return found === undefined ? [] : [[file, found]];
    }),
  );
}

/** A rule of the library, which its wasm holds. */
export function libraryRule(definition: RuleDefinition): Ready {
  return { definition, compiled: compiledRule(definition.id) };
}

/** Writes the wasm of the random rules of the corpus, so that `npm test` can ask it without opa. */
export function writeCorpusWasm(): void {
  const own = [...corpusRules(readCorpus()).values()].filter((rule) => rule.source !== undefined).map((rule) => rule.compiled);
  const { wasm, manifest } = buildWasm(own, requireEngine("opa"));
  const folder = join(corpusFolder, "generated");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "policy.wasm"), wasm);
  writeFileSync(join(folder, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}
