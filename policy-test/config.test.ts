import { describe, expect, test } from "vitest";
import { readWasmManifest } from "./assets.js";
import { parseConfig } from "./config.js";
import { clean, denied, policyTest, toyAssets, warned } from "./fixtures/harness.js";

const manifest = readWasmManifest(toyAssets.manifest);

/** `line:column message (help)` of each problem. */
async function problemsOf(text: string): Promise<string[]> {
  const config = await parseConfig(text, "c.yaml", manifest);
  if (!("problems" in config)) return [];
  return config.problems.map(({ line, column, message, help }) => `${String(line)}:${String(column)} ${message}${help === undefined ? "" : ` (${help})`}`);
}

const setting = (text: string): string => `rules:\n  toy-image-suffix:\n    ${text}\n`;
const parameters = (text: string): string => setting(`parameters:\n      ${text}`);

describe("what is wrong with a config is said with its place", () => {
  test.each<readonly [string, string, ...string[]]>([
    ["an unknown key", "rule: {}\n", "1:7 unknown key `rule` (did you mean `rules`?)"],
    ["rules that are a list", "rules: [toy-host-network]\n", "1:8 `rules` must be a mapping from rule to settings"],
    ["a list instead of a config", "- a\n", "1:1 a config must be a mapping with `rules`"],
    ["two documents", "rules: {}\n---\nrules: {}\n", "3:1 a config is one document"],
    ["broken YAML", "rules: {\n", "2:1 deficient indentation"],
    ["a duplicate rule", "rules:\n  toy-host-network: {}\n  toy-host-network: {}\n", "3:3 this key is written twice in one mapping"],
    ["an unknown rule", "rules:\n  toy-host-net: {}\n", "2:17 unknown rule `toy-host-net` (did you mean `toy-host-network`?)"],
    ["an unknown rule like no other", "rules:\n  zzz: {}\n", "2:8 unknown rule `zzz` (`policy-test list` shows the rules)"],
    ["settings that stand beside their rule", "rules:\n  toy-host-network:\n  parameters: {allowed: []}\n", "3:15 unknown rule `parameters` (it belongs below the name of a rule, further to the right)"],
    ["settings that are a word", "rules:\n  toy-host-network: warn\n", "2:21 the settings of rule `toy-host-network` must be a mapping with `enforcement` and `parameters`"],
    ["an unknown setting", setting("enforce: warn"), "3:14 unknown key `enforce` (did you mean `enforcement`?)"],
    ["an unknown enforcement", setting("enforcement: dry-run"), "3:18 enforcement is `dry-run`, not one of `deny`, `warn`, `dryrun`, `off` (did you mean `dryrun`?)"],
    ["enforcement: on", setting("enforcement: on"), "3:18 enforcement is `true`, not one of `deny`, `warn`, `dryrun`, `off`"],
    ["parameters that are a list", setting("parameters: []"), "3:17 the parameters of rule `toy-image-suffix` must be a mapping"],
    ["an unknown parameter", parameters("forbiden: {}"), "4:17 rule `toy-image-suffix` has no parameter `forbiden` (did you mean `forbidden`?)"],
    ["an unknown field", parameters("forbidden: {sufixes: []}"), "4:28 parameter `forbidden` of rule `toy-image-suffix` has no field `sufixes` (did you mean `suffixes`?)"],
    ["a wrong type", parameters("ranges: all"), "4:15 parameter `ranges` of rule `toy-image-suffix` must be a list, but is the text \"all\"; write ranges: [\"all\"]"],
    ["a number in quotes", parameters('ranges: [{from: "80"}]'), '4:23 parameter `ranges[0].from` of rule `toy-image-suffix` must be a whole number, but is the text "80"; write from: 80 without quotes'],
    ["a missing field", parameters("ranges: [{protocol: TCP}]"), "4:16 parameter `ranges[0]` of rule `toy-image-suffix` lacks `from`"],
    ["a number out of range", parameters("ranges: [{from: 1}, {from: 65536}]"), "4:34 parameter `ranges[1].from` of rule `toy-image-suffix` must be at most 65535"],
    ["an unknown word", parameters("forbidden: {scope: some}"), "4:26 parameter `forbidden.scope` of rule `toy-image-suffix` is `some`, not one of `everywhere`, `off`"],
    [
      "off without quotes, where the cluster would see false",
      parameters("forbidden: {scope: off}"),
      '4:26 parameter `forbidden.scope` of rule `toy-image-suffix` is `false`, not one of `everywhere`, `off` (write "off" in quotes: without them Kubernetes reads it as false)',
    ],
    ["an unknown bundle", "bundle: toy\n", "1:9 unknown bundle `toy` (did you mean `toys`?)"],
    ["a bundle that is a list", "bundle: [toys]\n", "1:9 `bundle` must be the name of a bundle"],
    ["an unknown field of match", "match: {namespace: [a]}\n", "1:20 a match has no field `namespace` (did you mean `namespaces`?)"],
    ["an unknown field of a rule's match", setting("match: {kinds: [{kind: [Pod]}]}"), "3:28 `kinds[0]` of a match has no field `kind` (did you mean `kinds`?)"],
    ["a match that is a list", setting("match: []"), "3:12 a match must be a mapping, but is a list"],
    [
      "several at once",
      "rules:\n  toy-host-network: {parameters: {allowed: [1, 2]}, x: 1}\nmore: 1\n",
      "3:7 unknown key `more`",
      "2:56 unknown key `x`",
      '2:45 parameter `allowed[0]` of rule `toy-host-network` must be a text, but is the number 1; write "1" in quotes',
      '2:48 parameter `allowed[1]` of rule `toy-host-network` must be a text, but is the number 2; write "2" in quotes',
    ],
  ])("%s", async (_, text, ...expected) => {
    expect(await problemsOf(text)).toEqual(expected);
  });
});

