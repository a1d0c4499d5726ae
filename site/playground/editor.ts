/** A text field that shows what is wrong with its lines. */
import { defaultKeymap, history, historyKeymap, isolateHistory } from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers, type KeyBinding } from "@codemirror/view";
import { theme } from "./theme.js";

export interface Editor {
  readonly text: () => string;
  /** Writes another text, as a step of its own to be undone. What both have in common stays, with the cursor in it. */
  readonly write: (text: string, scroll?: boolean) => void;
  readonly show: (diagnostics: readonly Diagnostic[]) => void;
  /** From a place to the end of what stands on that line; lines and columns count from 1. */
  readonly range: (line: number, column: number) => { readonly from: number; readonly to: number };
  readonly goTo: (line: number, column: number) => void;
  /** The line of the cursor. */
  readonly line: () => number;
  readonly view: EditorView;
  readonly close: () => void;
}

export interface EditorOptions {
  readonly label: string;
  readonly text: string;
  readonly language: Extension;
  readonly keys?: readonly KeyBinding[];
  readonly onChange?: () => void;
  /** It has a cursor, but no text can be written. */
  readonly readOnly?: boolean;
  readonly extensions?: Extension;
}

/** Tab is left to the page, so that the keyboard gets out of the field again. */
export function createEditor(parent: HTMLElement, { label, text, language, keys = [], onChange, readOnly = false, extensions = [] }: EditorOptions): Editor {
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        lintGutter(),
        history(),
        drawSelection(),
        indentOnInput(),
        indentUnit.of("  "),
        bracketMatching(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        language,
        EditorState.readOnly.of(readOnly),
        extensions,
        theme,
        keymap.of([...keys, ...lintKeymap, ...historyKeymap, ...defaultKeymap]),
        EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
        EditorView.updateListener.of(({ docChanged }) => {
          if (docChanged) onChange?.();
        }),
      ],
    }),
  });
  const offsetOf = (line: number, column: number): number => {
    const { from, to } = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
    return Math.min(from + Math.max(column, 1) - 1, to);
  };
  return {
    view,
    text: () => view.state.doc.toString(),
    write(next, scroll = true) {
      const change = changeBetween(view.state.doc.toString(), next);
      if (change !== undefined) view.dispatch({ changes: change, scrollIntoView: scroll, annotations: isolateHistory.of("full") });
    },
    show: (diagnostics) => {
      view.dispatch(setDiagnostics(view.state, diagnostics));
    },
    range(line, column) {
      const from = offsetOf(line, column);
      const { from: start, text: content } = view.state.doc.lineAt(from);
      return { from, to: Math.max(from, start + content.trimEnd().length) };
    },
    goTo(line, column) {
      view.dispatch({ selection: { anchor: offsetOf(line, column) }, effects: EditorView.scrollIntoView(offsetOf(line, column), { y: "center" }) });
      view.focus();
    },
    line: () => view.state.doc.lineAt(view.state.selection.main.head).number,
    close: () => {
      view.destroy();
    },
  };
}

/** What lies between what two texts start and end with in common. */
function changeBetween(before: string, after: string): { from: number; to: number; insert: string } | undefined {
  if (before === after) return undefined;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}
