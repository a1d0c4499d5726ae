/**
 * The small evaluator around @open-policy-agent/opa-wasm. The SDK fails open in several ways (a JSON string or
 * a Buffer as input, a falsy input, an undefined result all look like "no violations"); this file is the one
 * place that knows them, and turns each into an error.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { LoadedPolicy, loadPolicySync } from "@open-policy-agent/opa-wasm";
import { inventoryOf } from "../manifest/inventory.js";
import type { Parameters, ReviewRequest } from "../manifest/run.js";
import type { RuleManifest, WasmManifest } from "./manifest.js";

/** One violation of one rule; `path` starts at the object's root. */
export interface RuleFinding {
  readonly rule: string;
  readonly path: string;
  readonly message: string;
}

/** Complete parameters (defaults filled in) of the rules to evaluate, by rule id. */
export type RuleParameters = Readonly<Record<string, Parameters>>;

export interface Evaluator {
  /**
   * Evaluates every rule named in `parameters`, in one call of the module; in a second one those that read the review's inventory.
   * @returns the findings, sorted by rule, path and message
   * @throws Error if the module fails or answers anything but findings of these rules; TypeError if the review
   *   is no plain object, a rule is unknown or a parameter missing. Never returns "clean" in doubt.
   */
  readonly evaluate: (review: ReviewRequest, parameters: RuleParameters) => RuleFinding[];
}

/** Part of wasm/manifest.json that the evaluator needs. */
export type EvaluatorManifest = Pick<WasmManifest, "entrypoint" | "wasm"> & {
  readonly rules: readonly (Pick<RuleManifest, "id" | "parameters"> & Partial<Pick<RuleManifest, "needs">>)[];
};

/** Memory of an instance never shrinks; one that a big object has blown up is replaced. */
const MAX_KEPT_BYTES = 64 * 1024 * 1024;

/** The cluster of a review that says nothing of one. */
const nothingKnown: readonly unknown[] = [];

/** The type library of TypeScript has WebAssembly in its DOM part only, which Node code should not see. */
declare const WebAssembly: { compile(bytes: Uint8Array): Promise<object> };

/**
 * Compiles the module once; `evaluate` then runs it as often as wanted.
 * @param wasm the module, or the path of its file
 * @throws Error if the file cannot be read, is no module, or not the one that the manifest speaks of
 */
export async function loadEvaluator(wasm: Uint8Array | string, manifest: EvaluatorManifest): Promise<Evaluator> {
  const [load, module] = await Promise.all([
    sdk(),
    failing("cannot load the policy module", async () => {
      const bytes = typeof wasm === "string" ? await readFile(wasm) : wasm;
      const compiling = WebAssembly.compile(bytes); // beside the digest, on another thread
      // A rule that only the manifest knows would never find anything.
      if (createHash("sha256").update(bytes).digest("hex") === manifest.wasm) return compiling;
      await compiling;
      throw new Error("it is not the module that its manifest speaks of; run `npm run generate`");
    }),
  ]);
  const instantiate = (): LoadedPolicy => load(module);
  let instance: LoadedPolicy | undefined = await failing("cannot start the policy module", instantiate);
  const entrypoints: unknown = instance.entrypoints;
  if (!isPlainObject(entrypoints) || !Object.hasOwn(entrypoints, manifest.entrypoint)) {
    throw new Error(`the policy module has no entrypoint \`${manifest.entrypoint}\``);
  }
  const rules = new Map(manifest.rules.map((rule) => [rule.id, parameterNames(rule.parameters)]));
  const contextual = new Set(manifest.rules.filter(({ needs = [] }) => needs.some((need) => need !== "oldObject")).map((rule) => rule.id));
  const checked = new WeakSet<RuleParameters>();
  let held: readonly unknown[] = nothingKnown;

  /** One call of the module, which knows these objects of the cluster; undefined: whichever it knows. */
  const ask = (review: object, parameters: RuleParameters, deferred: readonly string[], inventory?: readonly unknown[]): Answer => {
    let answer: unknown;
    try {
      if (instance === undefined) {
        instance = instantiate();
        held = nothingKnown;
      }
      if (inventory !== undefined && held !== inventory) {
        instance.setData({ inventory: inventoryOf(inventory) });
        held = inventory;
      }
      answer = instance.evaluate({ review, parameters, deferred }, manifest.entrypoint);
      if (memoryOf(instance) > MAX_KEPT_BYTES) instance = undefined;
    } catch (error) {
      // An abort unwinds through the module without resetting its stack: the instance is not safe to use again.
      instance = undefined;
      throw new Error(`the policy module failed: ${textOf(error)}`, { cause: error });
    }
    return answerOf(answer, parameters, deferred);
  };

  return {
    evaluate(review, parameters) {
      checkReview(review);
      if (!checked.has(parameters)) {
        checkParameters(parameters, rules);
        checked.add(parameters);
      }
      const { inventory = nothingKnown, ...asked } = review;
      if (inventory.length === 0) return ask(asked, parameters, [], nothingKnown).findings.sort(byRulePathMessage);
      // To give the module a cluster costs as much as the cluster is large: only where a rule that reads it looks at the object.
      const first = ask(asked, parameters, Object.keys(parameters).filter((id) => contextual.has(id)));
      if (first.inScope.length === 0) return first.findings.sort(byRulePathMessage);
      const second = ask(asked, Object.fromEntries(first.inScope.map((id) => [id, parameters[id] ?? {}])), [], inventory);
      return [...first.findings, ...second.findings].sort(byRulePathMessage);
    },
  };
}

