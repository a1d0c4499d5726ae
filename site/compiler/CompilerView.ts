/** The compiler view: a rule in TypeScript, and beside it the Rego and CEL that it becomes. */
import { EditorView } from "@codemirror/view";
import { computed, defineComponent, h, onBeforeUnmount, onMounted, ref, shallowRef, type VNode } from "vue";
import { textOf } from "../../policy-test/problem.js";
import rules from "../.content/compiler/index.json";
import type { CompiledPage } from "../build/compiled.js";
import { createEditor, type Editor } from "../playground/editor.js";
import { startCompiler, type Compiler } from "./client.js";
import { highlighting, show } from "./highlight.js";
import { languages } from "./languages.js";
import { PANES, placesIn, statementsAt, type Line, type Pane, type Place } from "./links.js";
import { describeLinks, refusalList, type Told } from "./told.js";
import type { CompiledView } from "./view.js";
import "../playground/playground.css";
import "./compiler.css";

const pages = import.meta.glob<CompiledPage>("../.content/compiler/rules/*.json", { import: "default" });

/** How long nobody types before what stands there is compiled. */
const PAUSE_MS = 400;

const LABELS: Readonly<Record<Pane, string>> = { source: "Rule in TypeScript", rego: "Rego, read only", cel: "CEL, read only" };
const TITLES: Readonly<Record<Pane, string>> = { source: "TypeScript", rego: "Rego, as in the ConstraintTemplate", cel: "CEL, as in Kyverno's ValidatingPolicy" };

