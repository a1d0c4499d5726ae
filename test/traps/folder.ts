import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What a folder holds, by path. */
export interface Folder {
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Symbolic links: what each leads to. */
  readonly links?: Readonly<Record<string, string>>;
  /** Named pipes that nobody writes into. */
  readonly pipes?: readonly string[];
}

/** Fills an empty folder. */
export function fill(folder: string, { files = {}, links = {}, pipes = [] }: Folder): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(folder, name));
  for (const name of pipes) execFileSync("mkfifo", [join(folder, name)]);
}
