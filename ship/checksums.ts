import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

/** The file that a folder of ours is known by. */
export const CHECKSUMS = "SHA256SUMS";

/** Writes the checksum of every file below `folder` into it, as `sha256sum -c` takes it. */
export function writeChecksums(folder: string): void {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .filter((path) => path !== CHECKSUMS)
    .sort();
  const lines = paths.map((path) => `${createHash("sha256").update(readFileSync(join(folder, path))).digest("hex")}  ${path}\n`);
  writeFileSync(join(folder, CHECKSUMS), lines.join(""));
}
