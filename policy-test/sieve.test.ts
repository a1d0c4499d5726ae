/** That the compiled rules are asked only where it matters; test/shortcuts.test.ts shows that the findings are the same. */
import { describe, expect, test } from "vitest";
import type { RuleFinding, RuleParameters } from "../wasm/evaluate.js";
import type { Engine } from "./engine.js";
import { sieved } from "./sieve.js";

const finding = (rule: string, message = "no"): RuleFinding => ({ rule, path: "spec", message });
const review = { object: { apiVersion: "v1", kind: "Pod" } };
const parameters = { "rule-a": { limit: 1 }, "rule-b": {}, "rule-c": {} };

/** An engine that finds something of these rules, as far as it is asked, and notes what it is asked. */
function engineFor(...rules: readonly string[]): { readonly engine: Engine; readonly asked: RuleParameters[] } {
  const asked: RuleParameters[] = [];
  return {
    asked,
    engine: (_, given) => {
      asked.push(given);
      return Object.keys(given).filter((id) => rules.includes(id)).map((id) => finding(id));
    },
  };
}

const failing: Engine = () => {
  throw new Error("cannot");
};

describe("the compiled rules", () => {
  test("are asked for nothing where their definition finds nothing", () => {
    const compiled = engineFor("rule-a");
    expect(sieved(engineFor().engine, compiled.engine)(review, parameters)).toEqual([]);
    expect(compiled.asked).toEqual([]);
  });

  test("are asked where it finds something, with the parameters of just these rules", () => {
    const compiled = engineFor("rule-a", "rule-c");
    const engine = sieved(engineFor("rule-a", "rule-c").engine, compiled.engine);
    expect(engine(review, parameters)).toEqual([finding("rule-a"), finding("rule-c")]);
    engine(review, parameters);
    expect(compiled.asked).toEqual([{ "rule-a": { limit: 1 }, "rule-c": {} }, { "rule-a": { limit: 1 }, "rule-c": {} }]);
    expect(compiled.asked[0]).toBe(compiled.asked[1]);
  });

  test("have the last word on what is found", () => {
    const compiled: Engine = () => [finding("rule-b", "other"), finding("rule-b", "words")];
    expect(sieved(engineFor("rule-b").engine, compiled)(review, parameters)).toEqual([finding("rule-b", "other"), finding("rule-b", "words")]);
  });

  test("are asked for everything where their definition cannot be run", () => {
    const compiled = engineFor("rule-b");
    expect(sieved(failing, compiled.engine)(review, parameters)).toEqual([finding("rule-b")]);
    expect(compiled.asked).toEqual([parameters]);
  });

  test("are asked with other parameters when these are others", () => {
    const compiled = engineFor("rule-a");
    const engine = sieved(engineFor("rule-a").engine, compiled.engine);
    engine(review, parameters);
    engine(review, { "rule-a": { limit: 2 } });
    expect(compiled.asked).toEqual([{ "rule-a": { limit: 1 } }, { "rule-a": { limit: 2 } }]);
  });
});

describe("never clean in doubt", () => {
  test("a finding that the compiled rules do not know is an error", () => {
    const engine = sieved(engineFor("rule-a", "rule-b", "rule-c").engine, engineFor("rule-b").engine);
    expect(() => engine(review, parameters)).toThrow("rule `rule-a`, `rule-c` finds something here, but nothing once it is compiled");
  });

  test("compiled rules that fail are an error", () => {
    expect(() => sieved(engineFor("rule-a").engine, failing)(review, parameters)).toThrow("cannot");
  });
});
