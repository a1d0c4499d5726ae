/** The folders that Artifact Hub reads: one for each version of each package. */
import { cpSync, existsSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";

import { readVersions } from "../generator/versions.js";

const engines = ["gatekeeper", "kyverno"] as const;
/** What of a rule's folder is no part of the package: tests that nobody installs. */
const isTest = /^(test|suite\.yaml|\.chainsaw-test)$/;

/**
 * Copies each released policy into `out`/ENGINE/RULE/VERSION. Beside them the publisher keeps the folders of older versions.
 * @param rules the folder of the rules, with their versions
 */
export function writeArtifactHub(library: string, rules: string, out: string): void {
  for (const engine of engines) {
    for (const [id, { version }] of Object.entries(readVersions(rules)?.rules ?? {})) {
      const from = join(library, engine, id);
      if (!existsSync(join(from, "artifacthub-pkg.yml"))) continue;
      const to = join(out, engine, id, version);
      mkdirSync(to, { recursive: true });
      cpSync(from, to, { recursive: true, filter: (path) => !isTest.test(basename(path)) });
    }
  }
}
