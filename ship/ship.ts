/** What leaves this repository for registries and catalogues, as files. */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { readVersions } from "../generator/versions.js";
import { packageRoot } from "../wasm/package-root.js";
import { writeArtifactHub } from "./artifact-hub.js";
import { bundleArtefacts } from "./bundles.js";
import { packChart } from "./chart.js";
import { CHECKSUMS, writeChecksums } from "./checksums.js";
import { writeLayout } from "./oci.js";

/** Where it is written unless somebody says otherwise. */
export const defaultOut: string = join(packageRoot, "dist", "release");

/**
 * Writes the OCI layout, the folders for Artifact Hub, the Helm chart, and the checksums of all. The same library gives the same bytes.
 * @param out is made anew
 * @returns the tags in the layout
 * @throws Error where `out` holds something else: nothing is removed then
 */
export function ship(out: string = defaultOut, root: string = packageRoot): string[] {
  const library = join(root, "library");
  const rules = join(root, "policies");
  const versions = readVersions(rules);
  if (versions === undefined) throw new Error(`${rules}/versions.yaml is missing\nhelp: it says which version is shipped`);
  refuseForeign(out);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const chart = packChart(join(root, "charts", "hostnetwork-policies"), versions.library.version);
  mkdirSync(join(out, "charts"));
  writeFileSync(join(out, "charts", chart.file), chart.content);
  const artefacts = [...bundleArtefacts(library, versions.library), chart.artefact];
  writeLayout(join(out, "oci"), artefacts);
  writeArtifactHub(library, rules, join(out, "artifacthub"));
  writeChecksums(out);
  return artefacts.map(({ tag }) => tag);
}

/** What somebody else has put there is not ours to remove. */
function refuseForeign(out: string): void {
  if (!existsSync(out) || readdirSync(out).length === 0 || existsSync(join(out, CHECKSUMS))) return;
  throw new Error(`${out} is not empty, and was not written by this command\nhelp: name a folder that is new or empty`);
}
