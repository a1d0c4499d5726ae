/** Which rules are run: what `--rule` says on the command line. */
import { h, type VNode } from "vue";
import type { Answer, Choices } from "./question.js";

/** @param named the only rules to run; all where it is empty */
export function ruleSwitches({ rules }: Choices, named: readonly string[], answer: Answer | undefined, choose: (named: readonly string[]) => void): VNode {
  const ids = rules.map(({ id }) => id);
  const isOn = (id: string): boolean => named.length === 0 || named.includes(id);
  const toggled = (id: string): readonly string[] => {
    const next = ids.filter((each) => (each === id ? !isOn(each) : isOn(each)));
    return next.length === ids.length ? [] : next;
  };
  const on = ids.filter(isOn).length;
  const running = answer === undefined || "problems" in answer ? undefined : answer.rules;
  return h("details", { class: "rules" }, [
    h("summary", `Rules: ${String(running?.length ?? on)} of ${String(ids.length)}`),
    h("p", { class: "buttons" }, [h("button", { type: "button", disabled: named.length === 0, onClick: () => { choose([]); } }, "All rules")]),
    h("ul", rules.map(({ id, title }) => h("li", h("label", [
      h("input", { type: "checkbox", checked: isOn(id), disabled: on === 1 && isOn(id), onChange: () => { choose(toggled(id)); } }),
      h("span", [h("code", id), ` ${title}`, isOn(id) && running?.includes(id) === false ? " (off in the bundle or the settings)" : ""]),
    ])))),
  ]);
}
