import type { ts } from "./frontend/typescript.js";

/** Something in a rule that cannot be compiled, with what to write instead. */
export interface Diagnostic {
  /** Path of the file as the generator was given it. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1, in UTF-16 units as editors do. */
  readonly column: number;
  /** Lower case, without a full stop; names the construct. */
  readonly message: string;
  /** What to write instead. */
  readonly help?: string;
  /** The line of source that holds the place. */
  readonly source: string;
  /** How many characters of that line the caret underlines. */
  readonly length: number;
}

/** Thrown inside the front end where reading on makes no sense; carries the diagnostic out. */
export class CompileError extends Error {
  constructor(readonly diagnostic: Diagnostic) {
    super(diagnostic.message);
  }
}

/** The diagnostic for `node`. */
export function diagnosticAt(node: ts.Node, message: string, help?: string): Diagnostic {
  const file = node.getSourceFile();
  const start = node.getStart(file);
  return diagnosticInFile(file, start, node.getEnd() - start, message, help);
}

/** The diagnostic for `length` characters from `start` in `file`. */
export function diagnosticInFile(
  file: ts.SourceFile,
  start: number,
  length: number,
  message: string,
  help?: string,
): Diagnostic {
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  const source = file.text.split(/\r?\n/)[line] ?? "";
  return {
    file: file.fileName,
    line: line + 1,
    column: character + 1,
    message,
    ...(help === undefined ? {} : { help }),
    source,
    length: Math.max(1, Math.min(length, source.length - character)),
  };
}

/** The diagnostic as people read it: place, message, the line with a caret, help. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { file, line, column, message, help, source, length } = diagnostic;
  const gutter = " ".repeat(String(line).length);
  const indent = source.slice(0, column - 1).replace(/[^\t]/g, " ");
  return [
    `${file}:${line}:${column}: error: ${message}`,
    `${gutter} |`,
    `${line} | ${source}`,
    `${gutter} | ${indent}${"^".repeat(length)}`,
    ...(help === undefined ? [] : [`${gutter} = help: ${help}`]),
  ].join("\n");
}
