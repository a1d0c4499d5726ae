/** What policy-test says of a trap, in the words of the table. */
import { fileURLToPath } from "node:url";
import type { JsonReport } from "../../policy-test/reporters/json.js";
import { placeOf } from "../../policy-test/problem.js";
import { count } from "../../policy-test/values.js";
import { policyTest } from "../../policy-test/fixtures/harness.js";
import type { Trap } from "./traps.js";

const own = (name: string): string => fileURLToPath(new URL(`../../wasm/${name}`, import.meta.url));
export const assets = { wasm: own("policy.wasm"), manifest: own("manifest.json") };

export interface Answer {
  readonly code: number;
  readonly said: readonly string[];
}

export async function answerTo({ files = {}, links = {}, pipes = [], stdin }: Omit<Trap, "name" | "holds" | "expected">): Promise<Answer> {
  const surroundings = { files, links, pipes, assets, ...(stdin === undefined ? {} : { stdin }) };
  const { code, stdout, stderr } = await policyTest(["--rule", "restrict-host-network", "--format", "json", stdin === undefined ? "." : "-"], surroundings);
  if (stdout === "") return { code, said: [stderr.split("\n")[0] ?? ""] };
  const report = JSON.parse(stdout) as JsonReport; // as --format json prints it
  const { foreign, skipped } = report.summary;
  const placed = [
    ...report.findings.map((each) => ({ ...each, said: `finding at ${placeOf(each)}` })),
    ...report.inputErrors.map((each) => ({ ...each, said: `error at ${placeOf(each)}: ${each.message}` })),
    ...report.notChecked.map((each) => ({ ...each, said: `not checked, at ${placeOf(each)}` })),
  ].sort((one, other) => (one.file < other.file ? -1 : one.file > other.file ? 1 : (one.line ?? 0) - (other.line ?? 0)));
  const said = [
    ...placed.map((each) => each.said),
    ...(foreign === 0 ? [] : [count(foreign, "other document")]),
    ...(skipped === 0 ? [] : [`${count(skipped, "Helm template")} skipped`]),
  ];
  return { code, said: said.length === 0 ? [count(report.summary.workloads, "workload")] : said };
}
