/** What `.policytestignore` leaves out of folders and globs, in the syntax of .gitignore. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import type { Ignore } from "ignore";
import { isInside } from "./paths.js";

export const IGNORE_FILE = ".policytestignore";

/** The ignore files that hold for what lies in a folder, the outermost first. */
type Chain = readonly { readonly folder: string; readonly patterns: Ignore }[];

/**
 * @param cwd the working folder: for paths below it the ignore files from there on hold
 * @returns whether a path is left out. `top` is the folder that was named: for paths outside of the working folder the
 *   ignore files from there on hold
 */
export function createIgnores(cwd: string): (path: string, isFolder: boolean, top: string) => Promise<boolean> {
  const chains = new Map<string, Promise<Chain>>();
  const read = async (folder: string, top: string): Promise<Chain> => {
    const above = folder === top || dirname(folder) === folder ? [] : await chainOf(dirname(folder), top);
    const file = join(folder, IGNORE_FILE);
    if (!existsSync(file)) return above;
    const { default: ignore } = await import("ignore");
    return [...above, { folder, patterns: ignore().add(readFileSync(file, "utf8")) }];
  };
  const chainOf = (folder: string, top: string): Promise<Chain> => {
    const key = JSON.stringify([top, folder]);
    const known = chains.get(key) ?? read(folder, top);
    chains.set(key, known);
    return known;
  };

  return async (path, isFolder, top) => {
    const chain = await chainOf(dirname(path), isInside(path, cwd) ? cwd : top);
    let isIgnored = false;
    for (const { folder, patterns } of chain) {
      const { ignored, unignored } = patterns.test(relative(folder, path).replaceAll(sep, "/") + (isFolder ? "/" : ""));
      if (ignored) isIgnored = true;
      else if (unignored) isIgnored = false;
    }
    return isIgnored;
  };
}
