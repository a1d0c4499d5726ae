import { randomUUID } from "node:crypto";
import { accessSync, chmodSync, chownSync, constants, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * Puts `content` in place of a file that still holds `expected`, all of it or nothing: it is written beside the file and
 * takes its name. Mode and owner stay; of a symbolic link the target is replaced.
 * @throws Error where the file cannot be written or has changed meanwhile; it is as it was then
 */
export function replaceFile(path: string, expected: Uint8Array, content: Uint8Array): void {
  const target = realpathSync(path);
  accessSync(target, constants.W_OK); // a rename would replace a file that is protected against writing
  const { mode, uid, gid } = statSync(target);
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`);
  try {
    writeFileSync(temporary, content, { flag: "wx", mode: mode & 0o777, flush: true });
    const made = statSync(temporary);
    if (made.uid !== uid || made.gid !== gid) chownSync(temporary, uid, gid);
    chmodSync(temporary, mode & 0o7777); // after the owner, which clears bits of it
    if (!readFileSync(target).equals(expected)) throw new Error("it has changed since it was read, so it is left as it is; run the command again");
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
