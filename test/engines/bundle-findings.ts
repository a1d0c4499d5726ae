/** What a bundle finds: kind, action and message of each finding, sorted, in gator and in policy-test. */
import { Readable } from "node:stream";
import { requireEngine } from "../../engines/index.js";
import { kindOf } from "../../generator/targets/names.js";
import { main } from "../../policy-test/cli.js";
import { packageRoot } from "../../wasm/package-root.js";
import { objectsIn, valueAt } from "../json.js";
import { execute } from "./process.js";

/** @param given where gator finds the policies and the objects */
export async function gatorFindings(given: readonly string[]): Promise<string[]> {
  const { stdout, stderr } = await execute(requireEngine("gator").path, ["test", ...given, "--output", "json", "--enable-k8s-native-validation=false"]);
  if (stdout === "") throw new Error(`gator test ${given.join(" ")}: ${stderr}`);
  return objectsIn(JSON.parse(stdout))
    .map((result) => [valueAt(result, "constraint", "kind"), valueAt(result, "constraint", "spec", "enforcementAction"), valueAt(result, "msg")].join(" "))
    .toSorted();
}

/** Each finding of policy-test with a bundle, as its JSON has it. */
export async function findingsOf(bundle: string, file: string): Promise<readonly object[]> {
  let printed = "";
  const output = { write: (text: string) => (printed += text) };
  await main(["--bundle", bundle, "--format", "json", file], { stdout: output, stderr: output, stdin: Readable.from([]), env: {}, cwd: packageRoot });
  return objectsIn(valueAt(JSON.parse(printed), "findings"));
}

export async function policyTestFindings(bundle: string, file: string): Promise<string[]> {
  const findings = await findingsOf(bundle, file);
  return findings.map((finding) => [kindOf(String(valueAt(finding, "rule"))), valueAt(finding, "enforcement"), valueAt(finding, "message")].join(" ")).toSorted();
}
