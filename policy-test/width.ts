/** What a terminal makes of a text. Close enough to put a mark below a character; no terminal agrees with all others. */
const WIDE = /^(?:\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}|[\u3000-\u303e\uff01-\uff60\uffe0-\uffe6])/u;
const WITHOUT_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}]/u;
const segmenter = new Intl.Segmenter("en");

/** The characters that a person sees, each with the columns it takes. */
export function glyphs(text: string): { readonly text: string; readonly width: number }[] {
  return [...segmenter.segment(text)].map(({ segment }) => ({
    text: segment,
    width: WITHOUT_WIDTH.test(segment) ? 0 : WIDE.test(segment) || segment.includes("\ufe0f") ? 2 : 1,
  }));
}

/** How many columns a text takes. */
export function widthOf(text: string): number {
  return glyphs(text).reduce((sum, { width }) => sum + width, 0);
}
