/** What a bundle finds in gator, with the templates and Constraints of its folder, is what `policy-test --bundle` finds. */
import { join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { requireEngine } from "../../engines/index.js";
import { kindOf } from "../../generator/targets/names.js";
import { packageAssets, readWasmManifest } from "../../policy-test/assets.js";
import { main } from "../../policy-test/cli.js";
import { valueAt } from "../json.js";
import { installed, library } from "../library-files.js";
import { documents, execute, withFiles } from "./process.js";

const root = join(library, "..");
const example = "examples/bad.yaml";
const { bundles } = readWasmManifest(packageAssets().manifest);

/** Kind, action and message of each finding, sorted. */
async function gatorFindings(name: string): Promise<string[]> {
  const files = new Map(["templates", "constraints"].map((folder) => [`${folder}.yaml`, documents(installed(`gatekeeper/bundles/${name}/${folder}`))]));
  const { stdout } = await withFiles(files, (folder) =>
    execute(requireEngine("gator").path, ["test", "--filename", folder, "--filename", join(root, example), "--output", "json", "--enable-k8s-native-validation=false"]),
  );
  const results: unknown = JSON.parse(stdout);
  return (Array.isArray(results) ? results : [])
    .map((result: unknown) => [valueAt(result, "constraint", "kind"), valueAt(result, "constraint", "spec", "enforcementAction"), valueAt(result, "msg")].join(" "))
    .toSorted();
}

async function policyTestFindings(name: string): Promise<string[]> {
  let printed = "";
  const output = { write: (text: string) => (printed += text) };
  await main(["--bundle", name, "--format", "json", example], { stdout: output, stderr: output, stdin: Readable.from([]), env: {}, cwd: fileURLToPath(new URL("../..", import.meta.url)) });
  const findings = valueAt(JSON.parse(printed), "findings");
  return (Array.isArray(findings) ? findings : [])
    .map((finding: unknown) => [kindOf(String(valueAt(finding, "rule"))), valueAt(finding, "enforcement"), valueAt(finding, "message")].join(" "))
    .toSorted();
}

describe.each(bundles)("$name", ({ name }) => {
  test("finds the same in gator and in policy-test", async () => {
    const expected = await policyTestFindings(name);
    expect(expected.length).toBeGreaterThan(4);
    expect(await gatorFindings(name)).toEqual(expected);
  });
});
