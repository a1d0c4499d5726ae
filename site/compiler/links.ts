/** Which statement a place belongs to, and which places a statement has: pure, so that Node tests it. */
import type { CompiledView } from "./view.js";

export const PANES = ["source", "rego", "cel"] as const;
export type Pane = (typeof PANES)[number];

/** A part of a pane's text that belongs to a statement; offsets, from `start` up to `end`. */
export interface Place {
  readonly statement: number;
  readonly start: number;
  readonly end: number;
}

export function placesIn(pane: Pane, { statements, rego, cel }: CompiledView): readonly Place[] {
  if (pane === "source") return statements.map(({ start, end }, statement) => ({ statement, start, end }));
  return pane === "rego" ? rego.origins : cel.origins;
}

export interface Line {
  readonly from: number;
  readonly to: number;
}

/**
 * The statements that a position belongs to, the innermost first. On a line of which only a part belongs to one, the rest of
 * the line counts too: that is what people point at.
 */
export function statementsAt(places: readonly Place[], position: number, line: Line): readonly number[] {
  const size = ({ start, end }: Place): number => end - start;
  const holds = ({ start, end }: Place): boolean => start <= position && position <= end;
  const isOnLine = ({ start, end }: Place): boolean => start >= line.from && end <= line.to;
  const bySize = [...places].sort((one, other) => size(one) - size(other));
  const exact = bySize.filter((place) => holds(place) && isOnLine(place));
  const near = exact.length > 0 ? exact : bySize.filter(isOnLine).slice(0, 1);
  const around = bySize.filter((place) => holds(place) && !isOnLine(place));
  return [...new Set([...near, ...around].map(({ statement }) => statement))];
}