/** Size of an instance's memory in bytes. */
function memoryOf(instance: LoadedPolicy): number {
  const buffer: unknown = Reflect.get(Object(instance.mem), "buffer");
  return buffer instanceof ArrayBuffer ? buffer.byteLength : 0;
}

/** Order of findings that does not depend on an engine: by rule, path and message, in code units. */
export function byRulePathMessage(one: RuleFinding, other: RuleFinding): number {
  return compare(one.rule, other.rule) || compare(one.path, other.path) || compare(one.message, other.message);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function checkReview(review: unknown): void {
  if (!isPlainObject(review)) throw new TypeError("a review must be a plain object");
  const isDelete = review.operation === "DELETE";
  if (!isPlainObject(isDelete ? (review.oldObject ?? review.object) : review.object)) {
    throw new TypeError("the object under review must be a plain object");
  }
}

function checkParameters(parameters: unknown, rules: ReadonlyMap<string, readonly string[]>): void {
  if (!isPlainObject(parameters)) throw new TypeError("parameters must be a plain object, by rule");
  for (const [id, given] of Object.entries(parameters)) {
    const names = rules.get(id);
    if (names === undefined) throw new TypeError(`the policy module has no rule \`${id}\``);
    if (!isPlainObject(given)) throw new TypeError(`parameters of rule \`${id}\` must be a plain object`);
    const missing = names.find((name) => given[name] === undefined);
    // In Rego what reads a missing parameter is undefined, and the finding silently disappears.
    if (missing !== undefined) throw new TypeError(`rule \`${id}\` lacks its parameter \`${missing}\``);
  }
}

function parameterNames(schema: Readonly<Record<string, unknown>>): string[] {
  return isPlainObject(schema.properties) ? Object.keys(schema.properties) : [];
}

interface Answer {
  readonly findings: RuleFinding[];
  /** Deferred rules that would look at the object. */
  readonly inScope: readonly string[];
}

function answerOf(answer: unknown, parameters: RuleParameters, deferred: readonly string[]): Answer {
  const first: unknown = Array.isArray(answer) ? answer[0] : undefined;
  const result = isPlainObject(first) ? first.result : undefined;
  if (!Array.isArray(result)) throw new Error("the policy module gave no result");
  const findings: RuleFinding[] = [];
  const inScope: string[] = [];
  for (const entry of result as readonly unknown[]) {
    if (!isPlainObject(entry)) throw malformed(entry);
    const { rule, path, msg } = entry;
    if (typeof rule !== "string" || !Object.hasOwn(parameters, rule)) throw malformed(entry);
    if (entry.in_scope === true && deferred.includes(rule)) inScope.push(rule);
    else if (typeof path === "string" && typeof msg === "string" && !deferred.includes(rule)) findings.push({ rule, path, message: msg });
    else throw malformed(entry);
  }
  return { findings, inScope };
}

function malformed(entry: unknown): Error {
  return new Error(`the policy module gave a malformed finding: ${JSON.stringify(entry)}`);
}

/** The SDK's typings name loadPolicySync as an export of the module; it really lies on the default export. */
async function sdk(): Promise<typeof loadPolicySync> {
  const exports: object = await import("@open-policy-agent/opa-wasm");
  const door: unknown = "default" in exports ? exports.default : undefined;
  if (!hasLoader(door)) throw new Error("@open-policy-agent/opa-wasm has no loadPolicySync");
  return door.loadPolicySync;
}

function hasLoader(value: unknown): value is { readonly loadPolicySync: typeof loadPolicySync } {
  return isPlainObject(value) && typeof value.loadPolicySync === "function";
}

async function failing<Result>(what: string, action: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await action();
  } catch (error) {
    throw new Error(`${what}: ${textOf(error)}`, { cause: error });
  }
}

/** The SDK throws strings and plain objects as well as errors. */
function textOf(error: unknown): string {
  if (typeof error === "string") return error;
  if (error !== null && typeof error === "object" && "message" in error) return String(error.message);
  return String(error);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (value === null || typeof value !== "object") return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
