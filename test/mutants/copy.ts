/** A copy of the repository to plant a mutant in, and what its tests say of it. */
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { isObject } from "../../generator/schema/json.js";
import { listOf, objectsIn } from "../json.js";
import { comparisons, plant, type Comparison, type Mutant } from "./mutant.js";

const root = new URL("../..", import.meta.url).pathname;
const left = new Set([".git", "node_modules", "dist", "charts", "coverage", "docs", "bench", "site"]);

export interface Verdict {
  /** The comparisons that failed. */
  readonly failed: readonly { readonly title: string; readonly message: string }[];
  readonly passed: number;
}

/**
 * Runs one comparison in a copy of the repository, with a mutant or without one.
 * @throws Error where the tests did not run: the fault is none of a back end then
 */
export async function runComparison(comparison: Comparison, rule?: string, mutant?: Mutant): Promise<Verdict> {
  const copy = mkdtempSync(join(tmpdir(), "hostnetwork-policies-mutant-"));
  try {
    cpSync(root, copy, { recursive: true, filter: (source) => !left.has(relative(root, source)) });
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
    if (mutant !== undefined) plant(copy, mutant);
    const { file, compiles, title } = comparisons[comparison];
    if (rule !== undefined && compiles !== undefined) leaveOnly(rule, join(copy, compiles), join(copy, "test/cases"));
    const results = join(copy, "results.json");
    const given = ["run", "--config", "test/mutants/vitest.config.ts", "--reporter=json", `--outputFile=${results}`, "-t", title(rule ?? ".*"), file];
    const isRebuilt = compiles !== undefined && (mutant?.inRego ?? true);
    const output = await run(join(root, "node_modules/.bin/vitest"), given, copy, isRebuilt ? { MUTANT_COMPILES: compiles, MUTANT_RULE: rule ?? "" } : {});
    if (!existsSync(results)) throw new Error(`the tests did not run:\n${output}`);
    return verdictIn(JSON.parse(readFileSync(results, "utf8")));
  } finally {
    rmSync(copy, { recursive: true });
  }
}

/** Takes the other rules out of a copy: to compile them all takes most of the time. */
function leaveOnly(rule: string, rules: string, cases: string): void {
  const others = (folder: string, extension: string): string[] => readdirSync(folder).filter((file) => file.endsWith(extension) && file !== `${rule}${extension}`);
  for (const file of others(rules, ".ts")) rmSync(join(rules, file));
  rmSync(join(rules, "versions.yaml"), { force: true }); // it names every rule
  if (rules.endsWith("policies")) for (const file of others(cases, ".yaml")) rmSync(join(cases, file));
  writeFileSync(join(rules, "index.ts"), `import rule from "./${rule}.js";\nexport const rules = [rule];\nexport const definitions = new Map([[rule.id, rule]]);\n`);
}

function run(program: string, given: readonly string[], cwd: string, environment: Readonly<Record<string, string>>): Promise<string> {
  // Not what vitest tells its own workers.
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("VITEST") && name !== "FIGURES" && name !== "NODE_ENV"));
  return new Promise((resolve, reject) => {
    const child = spawn(program, given, { cwd, env: { ...inherited, ...environment }, stdio: ["ignore", "pipe", "pipe"] });
    const parts: Buffer[] = [];
    child.stdout.on("data", (part: Buffer) => parts.push(part));
    child.stderr.on("data", (part: Buffer) => parts.push(part));
    child.on("error", reject);
    child.on("close", () => resolve(Buffer.concat(parts).toString()));
  });
}

function verdictIn(report: unknown): Verdict {
  const files = isObject(report) ? objectsIn(report["testResults"]) : [];
  const tests = files.flatMap((file) => objectsIn(file["assertionResults"]));
  const broken = files.find((file) => file["status"] === "failed" && listOf(file["assertionResults"]).length === 0);
  if (broken !== undefined || tests.length === 0) throw new Error(`no test was reached: ${JSON.stringify(broken?.["message"])}`);
  const failed = tests.filter((test) => test["status"] === "failed").map((test) => ({ title: String(test["fullName"]), message: String(listOf(test["failureMessages"])[0]) }));
  return { failed, passed: tests.filter((test) => test["status"] === "passed").length };
}
