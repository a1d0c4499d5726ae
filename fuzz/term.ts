/** The text of a random rule as a tree of typed pieces: it prints by joining them, and shrinks by exchanging them. */
export interface Term {
  /** A type of the subset, a record of the view, a list `X[]`, or a sort of syntax: `block`, `statement`. */
  readonly type: string;
  readonly parts: readonly (string | Term)[];
}

export const term = (type: string, ...parts: readonly (string | Term)[]): Term => ({ type, parts });

export function print(piece: string | Term): string {
  return typeof piece === "string" ? piece : piece.parts.map(print).join("");
}

/** How much there is of it: what shrinking makes less. */
export function sizeOf(piece: Term): number {
  return print(piece).length;
}

/** Values that are as simple as can be. */
const simplest: Readonly<Record<string, readonly string[]>> = {
  boolean: ["true", "false"],
  integer: ["0", "1"],
  text: ['""', '"a"'],
  "text[]": ['["a"]', '[""]'],
  "integer[]": ["[1]"],
};

/** Every tree with one piece less, or one that is simpler; those that lose most come first. Not all of them are rules. */
export function smaller(root: Term): Term[] {
  const found: Term[] = [];
  const visit = (piece: Term, rebuild: (by: readonly (string | Term)[]) => Term): void => {
    for (const simple of instead(piece)) found.push(rebuild(simple));
    piece.parts.forEach((part, at) => {
      if (typeof part !== "string") visit(part, (by) => rebuild([{ ...piece, parts: [...piece.parts.slice(0, at), ...by, ...piece.parts.slice(at + 1)] }]));
    });
  };
  visit(root, ([only]) => (typeof only === "object" ? only : root));
  const size = sizeOf(root);
  return found.filter((each) => sizeOf(each) < size).sort((one, other) => sizeOf(one) - sizeOf(other));
}

/** What may stand in the place of a piece. */
function instead(piece: Term): (readonly (string | Term)[])[] {
  if (piece.type === "statement") {
    const inner = piece.parts.flatMap((part) => (typeof part === "object" && part.type === "block" ? [part] : []));
    return [[], ...inner.map((block) => block.parts)];
  }
  if (piece.type === "block") return [];
  const values = (simplest[piece.type] ?? []).filter((value) => value.length < sizeOf(piece)).map((value) => [term(piece.type, value)]);
  return [...values, ...below(piece, piece.type).map((part) => [part])];
}

/** The pieces of a type within another, none within a piece that is one itself. */
function below(piece: Term, type: string): Term[] {
  return piece.parts.flatMap((part) => (typeof part === "string" ? [] : part.type === type ? [part] : below(part, type)));
}
