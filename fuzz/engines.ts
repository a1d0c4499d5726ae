/** What random rules and requests are asked of, and what each is expected to say: what the rule's TypeScript says. */
import { execFileSync } from "node:child_process";
import { findEngine, requireEngine, type EngineName } from "../engines/index.js";
import type { CelProgram, CompiledRule } from "../generator/compiled.js";
import { isObject, type JsonObject } from "../generator/schema/json.js";
import { complete } from "../generator/schema/schema.js";
import { isExpressible, knownTo, type Form } from "../generator/targets/known.js";
import { buildWasm } from "../generator/wasm.js";
import { runRule, type ReviewRequest } from "../manifest/run.js";
import { isReviewable } from "../manifest/view.js";
import type { Violation } from "../policies/kit/index.js";
import { celEvaluator, type CelEvaluator } from "../test/executors/cel.js";
import { runInWasm } from "../test/executors/wasm.js";
import { forms } from "../test/engines/capabilities.js";
import { findingsAnswer, textAnswer, type Answer, type Runner } from "../test/engines/runner.js";
import { runners } from "../test/engines/runners.js";
import { loadEvaluator, type Evaluator } from "../wasm/evaluate.js";
import { apiServerEngine } from "./api-server.js";
import type { Ready } from "./compile.js";

/** What one rule is asked about. */
export interface Sample {
  readonly request: ReviewRequest;
  /** As a user writes them; undefined where there are none at all. */
  readonly given: JsonObject | undefined;
}

export interface Question {
  readonly rule: Ready;
  readonly samples: readonly Sample[];
}

export interface FuzzEngine {
  readonly name: string;
  /** `batch` for a program that is started for each question: it is asked less. `server` for one that runs, and takes objects of a cluster only. */
  readonly kind: "node" | "server" | "batch";
  takes(rule: CompiledRule, sample: Sample): boolean;
  expected(id: string, violations: readonly Violation[]): Answer;
  /** The samples as the engine gets to see them, without those that it never would; absent where it sees what it is given. */
  seen?(questions: readonly Question[]): Promise<readonly Question[]>;
  /** One answer for each sample of each question, in their order. */
  ask(questions: readonly Question[]): Promise<Answer[][]>;
  /** Ends what was started to ask it. */
  end?(): Promise<void>;
}

/** The definition that everything is held to. */
export function inJavaScript({ compiled, definition }: Ready, { request, given }: Sample): Violation[] {
  return runRule(definition, request, complete(compiled.schema, given), compiled.reads);
}

/** The answer, or what went wrong instead. */
function attempt(work: () => Answer): Answer {
  try {
    return work();
  } catch (error) {
    return [`(error) ${error instanceof Error ? error.message : String(error)}`];
  }
}

/** Rego reports a set. */
const asSet = (answer: Answer): Answer => [...new Set(answer)].sort();
export const setOf = (_: string, violations: readonly Violation[]): Answer => asSet(findingsAnswer(violations));

export type Evaluate = Evaluator["evaluate"];

/** One module for all rules; where opa refuses it, one for each rule, so that only those that it refuses have no answer. */
async function built(rules: readonly CompiledRule[]): Promise<ReadonlyMap<string, Evaluate>> {
  if (rules.length === 0) return new Map();
  try {
    const { wasm: bytes, manifest } = buildWasm(rules, requireEngine("opa"));
    const { evaluate } = await loadEvaluator(bytes, manifest);
    return new Map(rules.map((rule) => [rule.meta.id, evaluate]));
  } catch (error) {
    if (rules.length > 1) return new Map((await Promise.all(rules.map((rule) => built([rule])))).flatMap((some) => [...some]));
    return new Map(rules.map((rule) => [rule.meta.id, (): never => { throw error; }]));
  }
}

/**
 * The Rego of rules as wasm.
 * @param evaluatorsOf the random rules among those that are asked about; the library's are in the wasm that ships
 */
export const wasmEngine = (evaluatorsOf: (rules: readonly CompiledRule[]) => Promise<ReadonlyMap<string, Evaluate>>): FuzzEngine => ({
  name: "OPA wasm in Node",
  kind: "node",
  takes: () => true,
  expected: setOf,
  async ask(questions) {
    const made = questions.map(({ rule }) => rule).filter((rule) => rule.source !== undefined).map((rule) => rule.compiled);
    const own = await evaluatorsOf(made);
    return questions.map(({ rule: { compiled, source }, samples }) => {
      const { id } = compiled.meta;
      const evaluate: Evaluate = (request, parameters) => {
        const ofRule = own.get(id);
        if (ofRule === undefined) throw new Error(`there is no wasm of ${id}`);
        return ofRule(request, parameters);
      };
      return samples.map(({ request, given }) =>
        attempt(() => asSet(findingsAnswer(source === undefined ? runInWasm(id, request, given ?? {}) : evaluate(request, { [id]: complete(compiled.schema, given) })))),
      );
    });
  },
});

const shown = (text: string): Answer => (text === "" ? [] : [text]);

/** The CEL of a rule in Node, with the parameters of a Constraint. */
export const celEngine = (name: string, programOf: (rule: CompiledRule) => CelProgram): FuzzEngine =>
  inNode(name, (rule, samples) => {
    let evaluate: CelEvaluator | undefined;
    return samples.map(({ request, given }) => attempt(() => shown((evaluate ??= celEvaluator(programOf(rule)))(request, given ?? null))));
  });

