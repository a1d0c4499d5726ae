/** Files in memory, as the compiler reads them where there is no disk. */
import type { Sources } from "./sources.js";

/** The folder of `lib.*.d.ts`. */
const LIBRARY = "/typescript/lib";

/**
 * Where a file that lies on a disk is in memory.
 * @param packageRoot the folder of this package on the disk
 */
export function pathInMemory(path: string, packageRoot: string): string {
  return path.startsWith(`${packageRoot}/policies/`) ? path.slice(packageRoot.length) : path.replace(/^.*\/typescript\/lib\//, `${LIBRARY}/`);
}

/** @param files their texts by `pathInMemory` */
export function memory(files: ReadonlyMap<string, string>): Sources {
  const folders = new Set([...files.keys()].flatMap((path) => [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index))));
  const nothing = (): void => undefined;
  return {
    packageRoot: "",
    system: {
      args: [],
      newLine: "\n",
      useCaseSensitiveFileNames: true,
      getCurrentDirectory: () => "/",
      // Its library lies beside the compiler.
      getExecutingFilePath: () => `${LIBRARY}/typescript.js`,
      readFile: (path) => files.get(path),
      fileExists: (path) => files.has(path),
      directoryExists: (path) => folders.has(path.replace(/\/$/, "")),
      getDirectories: () => [],
      readDirectory: () => [],
      resolvePath: (path) => path,
      write: nothing,
      writeFile: nothing,
      createDirectory: nothing,
      exit: nothing,
    },
  };
}
