/** The playground: two editors, the choices above them and what was found beside them. */
import { yaml } from "@codemirror/lang-yaml";
import { withBase } from "vitepress";
import { computed, defineComponent, h, onBeforeUnmount, onMounted, ref, shallowRef, type VNode } from "vue";
import { textOf } from "../../policy-test/problem.js";
import type { Finding } from "../../policy-test/report.js";
import all from "../.content/samples.json";
import { connect, type Client } from "./client.js";
import { createEditor, type Editor } from "./editor.js";
import { fragmentOf, questionIn } from "./link.js";
import { manifestMarks, settingsMarks } from "./marks.js";
import { commandFor, type Answer, type Choices, type FindingKey, type Question } from "./question.js";
import { resultList, summaryText } from "./results.js";
import { ruleSwitches } from "./rule-switches.js";
import type { Sample } from "./samples.js";
import "./playground.css";

/** How long nobody types before what stands there is checked. */
const PAUSE_MS = 150;

export default defineComponent({
  name: "PolicyPlayground",
  props: {
    /** On a rule's page: the rule, whose cases alone are offered, and which alone is run. */
    rule: { type: String, default: "" },
  },
  setup({ rule }) {
    const samples: readonly Sample[] = all.filter((sample) => rule === "" || sample.rule === rule);
    const first = samples[0];
    const sample = ref(first === undefined ? -1 : 0);
    const bundle = ref(first?.bundle ?? "");
    const rules = shallowRef<readonly string[]>(first?.rules ?? []);
    const choices = shallowRef<Choices>();
    const answer = shallowRef<Answer>();
    const failure = ref("");
    const notice = ref("");
    const link = ref("");
    const hasSettings = ref(first !== undefined && first.config !== "");
    const manifestField = ref<HTMLElement>();
    const settingsField = ref<HTMLElement>();
    let client: Client | undefined;
    let manifest: Editor | undefined;
    let settings: Editor | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let asked = 0;
    let isClosed = false;

    const question = (): Question => ({ manifest: manifest?.text() ?? "", config: settings?.text() ?? "", bundle: bundle.value, rules: rules.value });
    const command = ref("");

    const check = async (): Promise<void> => {
      if (client === undefined || manifest === undefined || settings === undefined) return;
      const number = ++asked;
      try {
        const given = question();
        const result = await client.check(given);
        if (number !== asked || isClosed) return; // somebody has typed on
        answer.value = result;
        failure.value = "";
        command.value = commandFor(given);
        manifest.show(manifestMarks(result, manifest, fixOne));
        settings.show(settingsMarks(result, settings));
        if ("problems" in result) hasSettings.value = true;
      } catch (error) {
        fail(error);
      }
    };
    const soon = (): void => {
      link.value = "";
      clearTimeout(timer);
      timer = setTimeout(() => void check(), PAUSE_MS);
    };
    const fail = (error: unknown): void => {
      answer.value = undefined;
      failure.value = textOf(error);
    };
    const fix = async (only?: FindingKey): Promise<void> => {
      if (client === undefined || manifest === undefined) return;
      const before = question();
      try {
        const text = await client.fix(before, only);
        if (manifest.text() === before.manifest) manifest.write(text);
        notice.value = "";
      } catch (error) {
        notice.value = `Not fixed: ${textOf(error)}`;
      }
      await check();
    };
    const fixOne = (finding: Finding): void => void fix(finding);
    /** The first fix on the line of the cursor. */
    const fixHere = (): boolean => {
      const line = manifest?.line();
      const here = answer.value === undefined || "problems" in answer.value ? undefined : answer.value.fixable.find((each) => each.line === line);
      if (here === undefined) return false;
      void fix(here);
      return true;
    };
    const load = (given: Question): void => {
      manifest?.write(given.manifest);
      settings?.write(given.config);
      bundle.value = given.bundle;
      rules.value = given.rules;
      hasSettings.value = given.config !== "";
      soon();
    };
    const loadLink = async (): Promise<void> => {
      try {
        const shared = await questionIn(location.hash);
        if (shared === undefined) return;
        sample.value = -1;
        notice.value = "";
        load(shared);
      } catch (error) {
        notice.value = textOf(error);
      }
    };
    const onHash = (): void => void loadLink();
    const share = async (): Promise<void> => {
      const address = new URL(withBase("/playground.html"), location.href);
      address.hash = await fragmentOf(question());
      link.value = address.href;
      if (rule === "") history.replaceState(history.state, "", address);
      try {
        await navigator.clipboard.writeText(address.href);
        notice.value = "The link is copied. What it holds stands behind its #, which is sent to nobody.";
      } catch {
        notice.value = "Copy the link below. What it holds stands behind its #, which is sent to nobody.";
      }
    };
    const open = async (input: HTMLInputElement): Promise<void> => {
      const file = input.files?.[0];
      if (file === undefined) return;
      sample.value = -1;
      manifest?.write(await file.text());
      input.value = "";
    };

    onMounted(async () => {
      if (manifestField.value === undefined || settingsField.value === undefined) return;
      manifest = createEditor(manifestField.value, { label: "Manifest", language: yaml(), text: first?.manifest ?? "", onChange: soon, keys: [{ key: "Mod-.", run: fixHere }] });
      settings = createEditor(settingsField.value, { label: "Settings, the text of policy-test.yaml", language: yaml(), text: first?.config ?? "", onChange: soon });
      if (rule === "") {
        addEventListener("hashchange", onHash);
        await loadLink();
      }
      try {
        const connected = await connect();
        if (isClosed) return connected.close();
        client = connected;
        choices.value = connected.choices;
        await check();
      } catch (error) {
        fail(error);
      }
    });
    onBeforeUnmount(() => {
      isClosed = true;
      clearTimeout(timer);
      removeEventListener("hashchange", onHash);
      client?.close();
      manifest?.close();
      settings?.close();
    });

    const fixes = computed(() => (answer.value === undefined || "problems" in answer.value ? 0 : answer.value.fixable.length));
    const actions = {
      goTo: (line: number, column: number): void => manifest?.goTo(line, column),
      fix: fixOne,
      pageOf: (id: string): string => withBase(`/docs/rules/${id}.html`),
    };

    const samplePicker = (): VNode => h("label", [
      h("span", rule === "" ? "Example" : "Case"),
      h("select", {
        value: sample.value,
        onChange: ({ target }: Event) => {
          if (!(target instanceof HTMLSelectElement)) return;
          sample.value = Number(target.value);
          const chosen = samples[sample.value];
          if (chosen !== undefined) load(chosen);
        },
      }, [
        ...(sample.value === -1 ? [h("option", { value: -1 }, "your own")] : []),
        ...samples.map(({ name, rule: of }, index) => h("option", { value: index }, rule === "" && of !== undefined ? `${of}: ${name}` : name)),
      ]),
    ]);
    const bundlePicker = (): VNode => h("label", [
      h("span", "Bundle"),
      h("select", {
        value: bundle.value,
        onChange: ({ target }: Event) => {
          if (!(target instanceof HTMLSelectElement)) return;
          bundle.value = target.value;
          soon();
        },
      }, [h("option", { value: "" }, "none: every rule at its default"), ...(choices.value?.bundles ?? []).map(({ name, title }) => h("option", { value: name }, `${name}: ${title}`))]),
    ]);
    const toolbar = (): VNode => h("div", { class: "toolbar" }, [
      samplePicker(),
      ...(rule === "" ? [bundlePicker()] : []),
      ...(rule === "" ? [h("label", { class: "file" }, [
        h("span", "Open a file"),
        h("input", { type: "file", accept: ".yaml,.yml,.json", onChange: ({ target }: Event) => target instanceof HTMLInputElement ? void open(target) : undefined }),
      ])] : []),
      h("div", { class: "buttons" }, [
        h("button", { type: "button", disabled: fixes.value === 0, onClick: () => void fix() }, `Fix all (${String(fixes.value)})`),
        h("button", { type: "button", onClick: () => void share() }, "Copy link"),
      ]),
    ]);
    const status = (): VNode => h("div", { class: "status" }, [
      h("p", { role: "status", class: "summary" }, failure.value === "" ? summaryText(answer.value) : `Nothing was checked: ${failure.value}`),
      h("p", { role: "status", class: "notice" }, notice.value),
      link.value === "" ? undefined : h("label", { class: "link" }, [h("span", "Link"), h("input", { readonly: true, value: link.value, onFocus: ({ target }: Event) => target instanceof HTMLInputElement ? target.select() : undefined })]),
    ]);
    return () => h("section", { class: ["playground", rule === "" ? "whole" : "embedded"], "aria-label": "Playground" }, [
      toolbar(),
      h("div", { class: "panes" }, [
        h("div", { class: "inputs" }, [
          h("div", { class: "field manifest", ref: manifestField }),
          h("details", { class: "settings", open: hasSettings.value, onToggle: ({ target }: Event) => { if (target instanceof HTMLDetailsElement) hasSettings.value = target.open; } }, [
            h("summary", "Settings: policy-test.yaml"),
            h("div", { class: "field", ref: settingsField }),
          ]),
          ...(rule === "" && choices.value !== undefined ? [ruleSwitches(choices.value, rules.value, answer.value, (chosen) => { rules.value = chosen; soon(); })] : []),
        ]),
        h("div", { class: "outputs" }, [
          status(),
          resultList(answer.value, actions),
          command.value === "" ? undefined : h("p", { class: "command" }, ["The same on the command line: ", h("code", command.value)]),
        ]),
      ]),
      h("p", { class: "keys" }, ["In the manifest: ", h("kbd", "F8"), " next finding, ", h("kbd", "Ctrl"), "+", h("kbd", "."), " fix on this line, ", h("kbd", "Ctrl"), "+", h("kbd", "Shift"), "+", h("kbd", "M"), " all findings, ", h("kbd", "Tab"), " leaves it. Nothing that you write leaves the browser."]),
    ]);
  },
});
