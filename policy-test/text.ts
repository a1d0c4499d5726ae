import { readFileSync } from "node:fs";
import { textOf } from "./problem.js";

/** Bytes that are no text, and where that shows. */
export class NotText extends Error {
  constructor(
    message: string,
    /** 1-based. */
    readonly line: number,
    /** 1-based. */
    readonly column: number,
  ) {
    super(message);
  }
}

/** A file that cannot be read, and why. */
export function unreadable(file: string, error: unknown): { readonly file: string; readonly line?: number; readonly column?: number; readonly message: string } {
  return { file, ...(error instanceof NotText ? { line: error.line, column: error.column } : {}), message: textOf(error) };
}

/** @throws Error if the file cannot be read; NotText if it is not UTF-8 */
export function readText(path: string): string {
  // Sync is faster for thousands of small files, and nothing else waits.
  return decode(readFileSync(path));
}

/** @throws NotText if the bytes are not UTF-8 */
export function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw whyNotText(bytes);
  }
}

/** First bytes of texts in other encodings: Windows PowerShell writes the first one with `>`. */
const MARKS = [
  [0xff, 0xfe],
  [0xfe, 0xff],
] as const;

function whyNotText(bytes: Uint8Array): NotText {
  if (MARKS.some(([first, second]) => bytes[0] === first && bytes[1] === second)) return new NotText("this is UTF-16 text; save it as UTF-8", 1, 1);
  // No character of UTF-8 contains the byte of a line break.
  for (let line = 1, start = 0; start < bytes.length; line++) {
    const found = bytes.indexOf(0x0a, start);
    const end = found === -1 ? bytes.length : found;
    const column = firstWrong(bytes.subarray(start, end));
    if (column !== undefined) return new NotText("this is not UTF-8 text; save it as UTF-8", line, column);
    start = end + 1;
  }
  return new NotText("this is not UTF-8 text", 1, 1);
}

function firstWrong(line: Uint8Array): number | undefined {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(line);
    return undefined;
  } catch {
    return new TextDecoder().decode(line).indexOf("\ufffd") + 1;
  }
}
