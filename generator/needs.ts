/**
 * The packages that only the compiler needs. They are optional to this package, so that whoever only runs `policy-test`
 * installs no TypeScript; a compiler that lacks one says what to install.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { isMapping } from "../manifest/mapping.js";
import { packageRoot } from "../wasm/package-root.js";

/**
 * What to tell an author whose packages the compiler cannot run with; undefined where all is well.
 * @param resolves whether a package can be imported from here
 */
export function missingPackages(resolves: (name: string) => boolean = isInstalled): string | undefined {
  const { peerDependencies, devDependencies: tested } = record(JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")));
  const missing = Object.keys(record(peerDependencies)).filter((name) => !resolves(name));
  if (missing.length === 0) return undefined;
  const versions = record(tested);
  const install = missing.map((name) => `${name}@${String(versions[name])}`).join(" ");
  return `error: the compiler needs packages that are not installed: ${missing.join(", ")}\nhelp: npm install --save-dev ${install}`;
}

const record = (value: unknown): Readonly<Record<string, unknown>> => (isMapping(value) ? value : {});

function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}