describe("what a config leaves out has its default", () => {
  const image = { forbidden: { suffixes: [":latest"], scope: "everywhere" }, ranges: [] };
  test.each<readonly [string, string, unknown]>([
    ["everything", "", {}],
    ["all rules", "rules:\n", {}],
    ["all settings", "rules: {toy-image-suffix: }\n", { "toy-image-suffix": { enforcement: "warn", parameters: image } }],
    ["parameters", setting("enforcement: deny"), { "toy-image-suffix": { enforcement: "deny", parameters: image } }],
    ["enforcement", setting("parameters: {}"), { "toy-image-suffix": { enforcement: "warn", parameters: image } }],
    [
      "nested fields",
      parameters("forbidden: {suffixes: [a]}\n      ranges: [{from: 1}]"),
      { "toy-image-suffix": { enforcement: "warn", parameters: { forbidden: { suffixes: ["a"], scope: "everywhere" }, ranges: [{ from: 1, protocol: "TCP" }] } } },
    ],
    ["enforcement off without quotes", setting("enforcement: off"), { "toy-image-suffix": { enforcement: "off", parameters: image } }],
    ["enforcement off in quotes", setting('enforcement: "off"'), { "toy-image-suffix": { enforcement: "off", parameters: image } }],
  ])("%s", async (_, text, expected) => {
    const config = await parseConfig(text, "c.yaml", manifest);
    expect("settings" in config ? Object.fromEntries(config.settings) : config.problems).toEqual(expected);
  });
});

describe("the config is found", () => {
  const off = "rules: {toy-host-network: {enforcement: off}}";
  const at = async (files: Readonly<Record<string, string>>): Promise<unknown> => {
    const { stdout, stderr } = await policyTest(["--format", "json", "denied.yaml"], { files: { "sub/denied.yaml": denied, ...files }, below: "sub" });
    expect(stderr).toBe("");
    const { config, findings } = JSON.parse(stdout) as { config?: string; findings: unknown[] };
    return [config, findings.length];
  };

  test.each<readonly [string, Readonly<Record<string, string>>, string | undefined, number]>([
    ["above the working folder", { "policy-test.yaml": off }, "../policy-test.yaml", 0],
    ["in it before one above", { "policy-test.yaml": off, "sub/policy-test.yaml": "rules: {}" }, "policy-test.yaml", 1],
    ["up to the root of the repository", { "policy-test.yaml": off, "sub/.git/HEAD": "" }, undefined, 1],
    ["in the root of the repository", { "policy-test.yaml": off, ".git": "gitdir: elsewhere" }, "../policy-test.yaml", 0],
  ])("%s", async (_, files, config, findings) => {
    expect(await at({ ".git": "", ...files })).toEqual([config, findings]);
  });
});

