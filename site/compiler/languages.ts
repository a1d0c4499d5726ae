/** The colours of the three languages. */
import { javascript } from "@codemirror/lang-javascript";
import { StreamLanguage, type StreamParser } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import type { Pane } from "./links.js";

/** Rego and CEL as far as they are printed here: words, literals and comments. */
function plain(comment: RegExp, keywords: RegExp): StreamParser<null> {
  return {
    startState: () => null,
    token: (stream) => {
      if (stream.match(comment)) {
        stream.skipToEnd();
        return "comment";
      }
      if (stream.match(/"(?:[^"\\]|\\.)*"/)) return "string";
      if (stream.match(/\d+/)) return "number";
      if (stream.match(keywords)) return "keyword";
      if (stream.match(/\w+/)) return null;
      stream.next();
      return null;
    },
  };
}

export const languages: Readonly<Record<Pane, Extension>> = {
  source: javascript({ typescript: true }),
  rego: StreamLanguage.define(plain(/#/, /(?:package|import|if|else|contains|some|every|in|not|true|false|null)\b/)),
  cel: StreamLanguage.define(plain(/\/\//, /(?:in|true|false|null|variables)\b/)),
};
