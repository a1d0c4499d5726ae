/** The ways in that CI systems and pre-commit take, without running them; test/package/ci.test.ts runs them. */
import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { isMapping } from "../manifest/mapping.js";
import { packageVersion } from "../policy-test/assets.js";
import { fences, read, root } from "./markdown.js";

const mappingsIn = (value: unknown): Readonly<Record<string, unknown>>[] => (Array.isArray(value) ? value.filter(isMapping) : []);
const yaml = (path: string): unknown => load(readFileSync(`${root}${path}`, "utf8"));
const page = read("docs/ci.md");
const action = yaml("action.yml");
const inputs = isMapping(action) && isMapping(action["inputs"]) ? action["inputs"] : {};
const runs = isMapping(action) && isMapping(action["runs"]) ? action["runs"] : {};
const steps = mappingsIn(runs["steps"]);

describe("the action", () => {
  test("takes nothing into the text of a script", () => {
    expect(runs["using"]).toBe("composite");
    expect(steps.length).toBeGreaterThan(1);
    for (const { run, shell } of steps) {
      expect(run).not.toContain("${{");
      expect(shell).toBe("bash");
    }
  });

  test("reads each input that it declares, from its environment or as its folder", () => {
    const used = JSON.stringify(steps).match(/\$\{\{ inputs\.[\w-]+ \}\}/g) ?? [];
    expect(used.map((expression) => expression.slice("${{ inputs.".length, -" }}".length)).sort()).toEqual(Object.keys(inputs).sort());
    const environment = steps.flatMap(({ env }) => (isMapping(env) ? Object.keys(env) : []));
    for (const name of environment) expect(String(steps.at(-1)?.["run"])).toContain(`$${name}`);
  });

  test("has the inputs that its page tells of, with their defaults", () => {
    const rows = [...page.matchAll(/^\| `([\w-]+)` \| (.*?) \|/gm)].map(([, name = "", value = ""]) => ({ name, value }));
    expect(rows.map(({ name }) => name)).toEqual(Object.keys(inputs));
    for (const { name, value } of rows.filter((row) => row.value.startsWith("`"))) {
      const input = inputs[name];
      // A namespace that nobody names is the command's own default.
      if (name !== "namespace") expect(isMapping(input) ? input["default"] : undefined).toBe(value.slice(1, -1));
    }
  });

  test("gets no input from its example that it does not have", () => {
    const example = fences(page).find(({ mark }) => mark === "action")?.text ?? "";
    const jobs = load(example);
    const used = mappingsIn(isMapping(jobs) && isMapping(jobs["jobs"]) && isMapping(jobs["jobs"]["policies"]) ? jobs["jobs"]["policies"]["steps"] : []);
    const own = used.find(({ uses }) => String(uses).includes("hostnetwork-policies@"));
    expect(Object.keys(isMapping(own?.["with"]) ? own["with"] : {})).toEqual(["paths", "format"]);
    for (const name of ["paths", "format"]) expect(inputs).toHaveProperty(name);
  });
});

test("the hook is one that pre-commit takes", () => {
  expect(mappingsIn(yaml(".pre-commit-hooks.yaml"))).toMatchObject([{ id: "policy-test", entry: "policy-test", language: "node", types_or: ["yaml", "json"], require_serial: true }]);
});

test("the page names this version", () => {
  const versions = [...page.matchAll(/hostnetwork-policies@v?([\d.]*\d)|rev: v(\S+)/g)].map(([, one, other]) => one ?? other);
  expect(versions.length).toBeGreaterThan(3);
  expect(new Set(versions)).toEqual(new Set([packageVersion()]));
});
