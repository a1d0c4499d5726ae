import { randomUUID } from "node:crypto";
import { accessSync, constants, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * Writes a file whole or not at all: it is written beside its place and takes its name. What is there keeps its mode; of a
 * symbolic link the target is replaced; into a pipe or device it is written as it is.
 * @throws Error where it cannot be written
 */
export function writeWhole(path: string, text: string): void {
  const there = statSync(path, { throwIfNoEntry: false });
  if (there !== undefined && !there.isFile()) return writeFileSync(path, text);
  const target = there === undefined ? path : realpathSync(path);
  if (there !== undefined) accessSync(target, constants.W_OK); // a rename would replace a file that is protected against writing
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`);
  try {
    writeFileSync(temporary, text, { flag: "wx", ...(there === undefined ? {} : { mode: there.mode & 0o777 }) });
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
