import { readdirSync, realpathSync, statSync } from "node:fs";
import { isAbsolute, join, normalize, resolve } from "node:path";
import { DEFAULT_CONFIG, type Io } from "./io.js";
import { textOf, type Problem } from "./problem.js";
import { decode } from "./text.js";

/** A text to check; `file` is its path as shown to people. */
export type Source =
  | { readonly file: string; readonly path: string }
  /** Standard input. */
  | { readonly file: string; readonly text: string };

export interface Sources {
  readonly sources: readonly Source[];
  readonly problems: readonly Problem[];
}

/** The path that stands for standard input. */
export const STDIN = "-";
const MANIFEST = /\.(?:ya?ml|json)$/;

/**
 * The texts that the paths name: files, folders (their .yaml, .yml and .json files, without hidden folders and
 * node_modules), globs and `-`. Sorted below each path, none twice. Configs of policy-test are left out of
 * folders and globs.
 * @param config absolute path of the config in use
 */
export async function findSources(paths: readonly string[], io: Pick<Io, "cwd" | "stdin">, config?: string): Promise<Sources> {
  const sources: Source[] = [];
  const problems: Problem[] = [];
  const seen = new Set<string>();
  const add = (file: string): void => {
    const path = resolve(io.cwd, file);
    if (seen.has(path)) return;
    seen.add(path);
    sources.push({ file, path });
  };
  const isConfig = (file: string): boolean =>
    resolve(io.cwd, file) === config || file === DEFAULT_CONFIG || file.endsWith(`/${DEFAULT_CONFIG}`);

  for (const path of paths) {
    if (path === STDIN) {
      if (seen.has(STDIN)) continue;
      seen.add(STDIN);
      try {
        sources.push({ file: "<stdin>", text: await readAll(io.stdin) });
      } catch (error) {
        problems.push({ file: "<stdin>", message: textOf(error) });
      }
      continue;
    }
    const shown = normalize(path);
    const kind = kindOf(resolve(io.cwd, path));
    if (kind === "file") add(shown);
    else if (kind === "folder") {
      for (const file of walk(shown, io.cwd, problems)) if (!isConfig(file)) add(file);
    } else {
      const found = await expandGlob(path, io.cwd);
      if (found === undefined) problems.push({ file: path, message: "no such file or folder" });
      else if (found.length === 0) problems.push({ file: path, message: "this pattern fits no .yaml, .yml or .json file" });
      else for (const file of found) if (!isConfig(file)) add(file);
    }
  }
  return { sources, problems };
}

function kindOf(path: string): "file" | "folder" | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  return stats.isDirectory() ? "folder" : "file";
}

/** The manifests below a folder, sorted by name; symbolic links are followed, each folder entered once. */
function walk(folder: string, cwd: string, problems: Problem[], entered = new Set<string>()): string[] {
  const path = resolve(cwd, folder);
  try {
    const real = realpathSync(path);
    if (entered.has(real)) return [];
    entered.add(real);
    const files: string[] = [];
    for (const name of readdirSync(path).sort()) {
      if (name.startsWith(".") || name === "node_modules") continue;
      const child = join(folder, name);
      const kind = kindOf(resolve(cwd, child));
      if (kind === "folder") files.push(...walk(child, cwd, problems, entered));
      else if (MANIFEST.test(name)) files.push(child);
    }
    return files;
  } catch (error) {
    problems.push({ file: folder, message: `cannot be read: ${textOf(error)}` });
    return [];
  }
}

/** The manifests that a glob names, sorted; undefined for a path without any wildcard. */
async function expandGlob(pattern: string, cwd: string): Promise<string[] | undefined> {
  if (!/[*?[{(!]/.test(pattern)) return undefined;
  const { glob, isDynamicPattern } = await import("tinyglobby");
  if (!isDynamicPattern(pattern)) return undefined;
  const found = await glob(pattern, { cwd, expandDirectories: false, ignore: ["**/node_modules/**"], absolute: isAbsolute(pattern) });
  const files = found.filter((file) => MANIFEST.test(file)).map((file) => normalize(file)).sort();
  // A link to a folder above it shows the same files again, some levels deep.
  const byRealPath = new Map<string, string>();
  for (const file of files) {
    const real = realPathOf(resolve(cwd, file));
    if (!byRealPath.has(real)) byRealPath.set(real, file);
  }
  return [...byRealPath.values()];
}

/** The path without links; the path itself where it leads nowhere, which reading it will tell. */
function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** @throws Error if the stream cannot be read or is not UTF-8 */
async function readAll(stream: AsyncIterable<Uint8Array | string>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
  return decode(Buffer.concat(chunks));
}