describe("the command", () => {
  const files = { "k/clean.yaml": clean, "k/denied.yaml": denied, "k/warned.yaml": warned };
  const strict = "rules:\n  toy-host-network: {parameters: {allowed: [denied]}}\n  toy-image-suffix: {enforcement: deny}\n";

  test.each<readonly [string, readonly string[], Readonly<Record<string, string>>, number, string]>([
    ["uses policy-test.yaml of the working folder", ["k"], { "policy-test.yaml": strict }, 1, "warned.yaml:9:12  error  low  toy-image-suffix"],
    ["and not one of the folder checked", ["k"], { "k/policy-test.yaml": strict }, 1, "denied.yaml:6:16  error  high  toy-host-network"],
    ["does not check it as a manifest", ["."], { "policy-test.yaml": strict }, 1, "3 files, 3 workloads, 1 finding (1 error, 0 warnings)"],
    ["uses the config named", ["-c", "k/c.yaml", "k"], { "k/c.yaml": strict, "policy-test.yaml": "rules: 1" }, 1, "3 files, 3 workloads, 1 finding (1 error, 0 warnings)"],
    ["respects off", ["k"], { "policy-test.yaml": "rules: {toy-host-network: {enforcement: off}}" }, 0, "1 finding (0 errors, 1 warning)"],
    ["does not run without any rule", ["k"], { "policy-test.yaml": "rules: {toy-host-network: {enforcement: off}, toy-image-suffix: {enforcement: off}}" }, 2, "error: every rule is switched off in the config\n"],
    ["asks a rule about what its match fits", ["k"], { "policy-test.yaml": "rules: {toy-host-network: {match: {name: clean}}}" }, 0, "1 finding (0 errors, 1 warning)"],
    ["asks rules without a match of their own about what the config's fits", ["k"], { "policy-test.yaml": "match: {name: d*}\nrules: {toy-image-suffix: {match: {}}}" }, 1, "2 findings (1 error, 1 warning)"],
    ["takes a namespace that is said for the one of objects that name none", ["--namespace", "default", "k"], { "policy-test.yaml": "match: {namespaces: [default]}" }, 1, "2 findings"],
    ["does not guess it", ["k"], { "policy-test.yaml": "match: {namespaces: [default]}" }, 0, "0 findings"],
    ["audits", ["k"], { "policy-test.yaml": "rules: {toy-host-network: {enforcement: dryrun}}" }, 0, "1 only audited"],
    ["has the rules of its bundle", ["k"], { "policy-test.yaml": "bundle: images" }, 0, "1 finding (0 errors, 1 warning)"],
    ["leaves the bundle to the command", ["--bundle", "toys", "k"], { "policy-test.yaml": "bundle: images" }, 1, "warned.yaml:9:12  error"],
    ["says that a config is missing", ["-c", "no.yaml", "k"], {}, 2, "error: cannot read the config `no.yaml`: no such file or directory\n"],
    ["says what is wrong with it", ["k"], { "policy-test.yaml": "rules:\n  toy-host-net: {}\n" }, 2, "policy-test.yaml:2:17: error: unknown rule `toy-host-net`\nhelp: did you mean `toy-host-network`?\n"],
  ])("%s", async (_, argv, more, code, text) => {
    const outcome = await policyTest(argv, { files: { ...files, ...more } });
    expect(outcome.stdout + outcome.stderr).toContain(text);
    expect(outcome.code).toBe(code);
  });
});
