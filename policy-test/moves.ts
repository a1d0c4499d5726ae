/** Objects that were moved from one file to another. */
import { placeOf } from "./problem.js";
import type { InputError } from "./report.js";

/** An object that stands at a place now, and at another place of the base before. */
export interface Move {
  readonly from: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One object cannot have been moved to two files: one of them is new, and nobody can tell which. */
export function doubleMoves(moves: readonly Move[]): InputError[] {
  const byOrigin = new Map<string, Move[]>();
  for (const move of moves) {
    const known = byOrigin.get(move.from);
    if (known === undefined) byOrigin.set(move.from, [move]);
    else known.push(move);
  }
  return moves.flatMap(({ from, file, line, column }) => {
    const other = byOrigin.get(from)?.find((move) => move.file !== file);
    if (other === undefined) return [];
    return [{ file, line, column, message: `what it was before cannot be told, since ${from} may have been moved here or to ${placeOf(other)}` }];
  });
}
