/** Other releases of Node, as the npm package `node` brings them. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isMapping } from "../../manifest/mapping.js";
import { must, root } from "./pack.js";

/** The newest that the package is used with. */
const NEWEST = "26.10.0";

/** The oldest that package.json admits, and the newest. */
export function nodeVersions(): readonly string[] {
  const manifest: unknown = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const engines = isMapping(manifest) && isMapping(manifest["engines"]) ? String(manifest["engines"]["node"]) : "";
  const [, oldest] = /^>=(\d+\.\d+)$/.exec(engines) ?? [];
  if (oldest === undefined) throw new Error(`package.json says of Node \`${engines}\`, and not >=MAJOR.MINOR`);
  return [`${oldest}.0`, NEWEST];
}

/**
 * Installs a release of Node.
 * @param folder is made
 * @returns the folder that has `node`
 */
export async function installNode(version: string, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
  await must(folder, "npm", "install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts", `node@${version}`);
  const installed = join(folder, "node_modules", "node");
  // Its own script, which fetches the program for this machine; newer npms run none without being asked.
  await must(installed, "node", "installArchSpecificPackage");
  return join(installed, "bin");
}
