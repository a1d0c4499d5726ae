/** Shows in an editor what belongs to the statement that somebody points at in another one. */
import { EditorSelection, StateEffect, StateField, type Extension, type Range } from "@codemirror/state";
import { Decoration, EditorView, type DecorationSet } from "@codemirror/view";
import type { Line, Place } from "./links.js";

/** `near`: of the statement itself; `around`: of one that holds it. */
export interface Shown extends Place {
  readonly as: "near" | "around";
}

const setShown = StateEffect.define<readonly Shown[]>();

const shownField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(setShown)) return Decoration.set(effect.value.flatMap((each) => decorations(each, transaction.state.doc)), true);
    return value.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

function decorations({ start, end, as }: Shown, doc: EditorView["state"]["doc"]): Range<Decoration>[] {
  if (end > doc.length || start >= end) return [];
  const lines = Array.from({ length: doc.lineAt(end).number - doc.lineAt(start).number + 1 }, (_, index) => doc.line(doc.lineAt(start).number + index));
  return [
    ...lines.map(({ from }) => Decoration.line({ class: `linked-line ${as}` }).range(from)),
    // The text itself, where it is but a part of its line.
    ...(lines.length === 1 && as === "near" ? [Decoration.mark({ class: "linked-text" }).range(start, end)] : []),
  ];
}

/** Shows `places`, and the first of them that is near, unless the reader is in this editor. */
export function show(view: EditorView, places: readonly Shown[], scroll: boolean): void {
  const first = places.find(({ as }) => as === "near");
  const effects: StateEffect<unknown>[] = [setShown.of(places)];
  if (scroll && first !== undefined && first.end <= view.state.doc.length) effects.push(EditorView.scrollIntoView(EditorSelection.range(first.end, first.start), { y: "nearest", yMargin: 40 }));
  view.dispatch({ effects });
}

/** @param point told where somebody points with the mouse or the cursor; undefined where they no longer do */
export function highlighting(point: (at: { readonly position: number; readonly line: Line } | undefined) => void): Extension {
  const tell = (view: EditorView, position: number | null): void => {
    if (position !== null) point({ position, line: view.state.doc.lineAt(position) });
  };
  return [
    shownField,
    EditorView.domEventHandlers({
      mousemove: (event, view) => {
        tell(view, view.posAtCoords({ x: event.clientX, y: event.clientY }));
      },
      mouseleave: (_event, view) => {
        if (view.hasFocus) tell(view, view.state.selection.main.head);
        else point(undefined);
      },
    }),
    EditorView.updateListener.of(({ view, selectionSet, focusChanged, docChanged }) => {
      if (view.hasFocus && (selectionSet || focusChanged) && !docChanged) tell(view, view.state.selection.main.head);
    }),
  ];
}
