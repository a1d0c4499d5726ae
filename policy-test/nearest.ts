/** The candidate that `word` was most likely meant to be; undefined if none is close. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const limit = Math.max(2, Math.floor(word.length / 3));
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: distanceOf(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((one, other) => one.distance - other.distance);
  const best = ranked[0];
  if (best !== undefined && best.distance <= limit) return best.candidate;
  return candidates.find((candidate) => word.length > 2 && candidate.includes(word));
}

/** "did you mean" for the nearest candidate, as the `help` of a problem. */
export function didYouMean(word: string, candidates: readonly string[]): { help?: string } {
  const candidate = nearest(word, candidates);
  return candidate === undefined ? {} : { help: `did you mean \`${candidate}\`?` };
}

/** Levenshtein distance. */
function distanceOf(one: string, other: string): number {
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [i, char] of [...one].entries()) {
    const row = [i + 1];
    for (const [j, otherChar] of [...other].entries()) {
      const replaced = (previous[j] ?? 0) + (char === otherChar ? 0 : 1);
      row.push(Math.min(replaced, (previous[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[other.length] ?? 0;
}