export default defineComponent({
  name: "CompilerView",
  setup() {
    const id = ref("");
    const told = shallowRef<Told>({ kind: "loading" });
    const view = shallowRef<CompiledView>();
    const pointed = ref<readonly number[]>([]);
    const fields = { source: ref<HTMLElement>(), rego: ref<HTMLElement>(), cel: ref<HTMLElement>() };
    let editors: Readonly<Record<Pane, Editor>> | undefined;
    let page: CompiledPage | undefined;
    let compiler: Compiler | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let asked = 0;

    const isCurrent = computed(() => told.value.kind === "compiled");
    /** Where the statements stand; nowhere while the texts do not belong together. */
    const placesOf = (pane: Pane): readonly Place[] => (view.value === undefined || !isCurrent.value ? [] : placesIn(pane, view.value));

    /** Shows in every pane what belongs to the statements; the panes that nobody is in move there. */
    const point = (pane: Pane | undefined, statements: readonly number[]): void => {
      if (editors === undefined || statements.join() === pointed.value.join()) return;
      pointed.value = statements;
      for (const each of PANES) {
        const places = placesOf(each).filter(({ statement }) => statements.includes(statement));
        show(editors[each].view, places.map((place) => ({ ...place, as: place.statement === statements[0] ? "near" : "around" })), each !== pane);
      }
    };
    const pointAt = (pane: Pane, at: { readonly position: number; readonly line: Line } | undefined): void => {
      point(pane, at === undefined ? [] : statementsAt(placesOf(pane), at.position, at.line));
    };
    /** Somebody who has typed is still where the cursor is. */
    const pointAtCursor = (): void => {
      const pane = PANES.find((each) => editors?.[each].view.hasFocus === true);
      const state = pane === undefined ? undefined : editors?.[pane].view.state;
      if (pane !== undefined && state !== undefined) pointAt(pane, { position: state.selection.main.head, line: state.doc.lineAt(state.selection.main.head) });
    };
    /** From a statement to the first of what it became, and on to the next pane. */
    const follow = (pane: Pane): boolean => {
      const [statement] = pointed.value;
      const after = [...PANES.slice(PANES.indexOf(pane) + 1), ...PANES.slice(0, PANES.indexOf(pane))];
      for (const each of after) {
        const place = placesOf(each).find((one) => one.statement === statement);
        if (place === undefined) continue;
        goTo(each, place.start);
        return true;
      }
      return false;
    };
    const goTo = (pane: Pane, position: number): void => {
      const editor = editors?.[pane];
      if (editor === undefined) return;
      const line = editor.view.state.doc.lineAt(position);
      editor.goTo(line.number, position - line.from + 1);
    };

    const showView = (next: CompiledView): void => {
      view.value = next;
      pointed.value = [];
      told.value = { kind: "compiled" };
      for (const pane of PANES) if (editors !== undefined) show(editors[pane].view, [], false);
      editors?.rego.write(next.rego.text, false);
      editors?.cel.write(next.cel.text, false);
      editors?.source.show([]);
      pointAtCursor();
    };
    const compile = async (): Promise<void> => {
      if (editors === undefined || page === undefined) return;
      const number = ++asked;
      const text = editors.source.text();
      if (text === page.source) return showView(page.view);
      told.value = { kind: compiler === undefined ? "starting" : "compiling" };
      try {
        compiler ??= startCompiler();
        const outcome = await compiler.compile(id.value, text);
        if (number !== asked) return; // somebody has typed on
        if (outcome.kind === "compiled") return showView(outcome.view);
        told.value = outcome;
        if (outcome.kind === "refused") {
          const { source } = editors;
          source.show(outcome.refusals.filter(({ isHere }) => isHere).map(({ line, column, length, message, help }) => {
            const { from } = source.range(line, column);
            return { from, to: from + length, severity: "error", message: help === undefined ? message : `${message}\n→ ${help}` };
          }));
        }
      } catch (error) {
        if (number === asked) told.value = { kind: "failed", why: textOf(error) };
      }
    };
    const onEdit = (): void => {
      point(undefined, []);
      if (page !== undefined && editors?.source.text() !== page.source) told.value = { kind: compiler === undefined ? "starting" : "compiling" };
      clearTimeout(timer);
      timer = setTimeout(() => void compile(), PAUSE_MS);
    };
    const open = async (wanted: string): Promise<void> => {
      const load = pages[`../.content/compiler/rules/${wanted}.json`];
      const field = fields.source.value;
      if (load === undefined || editors === undefined || field === undefined) return;
      asked++;
      id.value = wanted;
      try {
        const loaded = await load();
        if (id.value !== wanted) return;
        page = loaded;
        clearTimeout(timer);
        // Another editor: what is undone belongs to one rule.
        editors.source.close();
        editors = { ...editors, source: make("source", field, loaded.source) };
        showView(loaded.view);
        for (const pane of [editors.rego, editors.cel]) pane.view.scrollDOM.scrollTo(0, 0);
      } catch (error) {
        told.value = { kind: "failed", why: textOf(error) };
      }
    };
    const make = (pane: Pane, parent: HTMLElement, text = ""): Editor => createEditor(parent, {
      label: LABELS[pane],
      text,
      language: languages[pane],
      readOnly: pane !== "source",
      keys: [{ key: "Mod-.", run: () => follow(pane) }],
      extensions: [EditorView.lineWrapping, highlighting((at) => { pointAt(pane, at); })],
      ...(pane === "source" ? { onChange: onEdit } : {}),
    });
    const fromHash = (): string => rules.find((each) => `#${each.id}` === location.hash)?.id ?? rules[0]?.id ?? "";
    const onHash = (): void => void open(fromHash());

    onMounted(() => {
      const { source, rego, cel } = fields;
      if (source.value === undefined || rego.value === undefined || cel.value === undefined) return;
      editors = { source: make("source", source.value), rego: make("rego", rego.value), cel: make("cel", cel.value) };
      addEventListener("hashchange", onHash);
      void open(fromHash());
    });
    onBeforeUnmount(() => {
      asked++;
      clearTimeout(timer);
      removeEventListener("hashchange", onHash);
      compiler?.close();
      for (const pane of PANES) editors?.[pane].close();
    });

    const picker = (): VNode => h("label", [
      h("span", "Rule"),
      h("select", {
        value: id.value,
        onChange: ({ target }: Event) => {
          if (!(target instanceof HTMLSelectElement)) return;
          history.replaceState(history.state, "", `#${target.value}`);
          void open(target.value);
        },
      }, rules.map((rule) => h("option", { value: rule.id }, rule.id))),
    ]);
    const pane = (name: Pane): VNode => {
      const isStale = name !== "source" && view.value !== undefined && !isCurrent.value;
      return h("section", { class: ["pane", name], "aria-label": TITLES[name] }, [
        h("h2", `${TITLES[name]}${isStale ? ": that of before" : ""}`),
        h("div", { class: ["field", isStale ? "stale" : ""], ref: fields[name] }),
      ]);
    };
    const reset = (): void => {
      if (page !== undefined) editors?.source.write(page.source, false);
    };
    return () => h("section", { class: "playground compiler", "aria-label": "Compiler view" }, [
      h("div", { class: "toolbar" }, [
        picker(),
        h("p", { class: "buttons" }, [h("button", { type: "button", onClick: reset }, "Undo all edits")]),
        h("p", { role: "status", class: "summary" }, describeLinks(told.value, view.value, pointed.value)),
      ]),
      refusalList(told.value, (line, column) => editors?.source.goTo(line, column)),
      h("div", { class: "panes" }, [pane("source"), h("div", { class: "targets" }, [pane("rego"), pane("cel")])]),
      h("p", { class: "keys" }, ["Point at a statement, or move the cursor to it: what it became lights up, and the other way round. ", h("kbd", "Ctrl"), "+", h("kbd", "."), " goes there, ", h("kbd", "F8"), " to the next error, ", h("kbd", "Tab"), " leaves the text. Edit the rule, and it is compiled here by the compiler that the command line runs; nothing that you write leaves the browser."]),
    ]);
  },
});
