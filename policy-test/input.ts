import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, normalize, resolve } from "node:path";
import { createCharts, type ChartPart } from "./charts.js";
import { createIgnores } from "./ignores.js";
import { DEFAULT_CONFIG, type Io } from "./io.js";
import { textOf, type Problem } from "./problem.js";
import { decode, unreadable } from "./text.js";

/** A text to check; `file` is its path as shown to people. */
export type Source =
  | { readonly file: string; readonly path: string; readonly chart?: ChartPart }
  /** Standard input, or another stream that can be read only once. */
  | { readonly file: string; readonly text: string };

export interface Sources {
  readonly sources: readonly Source[];
  readonly problems: readonly Problem[];
  /** Which of the sources each path names. */
  readonly perPath: readonly (readonly number[])[];
  /** Files and folders that `.policytestignore` leaves out. */
  readonly ignored: number;
}

/** The path that stands for standard input. */
export const STDIN = "-";
const MANIFEST = /\.(?:ya?ml|json)$/;
/** Streams of this process: `policy-test <(helm template chart)` names one. */
const OWN_STREAM = /^\/(?:dev\/stdin|(?:dev|proc\/self)\/fd\/\d+)$/;

/**
 * The texts that the paths name: files, folders (their .yaml, .yml and .json files, without hidden folders and
 * node_modules), globs and `-`. Sorted below each path, none twice. Configs of policy-test, and what `.policytestignore`
 * says, are left out of folders and globs.
 * @param config absolute path of the config in use
 */
export async function findSources(paths: readonly string[], io: Pick<Io, "cwd" | "stdin">, config?: string): Promise<Sources> {
  const sources: Source[] = [];
  const problems: Problem[] = [];
  const perPath: number[][] = [];
  /** The sources that there are, by path; undefined for what is none. */
  const seen = new Map<string, number | undefined>();
  const ignores = createIgnores(io.cwd);
  const chartOf = createCharts(io.cwd);
  let ignored = 0;
  const isIgnored = async (path: string, isFolder: boolean, top: string): Promise<boolean> => {
    const isOut = await ignores(path, isFolder, top);
    if (isOut) ignored += 1;
    return isOut;
  };
  const name = (number: number | undefined): void => {
    if (number !== undefined) perPath.at(-1)?.push(number);
  };
  const addSource = (key: string, source: Source): void => {
    name(sources.length);
    seen.set(key, sources.length);
    sources.push(source);
  };
  const add = async (file: string, kind = kindOf(resolve(io.cwd, file))): Promise<void> => {
    const path = resolve(io.cwd, file);
    if (seen.has(path)) {
      name(seen.get(path));
      return;
    }
    seen.set(path, undefined);
    if (kind !== "special") {
      const chart = chartOf(path);
      addSource(path, { file, path, ...(chart === undefined ? {} : { chart }) });
    } else if (OWN_STREAM.test(path)) {
      await addStream(path, file, () => readFileSync(path));
    } else {
      // Reading it may never end.
      problems.push({ file, message: "a pipe or a device is no file; pipe what it gives into `policy-test -`" });
    }
  };
  const addStream = async (key: string, file: string, read: () => Uint8Array | Promise<Uint8Array>): Promise<void> => {
    try {
      addSource(key, { file, text: decode(await read()) });
    } catch (error) {
      problems.push(unreadable(file, error));
    }
  };
  const isConfig = (file: string): boolean =>
    resolve(io.cwd, file) === config || file === DEFAULT_CONFIG || file.endsWith(`/${DEFAULT_CONFIG}`);

  for (const path of paths) {
    perPath.push([]);
    if (path === STDIN) {
      if (seen.has(STDIN)) name(seen.get(STDIN));
      else {
        seen.set(STDIN, undefined);
        await addStream(STDIN, "<stdin>", () => readAll(io.stdin));
      }
    } else {
      const shown = normalize(path);
      const kind = kindOf(resolve(io.cwd, path));
      if (kind === "folder") {
        for (const { file, kind: found } of await walk(shown, io.cwd, isIgnored, problems)) if (!isConfig(file)) await add(file, found);
      } else if (kind !== undefined) {
        await add(shown, kind);
      } else {
        const found = await expandGlob(path, io.cwd);
        if (found === undefined) problems.push({ file: path, message: "no such file or folder" });
        else if (found.length === 0) problems.push({ file: path, message: "this pattern fits no .yaml, .yml or .json file" });
        for (const file of found ?? []) {
          const absolute = resolve(io.cwd, file);
          if (!isConfig(file) && !(await isIgnored(absolute, false, dirname(absolute)))) await add(file);
        }
      }
    }
  }
  return { sources, problems, perPath, ignored };
}

type PathKind = "file" | "folder" | "special";

/** What lies at a path; undefined for nothing. What cannot be told is a file: reading it says why. */
export function kindOf(path: string): PathKind | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    return stats.isDirectory() ? "folder" : stats.isFile() ? "file" : "special";
  } catch {
    return "file";
  }
}

interface Walked {
  readonly file: string;
  /** Undefined for a link that leads nowhere, which reading it will tell. */
  readonly kind: PathKind | undefined;
}

/** The manifests below a folder, sorted by name; symbolic links are followed, each folder entered once. */
async function walk(top: string, cwd: string, isIgnored: (path: string, isFolder: boolean, top: string) => Promise<boolean>, problems: Problem[]): Promise<Walked[]> {
  const entered = new Set<string>();
  const files: Walked[] = [];
  const root = resolve(cwd, top);
  const enter = async (folder: string): Promise<void> => {
    const path = resolve(cwd, folder);
    try {
      const real = realpathSync(path);
      if (entered.has(real)) return;
      entered.add(real);
      for (const name of readdirSync(path).sort()) {
        if (name.startsWith(".") || name === "node_modules") continue;
        const child = join(folder, name);
        const kind = kindOf(join(path, name));
        if (kind !== "folder" && !MANIFEST.test(name)) continue;
        if (await isIgnored(join(path, name), kind === "folder", root)) continue;
        if (kind === "folder") await enter(child);
        else files.push({ file: child, kind });
      }
    } catch (error) {
      problems.push({ file: folder, message: `cannot be read: ${textOf(error)}` });
    }
  };
  await enter(top);
  return files;
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
export function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

async function readAll(stream: AsyncIterable<Uint8Array | string>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks);
}
