/**
 * `npm run bench [-- --documents 1000 --runs 7 --rule ID --seed 1]`: how long `policy-test` needs for a folder of
 * workloads with all rules, and how long `gator test` needs for it with the template of one; of each with `--rule all`.
 */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { requireEngine, type Engine } from "../engines/index.js";
import { writeCorpus } from "./corpus.js";
import { measure, runOnce, type Contestant, type Timing } from "./measure.js";

interface Options {
  readonly documents: number;
  readonly runs: number;
  readonly seed: number;
  /** The rule whose template gator gets, or `all` for one after the other. The default is the one that it is fastest with. */
  readonly rule: string;
}

function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      documents: { type: "string", default: "1000" },
      runs: { type: "string", default: "7" },
      seed: { type: "string", default: "1" },
      rule: { type: "string", default: "host-network-dns-policy" },
    },
  });
  return { documents: positive("documents", values.documents), runs: positive("runs", values.runs), seed: positive("seed", values.seed), rule: values.rule };
}

function positive(name: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`--${name} must be a whole number above 0, not \`${text}\``);
  return Number(text);
}

/** Path of a file of the repository; this file runs in dist/bench/. */
const inRepository = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

function policyTest(folder: string, ...args: readonly string[]): Contestant {
  return { title: "policy-test, all rules", command: process.execPath, args: [inRepository("dist/policy-test/bin.js"), folder, ...args] };
}

function gatorTest(gator: Engine, engine: "CEL" | "Rego", folder: string, rule: string, ...more: readonly string[]): Contestant {
  const policies = [`library/gatekeeper/${rule}/template.yaml`, `library/gatekeeper/${rule}/samples/${rule}/constraint.yaml`];
  const files = [...policies.map(inRepository), folder].flatMap((path) => ["-f", path]);
  const args = ["test", ...files, ...(engine === "CEL" ? [] : ["--enable-k8s-native-validation=false"]), ...more];
  return { title: `gator test, ${rule} (${engine})`, command: gator.path, args };
}

/** How many elements a JSON list has: gator's violations, and null where there are none. */
function lengthOf(json: string): number {
  const value: unknown = json.trim() === "" ? null : JSON.parse(json);
  return Array.isArray(value) ? value.length : 0;
}

/** How many workloads have a finding of the rule; CEL engines put all findings of a workload into one message. */
function workloadsFound(json: string): number {
  const report: unknown = JSON.parse(json);
  const findings: unknown = report !== null && typeof report === "object" && "findings" in report ? report.findings : undefined;
  if (!Array.isArray(findings)) throw new Error("policy-test printed no findings");
  return new Set(findings.map((finding: object) => JSON.stringify(Reflect.get(finding, "workload")))).size;
}

/** @throws Error if the contestants do not find the same: a race with one who runs elsewhere is worth nothing */
function checkSameWork(folder: string, rule: string, gator: Engine): number {
  const ours = workloadsFound(runOnce(policyTest(folder, "--rule", rule, "--format", "json")));
  const theirs = lengthOf(runOnce(gatorTest(gator, "CEL", folder, rule, "--output", "json")));
  if (ours !== theirs) throw new Error(`policy-test finds ${String(ours)} workloads that break ${rule}, gator ${String(theirs)}`);
  return ours;
}

function formatRow(timing: Timing, base: Timing): string {
  const ms = (value: number): string => `${value.toFixed(0)} ms`.padStart(9);
  const ratio = (timing.medianMs / base.medianMs).toFixed(2).padStart(6);
  return `${timing.title.padEnd(52)}${ms(timing.medianMs)}${ms(timing.fastestMs)}${ms(timing.slowestMs)}${ratio}`;
}

function main(options: Options, gator: Engine): boolean {
  const folder = mkdtempSync(join(tmpdir(), "hostnetwork-policies-bench-"));
  try {
    const corpus = writeCorpus(folder, options.documents, options.seed);
    const rules = options.rule === "all" ? readdirSync(inRepository("library/gatekeeper"), { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort() : [options.rule];
    const found = rules.map((rule) => `${String(checkSameWork(folder, rule, gator))} break ${rule} for both`);
    const processors = cpus();
    console.log(`node ${process.versions.node}, gator ${gator.version}, ${String(processors.length)} CPUs (${processors[0]?.model.trim() ?? "unknown"})`);
    console.log(
      `${String(corpus.documents)} workloads in ${String(corpus.files)} files, ${String(Math.round(corpus.bytes / 1024))} KiB, seed ${String(options.seed)};` +
        ` ${found.join(", ")}`,
    );
    console.log(`wall time of the whole process, ${String(options.runs)} runs after one to warm up\n`);
    const gators = rules.flatMap((rule) => [gatorTest(gator, "CEL", folder, rule), gatorTest(gator, "Rego", folder, rule)]);
    const [base, ...others] = measure([policyTest(folder), ...gators], options.runs);
    if (base === undefined) throw new Error("nothing was measured");
    console.log(`${"".padEnd(52)}${["median", "fastest", "slowest"].map((head) => head.padStart(9)).join("")}${"ratio".padStart(6)}`);
    for (const timing of [base, ...others]) console.log(formatRow(timing, base));
    return others.every((other) => base.medianMs < other.medianMs);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Exit codes: 0 policy-test needs less time, 1 it does not, 2 it could not be measured. */
try {
  const faster = main(readOptions(process.argv.slice(2)), requireEngine("gator"));
  if (!faster) console.log("\npolicy-test with all rules should need less time than gator test with one");
  process.exitCode = faster ? 0 : 1;
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
