import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { packageAssets } from "./assets.js";
import { clean, denied, pod, policyTest, toyAssets, warned, type Surroundings } from "./fixtures/harness.js";

type Row = readonly [
  title: string,
  code: number,
  argv: readonly string[],
  surroundings: Surroundings,
  /** Parts of standard output and standard error together. */
  ...texts: readonly string[],
];

const rollout = clean.replace("v1", "argoproj.io/v1alpha1").replace("kind: Pod", "kind: Rollout").replace("spec:\n", "spec:\n template:\n  spec:\n").replace(/^ {2}(?=hostNetwork|containers|- name| {2}image)/gm, "    ");
const configMap = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
const files = { "clean.yaml": clean, "warned.yaml": warned, "denied.yaml": denied };
const compiled = { "rules/manifest.json": readFileSync(toyAssets.manifest), "rules/policy.wasm": readFileSync(toyAssets.wasm) };
const off = "rules: {toy-host-network: {enforcement: off}}\n";

const rows: readonly Row[] = [
  ["clean", 0, ["clean.yaml"], { files }, "1 file, 1 workload, 0 findings\n"],
  ["warnings only", 0, ["warned.yaml"], { files }, "1 finding (0 errors, 1 warning)"],
  ["a deny finding", 1, ["denied.yaml"], { files }, "denied.yaml:6:16  error  high  toy-host-network  default/denied uses the host network"],
  ["a folder", 1, ["."], { files }, "3 files, 3 workloads, 2 findings (1 error, 1 warning)"],
  ["a document without workload", 0, ["a.yaml"], { files: { "a.yaml": configMap } }, "1 file, 0 workloads, 0 findings"],
  ["an unknown kind with a pod template", 0, ["a.yaml"], { files: { "a.yaml": rollout } }, "not checked  default/clean: argoproj.io/v1alpha1 Rollout holds a pod template", "1 file, 0 workloads, 0 findings, 1 object not checked"],
  ["that kind beside a deny finding", 1, ["."], { files: { "a.yaml": rollout, "b.yaml": denied } }, "1 error", "1 object not checked"],
  ["YAML as Kubernetes reads it", 1, ["a.yaml"], { files: { "a.yaml": pod("a", { hostNetwork: "yes" }) } }, "default/a uses the host network"],

  ["no path", 2, [], {}, "error: no path given\nhelp: name files or folders, or `-` for standard input\n"],
  ["a path that is not there", 2, ["no.yaml"], {}, "no.yaml  invalid  no such file or folder"],
  ["that beside a clean file", 2, ["no.yaml", "clean.yaml"], { files }, "1 file, 1 workload, 0 findings, 1 input error"],
  ["that beside a deny finding", 2, ["no.yaml", "denied.yaml"], { files }, "no.yaml  invalid", "denied.yaml:6:16  error"],
  ["a glob that fits nothing", 2, ["x*.yaml"], { files }, "x*.yaml  invalid  this pattern fits no .yaml, .yml or .json file"],
  ["broken YAML", 2, ["a.yaml"], { files: { "a.yaml": "a: [" } }, "a.yaml:1:", "invalid"],
  ["broken YAML beside a finding", 2, ["a.yaml"], { files: { "a.yaml": `${denied}---\na: [\n` } }, "a.yaml:6:16  error", "invalid", "1 finding (1 error, 0 warnings), 1 input error"],
  ["a value of the wrong type", 2, ["a.yaml"], { files: { "a.yaml": pod("a", { hostNetwork: '"true"' }) } }, "a.yaml:6:16  invalid  the API server would reject this: "],
  ["what is not UTF-8", 2, ["a.yaml"], { files: { "a.yaml": new Uint8Array([97, 58, 32, 255]) } }, "a.yaml:1:4  invalid  this is not UTF-8 text; save it as UTF-8"],
  ["a link to nowhere", 2, ["."], { files, links: { "a.yaml": "nowhere" } }, "a.yaml  invalid  no such file or directory\n", "denied.yaml:6:16  error"],
  ["an empty folder", 2, ["."], {}, "error: no manifest in `.`\n"],
  ["comments only", 2, ["a.yaml"], { files: { "a.yaml": "# nothing\n---\n" } }, "error: no manifest in `a.yaml`\n"],
  ["an object that the engine cannot take", 2, ["a.yaml", "denied.yaml"], { files: { ...files, "a.yaml": pod('"\\ud800"') } }, "a.yaml:1:1  invalid  this object could not be checked: the policy module failed: illegal string", "denied.yaml:6:16  error"],
  ["a module that is missing", 2, ["clean.yaml"], { files, assets: { ...toyAssets, wasm: "/no/policy.wasm" } }, "error: cannot load the policy module: ENOENT"],
  ["a manifest that is missing", 2, ["clean.yaml"], { files, assets: { ...toyAssets, manifest: "/no/manifest.json" } }, "error: cannot read the compiled rules' manifest `/no/manifest.json`; run `npm run generate`"],
  ["an unknown flag", 2, ["--formt", "json"], {}, "error: unknown option `--formt`\nhelp: did you mean `--format`?\n"],
  ["a long flag with one dash", 2, ["-format", "json", "."], {}, "error: unknown option `-format`\nhelp: did you mean `--format`?\n"],
  ["that, with its value", 2, ["-output=a", "."], {}, "error: unknown option `-output`\nhelp: did you mean `--output`?\n"],
  ["a short flag with its value", 2, ["-ojs", "."], {}, "error: unknown format `js`\nhelp: did you mean `json`?\n"],
  ["a choice that is nearly one", 2, ["--fail-on", "wran", "."], {}, "option `--fail-on <enforcement>` argument `wran` is invalid\nhelp: did you mean `warn`? allowed choices are deny, warn, never\n"],
  ["an unknown format", 2, ["--format", "xml", "."], {}, "error: unknown format `xml`\nhelp: the formats are text, compact, json, junit, sarif, github, policyreport, markdown\n"],
  ["an engine that lacks the rules", 2, ["--engine", "js", "clean.yaml"], { files }, "error: rule `toy-host-network` has no source in this package; use `--engine wasm`\n"],
  ["an unknown engine", 2, ["--engine", "cel", "."], {}, "argument `cel` is invalid\n"],
  ["--compiled, without these rules", 2, ["--compiled", ".", "clean.yaml"], { files }, "error: cannot read the compiled rules' manifest `CWD/manifest.json`; run `npm run generate`"],
  ["--compiled, with another module", 2, ["--compiled", ".", "clean.yaml"], { files: { ...files, "manifest.json": readFileSync(toyAssets.manifest), "policy.wasm": readFileSync(packageAssets().wasm) } }, "error: cannot load the policy module: it is not the module that its manifest speaks of"],
  ["--compiled, with --engine js", 2, ["--compiled", ".", "--engine", "js", "clean.yaml"], { files }, "error: `--compiled` names rules without their source, which `--engine js` runs\nhelp: leave one of them out\n"],
  ["no namespace name", 2, ["--namespace", "A b", "."], {}, "argument `A b` is invalid\nhelp: a namespace has lower-case letters, digits and -\n"],
  ["a flag without its value", 2, ["--config"], {}, "argument missing"],

  ["standard input", 1, ["-"], { stdin: denied }, "<stdin>:6:16  error"],
  ["standard input, empty", 2, ["-"], {}, "error: no manifest in `-`\n"],
  ["standard input and files", 1, ["-", "clean.yaml", "-"], { files, stdin: denied }, "2 files, 2 workloads, 1 finding"],

  ["--rule", 0, ["--rule", "toy-image-suffix", "."], { files }, "1 finding (0 errors, 1 warning)"],
  ["--rule, twice", 1, ["--rule", "toy-image-suffix", "-r", "toy-host-network", "."], { files }, "2 findings (1 error, 1 warning)"],
  ["--rule, unknown", 2, ["--rule", "toy-host-netwrk", "."], { files }, "error: unknown rule `toy-host-netwrk`\nhelp: did you mean `toy-host-network`?\n"],
  ["--rule, switched off", 2, ["--rule", "toy-host-network", "."], { files: { ...files, "policy-test.yaml": off } }, "error: rule `toy-host-network` is switched off in the config\n"],
  ["--namespace", 1, ["--namespace", "edge", "a.yaml"], { files: { "a.yaml": `${denied}---\n${pod("b", { hostNetwork: "true", namespace: "own" })}` } }, "a.yaml:6:16   error  high  toy-host-network  edge/denied uses", "a.yaml:16:16  error  high  toy-host-network  own/b uses"],
  ["--compiled", 1, ["--compiled", "rules", "."], { files: { ...files, ...compiled }, assets: packageAssets() }, "denied.yaml:6:16  error  high  toy-host-network  default/denied uses the host network"],

  ["list --compiled", 0, ["list", "--compiled", "rules"], { files: compiled, assets: packageAssets() }, "toy-host-network  high      deny         Nobody uses the host network\n"],
  ["explain --compiled", 0, ["explain", "--compiled", "rules", "toy-host-network"], { files: compiled, assets: packageAssets() }, "Nobody uses the host network\n"],
  ["list", 0, ["list"], {}, "RULE              SEVERITY  ENFORCEMENT  TITLE\ntoy-host-network  high      deny         Nobody uses the host network\n"],
  ["a folder called list", 0, ["./list"], { files: { "list/a.yaml": clean } }, "1 file, 1 workload"],
  ["a file called list after another path", 0, ["clean.yaml", "list"], { files: { ...files, list: clean } }, "2 files, 2 workloads"],
  ["explain, unknown rule", 2, ["explain", "toy-image-sufix"], {}, "error: unknown rule `toy-image-sufix`\nhelp: did you mean `toy-image-suffix`?\n"],
  ["explain, no near rule", 2, ["explain", "zzz"], {}, "error: unknown rule `zzz`\nhelp: `policy-test list` shows the rules\n"],
  ["explain without rule", 2, ["explain"], {}, "error: missing required argument `rule`"],
  ["--version", 0, ["--version"], {}, "\n"],
  ["--help", 0, ["--help"], {}, "helm template ./chart | policy-test -", "exit codes:"],
];

