/** `--watch`: checks again whenever something of the input changes, until it is told to stop. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, realpathSync, watch, type FSWatcher } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { assetsIn } from "./assets.js";
import { findConfig } from "./config/find.js";
import { findSources, kindOf, STDIN } from "./input.js";
import { DEFAULT_CONFIG, type Io } from "./io.js";
import { printProblems, textOf } from "./problem.js";
import { count } from "./values.js";

/** What the run reads beside the paths to check. */
interface Watched {
  readonly config?: string;
  readonly inventory?: readonly string[];
  readonly base?: string;
  readonly compiled?: string;
  readonly fix?: true;
}

/** Milliseconds without a change before the files are looked at: an editor writes a file in several steps. */
const QUIET = 100;
/** The exit code of what ctrl-c has ended. */
const INTERRUPTED = 130;
const CLEAR_SCREEN = "\u001b[2J\u001b[3J\u001b[H";

/**
 * Runs `check` now and after each change. What goes wrong in a check is printed, and waits for the next change like any report.
 * @returns the exit code, when it is interrupted
 */
export async function watchCommand(paths: readonly string[], options: Watched, check: () => Promise<number>, io: Io): Promise<number> {
  const { config, inventory = [], base, compiled, fix } = options;
  const others = [...inventory, ...[base, config].filter((path) => path !== undefined)];
  if ([...paths, ...inventory].includes(STDIN)) return refuse("standard input cannot be watched", "name files or folders", io);
  if (fix === true) return refuse("`--watch` does not go with `--fix`", "fix first, then watch", io);
  const { stdin } = io;

  const changes = createChanges();
  const stop = new Promise<"stop">((resolve) => {
    io.onInterrupt?.(() => {
      resolve("stop");
    });
  });
  try {
    let last: string | undefined;
    for (;;) {
      const { sources } = await findSources([...paths, ...others], { cwd: io.cwd, stdin });
      const settings = config === undefined ? [findConfig(io.cwd)?.path ?? resolve(io.cwd, DEFAULT_CONFIG)] : [];
      // The digest of the module stands in its manifest.
      const rules = compiled === undefined ? [] : [assetsIn(resolve(io.cwd, compiled)).manifest];
      const files = [...sources.flatMap((source) => ("path" in source ? [source.path] : [])), ...settings, ...rules];
      // Watched before it is read, so that no change falls between.
      changes.watch([...foldersOf([...paths, ...others], io.cwd), ...files.flatMap(foldersOfFile)]);
      const now = contentOf(files);
      if (now !== last) {
        last = now;
        if (io.stdout.isTTY === true) io.stdout.write(CLEAR_SCREEN);
        await check().catch((error: unknown) => {
          printProblems([{ message: textOf(error) }], io);
        });
        io.stderr.write(`\nwatching ${count(sources.length, "file")}; ctrl-c ends it\n`);
      }
      if ((await Promise.race([stop, changes.next()])) === "stop") return INTERRUPTED;
    }
  } finally {
    changes.close();
  }
}

function refuse(message: string, help: string, io: Io): number {
  printProblems([{ message, help }], io);
  return 2;
}

/** Everything that a check would read, as a short text: what was touched only, or written by the check itself, is no change. */
function contentOf(files: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of files) {
    hash.update(`${file}\0`);
    try {
      hash.update(readFileSync(file));
    } catch (error) {
      hash.update(textOf(error));
    }
  }
  return hash.digest("hex");
}

/** The folders that named paths are or lie in, with the folders below: where a new file would show. */
function foldersOf(paths: readonly string[], cwd: string): string[] {
  const folders: string[] = [];
  const entered = new Set<string>();
  const enter = (folder: string): void => {
    try {
      const real = realpathSync(folder);
      if (entered.has(real)) return;
      entered.add(real);
      folders.push(folder);
      for (const name of readdirSync(folder)) {
        if (!name.startsWith(".") && name !== "node_modules" && kindOf(join(folder, name)) === "folder") enter(join(folder, name));
      }
    } catch {
      // The check says that it cannot be read.
    }
  };
  for (const path of paths) {
    // Of a glob, the folder before its first wildcard.
    const fixed = kindOf(resolve(cwd, path)) === undefined ? path.replace(/[^/]*[*?[{(!].*$/, "") : path;
    const absolute = resolve(cwd, fixed);
    if (kindOf(absolute) === "folder") enter(absolute);
    else folders.push(dirname(absolute));
  }
  return folders;
}

/** An editor replaces a file rather than write into it, so its folder is watched; and that of what a link leads to. */
function foldersOfFile(file: string): string[] {
  try {
    return [dirname(file), dirname(realpathSync(file))];
  } catch {
    return [dirname(file)];
  }
}

/** Changes in folders, not below them: watching whole trees differs from system to system. */
function createChanges(): { readonly watch: (folders: readonly string[]) => void; readonly next: () => Promise<void>; readonly close: () => void } {
  const watchers = new Map<string, FSWatcher>();
  let seen = 0;
  let all = 0;
  let wake = (): void => undefined;
  const changed = (): void => {
    all += 1;
    wake();
  };
  const forget = (folder: string): void => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  const add = (folder: string): void => {
    try {
      const watcher = watch(folder, changed);
      // A folder that is removed cannot be watched any more; that is a change.
      watcher.on("error", () => {
        forget(folder);
        changed();
      });
      watchers.set(folder, watcher);
    } catch (error) {
      // Where it is gone already, the folder above shows when it comes back. Anything else would be a watch that sees nothing.
      if (kindOf(folder) === "folder") throw new Error(`cannot watch \`${folder}\`: ${textOf(error)}`, { cause: error });
    }
  };
  return {
    watch: (folders) => {
      const wanted = new Set(folders);
      for (const folder of [...watchers.keys()]) if (!wanted.has(folder)) forget(folder);
      for (const folder of wanted) if (!watchers.has(folder)) add(folder);
    },
    next: async () => {
      if (seen === all) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      while (seen !== all) {
        seen = all;
        await new Promise((resolve) => setTimeout(resolve, QUIET));
      }
    },
    close: () => {
      for (const folder of [...watchers.keys()]) forget(folder);
    },
  };
}
