import { readFileSync } from "node:fs";

/** @throws Error if the file cannot be read or is not UTF-8 */
export function readText(path: string): string {
  // Sync is faster for thousands of small files, and nothing else waits.
  return decode(readFileSync(path));
}

/** @throws Error if the bytes are not UTF-8 */
export function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Error("this is not UTF-8 text", { cause: error });
  }
}