for (const [title, code, argv, surroundings, ...texts] of rows) {
  test(`${title}: exit code ${String(code)}`, async () => {
    const outcome = await policyTest(argv, surroundings);
    const output = outcome.stdout + outcome.stderr;
    for (const text of texts) expect(output).toContain(text);
    expect(output).not.toMatch(/^\s+at /m);
    expect(outcome.code).toBe(code);
  });
}

describe("input", () => {
  const tree = {
    "k/b.yaml": clean,
    "k/a.yml": warned,
    "k/deep/er/c.json": JSON.stringify({ apiVersion: "v1", kind: "Pod", metadata: { name: "c" }, spec: { hostNetwork: true } }),
    "k/notes.txt": "a: [",
    "k/.hidden/x.yaml": "a: [",
    "k/node_modules/p/x.yaml": "a: [",
    "k/policy-test.yaml": "rules: {}",
    "other.yaml": clean,
  };
  const filesOf = async (...argv: string[]): Promise<unknown> => {
    const { stdout } = await policyTest([...argv, "--format", "json"], { files: { ...tree, "loop/a.yaml": clean }, links: { "loop/again": "../loop" } });
    return (JSON.parse(stdout) as { files: unknown }).files;
  };

  test.each<readonly [string, readonly string[], readonly string[]]>([
    ["a folder: its manifests, sorted, no configs, nothing hidden", ["k"], ["k/a.yml", "k/b.yaml", "k/deep/er/c.json"]],
    ["a glob", ["k/*.y*ml"], ["k/a.yml", "k/b.yaml"]],
    ["a glob over folders", ["**/*"], ["k/a.yml", "k/b.yaml", "k/deep/er/c.json", "loop/a.yaml", "other.yaml"]],
    ["alternatives", ["{other,k/b}.yaml"], ["k/b.yaml", "other.yaml"]],
    ["the same file twice", ["k/b.yaml", "./k/b.yaml", "k"], ["k/b.yaml", "k/a.yml", "k/deep/er/c.json"]],
    ["paths in the order given", ["other.yaml", "k/b.yaml"], ["other.yaml", "k/b.yaml"]],
    ["a link to a folder above it, once", ["loop"], ["loop/a.yaml"]],
    ["a config that is named is checked", ["k/policy-test.yaml"], ["k/policy-test.yaml"]],
  ])("%s", async (_, argv, expected) => {
    expect(await filesOf(...argv)).toEqual(expected);
  });
});

describe("colours", () => {
  const escape = "\u001b[";
  test.each<readonly [string, Surroundings, boolean]>([
    ["on a terminal", { isTTY: true }, true],
    ["not elsewhere", { isTTY: false }, false],
    ["not with NO_COLOR", { isTTY: true, env: { NO_COLOR: "1" } }, false],
    ["with an empty NO_COLOR", { isTTY: true, env: { NO_COLOR: "" } }, true],
    ["not on a dumb terminal", { isTTY: true, env: { TERM: "dumb" } }, false],
  ])("%s", async (_, surroundings, coloured) => {
    const { stdout } = await policyTest(["denied.yaml"], { files, ...surroundings });
    expect(stdout.includes(escape)).toBe(coloured);
  });

  test("never from a manifest", async () => {
    const { stdout } = await policyTest(["a.yaml"], { files: { "a.yaml": pod('"\\e[31mred\\nline"', { hostNetwork: "true" }) } });
    expect(stdout).toContain("default/\ufffd[31mred\ufffdline uses the host network");
  });
});
