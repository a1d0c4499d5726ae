/** A compressed tar archive whose bytes depend on its files alone: no times, owners or modes of this machine. */
import { gzipSync } from "node:zlib";

const BLOCK = 512;
/** What a header has room for. */
const MAX_PATH = 100;

/**
 * A POSIX archive (ustar) of regular files, in the order given.
 * @throws Error for a path that is too long for a plain header
 */
export function tarball(files: readonly (readonly [path: string, content: Uint8Array])[]): Uint8Array {
  const parts = files.flatMap(([path, content]) => [header(path, content.length), content, new Uint8Array(-content.length & (BLOCK - 1))]);
  return gzipSync(Buffer.concat([...parts, new Uint8Array(2 * BLOCK)]), { level: 9 });
}

function header(path: string, size: number): Uint8Array {
  if (Buffer.byteLength(path) > MAX_PATH) throw new Error(`\`${path}\` is too long for a tar archive\nhelp: at most ${String(MAX_PATH)} bytes`);
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, length: number): number => block.write(`${value.toString(8).padStart(length - 1, "0")}\0`, at);
  block.write(path);
  octal(0o644, 100, 8);
  octal(0, 108, 8); // owner
  octal(0, 116, 8); // group
  octal(size, 124, 12);
  octal(0, 136, 12); // time
  block.write("        0", 148); // the checksum is taken over spaces; a regular file
  block.write("ustar\0" + "00", 257);
  block.write(`${block.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}
