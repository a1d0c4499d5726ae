/** The rules as one OPA wasm module: what policy-test runs. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";

import type { Engine } from "../engines/index.js";
import type { RuleManifest, WasmManifest } from "../wasm/manifest.js";
import { bundleManifest, type Bundle } from "./bundles.js";
import type { CompiledRule } from "./compiled.js";
import { closedSchema } from "./schema/closed.js";
import { isObject } from "./schema/json.js";

const ENTRYPOINT = "hostnetwork/findings";

/** Rego modules by path below the folder that is compiled. */
export type RegoModules = ReadonlyMap<string, string>;

const packageOf = (id: string): string => id.replaceAll("-", "_");

/** One module for each rule, and one that asks each of them that the input names. */
export function regoModules(rules: readonly CompiledRule[]): RegoModules {
  return new Map([
    ["findings.rego", findingsModule(rules)],
    ...rules.map((rule): [string, string] => [
      `rules/${rule.meta.id}.rego`,
      rule.rego(["hostnetwork", "rules", packageOf(rule.meta.id)], ["input", "parameters", rule.meta.id]),
    ]),
  ]);
}

/** A rule that reads the cluster can be deferred: asked only whether it would look at the object at all, which is cheap. */
function findingsModule(rules: readonly CompiledRule[]): string {
  const texts = rules.map(({ meta: { id }, needs }) => {
    const isDeferrable = needs.some((need) => need !== "oldObject");
    const findings = `findings contains {"rule": "${id}", "path": violation.details.path, "msg": violation.msg} if {
	input.parameters["${id}"]${isDeferrable ? `\n\tnot "${id}" in input.deferred` : ""}
	some violation in data.hostnetwork.rules.${packageOf(id)}.violation
}
`;
    const scope = `findings contains {"rule": "${id}", "in_scope": true} if {
	"${id}" in input.deferred
	data.hostnetwork.rules.${packageOf(id)}.in_scope
}
`;
    return isDeferrable ? `${findings}\n${scope}` : findings;
  });
  return ["package hostnetwork\n", ...texts].join("\n");
}

/** SHA-256 of the Rego that a wasm module is compiled from: whether it is up to date can be told without opa. */
export function sourceDigest(modules: RegoModules): string {
  return digest([...modules].map(([path, text]) => `${path}\n${text}`).join("\n"));
}

export function digest(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** What wasm/manifest.json says of the rules and of the module that they were compiled to. */
export function wasmManifest(rules: readonly CompiledRule[], built: Pick<WasmManifest, "opa" | "source" | "wasm">, bundles: readonly Bundle[] = []): WasmManifest {
  const { opa, source, wasm } = built;
  return { opa, source, wasm, entrypoint: ENTRYPOINT, rules: rules.map(ruleManifest), bundles: bundles.map(bundleManifest) };
}

function ruleManifest({ meta, schema, reads, needs }: CompiledRule): RuleManifest {
  const { id, title, description, severity, enforcement, reviews, fix } = meta;
  return { id, title, description, severity, enforcement, reviews, needs, ...(fix === undefined ? {} : { fix }), parameters: closedSchema(schema), reads };
}

/**
 * Compiles the rules, sorted by id, with opa.
 * @throws Error with opa's own words where it refuses them, also for a builtin that the module would not have in Node
 */
export function buildWasm(rules: readonly CompiledRule[], opa: Engine): { wasm: Uint8Array; manifest: WasmManifest } {
  const modules = regoModules(rules);
  const entrypoints = [ENTRYPOINT, ...rules.map((rule) => `hostnetwork/rules/${packageOf(rule.meta.id)}/violation`)];
  const wasm = compile(modules, entrypoints, opa.path);
  const built = { opa: opa.version, source: sourceDigest(modules), wasm: digest(wasm) };
  return { wasm, manifest: wasmManifest(rules, built) };
}

function compile(modules: RegoModules, entrypoints: readonly string[], opa: string): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), "hostnetwork-policies-"));
  try {
    for (const [path, text] of modules) {
      mkdirSync(dirname(join(folder, "rego", path)), { recursive: true });
      writeFileSync(join(folder, "rego", path), text);
    }
    writeFileSync(join(folder, "capabilities.json"), JSON.stringify(capabilities()));
    // Relative paths: the module keeps them, for its error messages.
    const given = ["--capabilities", "capabilities.json", ...entrypoints.flatMap((entrypoint) => ["-e", entrypoint])];
    run(opa, ["build", "-t", "wasm", "-o", "bundle.tar.gz", ...given, "rego"], folder);
    return fileInTar(gunzipSync(readFileSync(join(folder, "bundle.tar.gz"))), "/policy.wasm");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(program: string, given: readonly string[], cwd: string): void {
  const { status, stdout, stderr, error } = spawnSync(program, given, { cwd, encoding: "utf8" });
  if (error !== undefined) throw new Error(`opa does not run: ${error.message}`, { cause: error });
  if (status !== 0) throw new Error(`opa cannot compile the rules to wasm: ${(stdout + stderr).trim()}`);
}

/** Builtins that the SDK has, but that answer differently in Node than in opa. So does json.marshal of texts: it is for numbers only. */
const unlike = ["sprintf"];

/** The builtins that the wasm SDK has in Node. Its list is older than the feature that Rego v1 is. */
function capabilities(): object {
  const sdk = createRequire(import.meta.url).resolve("@open-policy-agent/opa-wasm");
  const text = readFileSync(join(dirname(sdk), "..", "capabilities.json"), "utf8");
  const value: unknown = JSON.parse(text);
  const builtins = isObject(value) ? value["builtins"] : undefined;
  if (!isObject(value) || !Array.isArray(builtins)) throw new Error("@open-policy-agent/opa-wasm lists no capabilities");
  const alike = builtins.filter((builtin) => !isObject(builtin) || !unlike.includes(String(builtin["name"])));
  return { ...value, builtins: alike, features: ["rego_v1"] };
}

const BLOCK = 512;

/** One file of an uncompressed tar archive. */
export function fileInTar(archive: Uint8Array, name: string): Uint8Array {
  const text = (start: number, length: number): string =>
    Buffer.from(archive.subarray(start, start + length)).toString("latin1").replace(/\0.*$/s, "");
  let header = 0;
  while (header + BLOCK <= archive.length) {
    const size = Number.parseInt(text(header + 124, 12), 8) || 0;
    const start = header + BLOCK;
    if (text(header, 100) === name) return archive.slice(start, start + size);
    header = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  throw new Error(`the bundle that opa wrote has no ${name}`);
}
