/** How the editors look. Colours are those of the page, so that both are light or dark together. */
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const look = EditorView.theme({
  "&": { color: "var(--vp-c-text-1)", backgroundColor: "var(--vp-c-bg)", fontSize: "13px", height: "100%" },
  "&.cm-focused": { outline: "2px solid var(--vp-c-brand-1)", outlineOffset: "-1px" },
  ".cm-scroller": { fontFamily: "var(--vp-font-family-mono)", lineHeight: "1.55" },
  ".cm-content": { caretColor: "var(--vp-c-text-1)" },
  ".cm-gutters": { backgroundColor: "var(--vp-c-bg-soft)", color: "var(--vp-c-text-2)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--playground-line)" },
  ".cm-cursor": { borderLeftColor: "var(--vp-c-text-1)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--playground-selection)" },
  ".cm-tooltip, .cm-panels": { backgroundColor: "var(--vp-c-bg-elv)", color: "var(--vp-c-text-1)", border: "1px solid var(--vp-c-divider)" },
  ".cm-diagnostic": { padding: "6px 10px", whiteSpace: "pre-wrap", maxWidth: "min(40rem, 90vw)", fontFamily: "var(--vp-font-family-base)" },
  ".cm-diagnosticAction": { backgroundColor: "var(--playground-button)", color: "var(--playground-button-text)", padding: "2px 8px", borderRadius: "4px" },
  ".cm-panel.cm-panel-lint ul [aria-selected]": { backgroundColor: "var(--playground-selection)" },
});

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--playground-key)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--playground-text)" },
  { tag: tags.comment, color: "var(--vp-c-text-2)", fontStyle: "italic" },
  { tag: [tags.keyword, tags.meta, tags.typeName, tags.labelName], color: "var(--playground-mark)" },
]);

export const theme: Extension = [look, syntaxHighlighting(colours)];
