/** What a bundle finds in gator, with the templates and Constraints of its folder, is what `policy-test --bundle` finds. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { packageAssets, readWasmManifest } from "../../policy-test/assets.js";
import { packageRoot } from "../../wasm/package-root.js";
import { installed } from "../library-files.js";
import { gatorFindings, policyTestFindings } from "./bundle-findings.js";
import { documents, withFiles } from "./process.js";

const example = "examples/bad.yaml";
const { bundles } = readWasmManifest(packageAssets().manifest);

describe.each(bundles)("$name", ({ name }) => {
  test("finds the same in gator and in policy-test", async () => {
    const expected = await policyTestFindings(name, example);
    expect(expected.length).toBeGreaterThan(4);
    const files = new Map(["templates", "constraints"].map((folder) => [`${folder}.yaml`, documents(installed(`gatekeeper/bundles/${name}/${folder}`))]));
    const found = await withFiles(files, (folder) => gatorFindings(["--filename", folder, "--filename", join(packageRoot, example)]));
    expect(found).toEqual(expected);
  });
});
