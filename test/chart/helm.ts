/** The chart through the real helm. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import { CHART_FOLDER } from "../../charts/chart-files.js";
import { requireEngine } from "../../engines/find.js";
import { isObject, type JsonObject } from "../../generator/schema/json.js";
import { KUBERNETES_SCHEMA } from "../../manifest/dialect.js";

export interface Helmed {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export type HelmProgram = "helm" | "helm-3";

/** Runs helm in a home of its own; `VALUES` among the arguments is a file with these values, `CHART` the chart. */
export function helm(args: readonly string[], values: object | string = {}, kubeconfig = "", program: HelmProgram = "helm"): Helmed {
  const home = mkdtempSync(join(tmpdir(), "chart-"));
  const file = join(home, "values.yaml");
  writeFileSync(file, typeof values === "string" ? values : JSON.stringify(values));
  const named = args.map((arg) => (arg === "VALUES" ? `--values=${file}` : arg === "CHART" ? CHART_FOLDER : arg));
  const { status, error, stdout, stderr } = spawnSync(requireEngine(program).path, named, { encoding: "utf8", env: { PATH: process.env["PATH"] ?? "", HOME: home, KUBECONFIG: kubeconfig || join(home, "none") }, maxBuffer: 2 ** 28 });
  rmSync(home, { recursive: true });
  if (error !== undefined) throw error;
  return { code: status, stdout, stderr };
}

/** The same, where it must succeed. */
export function mustHelm(args: readonly string[], values?: object | string, kubeconfig?: string, program: HelmProgram = "helm"): string {
  const { code, stdout, stderr } = helm(args, values, kubeconfig, program);
  if (code !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr}${stdout}`);
  return stdout;
}

/** The objects of the chart with these values, and with Constraints. */
export function templated(values: object | string, ...more: readonly string[]): JsonObject[] {
  return objectsOf(mustHelm(["template", "rules", "CHART", "VALUES", "--set=constraints=always", ...more], values));
}

export const objectsOf = (yaml: string): JsonObject[] => loadAll(yaml, { schema: KUBERNETES_SCHEMA }).filter(isObject);