const inNode = (name: string, evaluate: (rule: CompiledRule, samples: readonly Sample[]) => Answer[]): FuzzEngine => ({
  name,
  kind: "node",
  takes: () => true,
  expected: textAnswer,
  ask: (questions) => Promise.resolve(questions.map(({ rule, samples }) => evaluate(rule.compiled, samples))),
});

export const celInNode: readonly FuzzEngine[] = [
  celEngine("CEL in Node, a Constraint's parameters", (rule) => rule.cel()),
  inNode("CEL in Node, written parameters", (rule, samples) => samples.map(({ request, given }) => attempt(() => shown(celEvaluator(rule.cel(complete(rule.schema, given)))(request))))),
];

/** A program of test/engines. It is asked about objects that could be in a cluster. */
function ofRunner(runner: Runner): FuzzEngine {
  const form: Form = forms[runner.name];
  const isKyverno = runner.name.startsWith("kyverno");
  const isRego = form === "gatekeeper-rego";
  return {
    name: runner.name,
    kind: "batch",
    takes: (rule, { request }) =>
      isExpressible(rule, form) && rule.needs.length === 0 && request.oldObject === undefined && request.inventory === undefined && isReviewable(request.object, rule.meta.reviews) && (!isKyverno || request.operation !== "DELETE"),
    expected: isRego ? setOf : (id, violations) => runner.expected(id, violations),
    async ask(questions) {
      const answers: Answer[][] = [];
      for (const { rule, samples } of questions) {
        const cases = samples.map(({ request, given }, index) => ({
          rule: rule.compiled.meta.id,
          name: String(index),
          parameters: given ?? {},
          request: { ...request, object: isObject(request.object) ? request.object : {} },
          violations: [],
        }));
        const failed = (error: unknown): Answer[] => cases.map(() => attempt(() => { throw error instanceof Error ? error : new Error(String(error)); }));
        const given = await runner.run(rule.compiled, cases).catch(failed);
        answers.push(isRego ? given.map(asSet) : given);
      }
      return answers;
    },
  };
}

/** Kubernetes' own CEL environment of a version. */
const kubernetes = (version: string): FuzzEngine => ({
  name: `Kubernetes ${version} CEL`,
  kind: "batch",
  takes: (rule, { request }) => rule.expressible(knownTo["admission-policy"]) === "whole" && !rule.needs.includes("namespace") && request.inventory === undefined,
  expected: textAnswer,
  ask(questions) {
    const policies = questions.map(({ rule: { compiled }, samples }) => ({
      id: compiled.meta.id,
      ...compiled.cel(undefined, knownTo["admission-policy"]),
      requests: samples.map(({ request, given }, index) => ({
        name: String(index),
        operation: request.operation ?? "",
        object: request.object,
        ...(request.oldObject === undefined ? {} : { oldObject: request.oldObject }),
        ...(given === undefined ? {} : { parameters: given }),
      })),
    }));
    const input = JSON.stringify({ versions: [version], policies });
    const reports: unknown = JSON.parse(execFileSync(requireEngine("cel-check").path, { input, maxBuffer: 2 ** 30, encoding: "utf8" }));
    const listed = Array.isArray(reports) ? reports.filter(isObject) : [];
    return Promise.resolve(
      questions.map(({ rule, samples }) => {
        const report = listed.find((each) => each["id"] === rule.compiled.meta.id);
        const errors = Array.isArray(report?.["errors"]) ? report["errors"].map(String) : [];
        const results = Array.isArray(report?.["results"]) ? report["results"] : [];
        return samples.map((_, index): Answer => {
          const result: unknown = results[index];
          if (errors.length > 0 || !isObject(result)) return [`(error) ${errors.join("; ")}`];
          return typeof result["error"] === "string" ? [`(error) ${result["error"]}`] : shown(String(result["text"]));
        });
      }),
    );
  },
});

const batches: readonly { readonly program: EngineName; readonly engine: FuzzEngine }[] = [
  ...runners.map((runner) => ({ program: runner.name.startsWith("opa") ? ("opa" as const) : runner.name.startsWith("gator") ? ("gator" as const) : ("kyverno" as const), engine: ofRunner(runner) })),
  { program: "cel-check", engine: kubernetes("1.30") },
  { program: "cel-check", engine: kubernetes("1.36") },
  { program: "kube-apiserver", engine: apiServerEngine() },
];

/**
 * The engines that can be asked on this machine, and the names of those that cannot.
 * @throws where opa, which makes the wasm of random rules, is not built
 */
export function enginesHere(which: "node" | "all"): { readonly engines: readonly FuzzEngine[]; readonly missing: readonly string[] } {
  requireEngine("opa");
  const wanted = which === "all" ? batches : [];
  const isHere = ({ program }: (typeof batches)[number]): boolean => findEngine(program) !== undefined;
  return {
    engines: [wasmEngine(built), ...celInNode, ...wanted.filter(isHere).map(({ engine }) => engine)],
    missing: wanted.filter((each) => !isHere(each)).map(({ engine }) => engine.name),
  };
}

