import { describe, expect, test } from "vitest";
import { clean, denied, pod, policyTest, warned } from "./fixtures/harness.js";

const files = { "clean.yaml": clean, "warned.yaml": warned, "denied.yaml": denied, "other.yaml": pod("other", { hostNetwork: "true" }) };
const paths = ["clean.yaml", "warned.yaml", "denied.yaml", "other.yaml"];
const config = (text: string): Readonly<Record<string, string>> => ({ ...files, "policy-test.yaml": `rules:\n  ${text}\n` });

type Row = readonly [title: string, code: number, argv: readonly string[], files: Readonly<Record<string, string>>, ...texts: readonly string[]];

const rows: readonly Row[] = [
  ["runs with its own enforcement and parameters", 1, ["--bundle", "toys"], files, "warned.yaml:9:12  error  low  toy-image-suffix", "other.yaml:6:16  warning  high  toy-host-network", "2 findings (1 error, 1 warning)"],
  ["runs its own rules only", 0, ["--bundle", "images"], files, "1 finding (0 errors, 1 warning)"],
  ["unknown", 2, ["--bundle", "imges"], files, "error: unknown bundle `imges`\nhelp: did you mean `images`?\n"],
  ["unknown, like no other", 2, ["--bundle", "zzz"], files, "error: unknown bundle `zzz`\nhelp: the bundles are `toys`, `images`\n"],
  ["with a rule of it", 1, ["--bundle", "toys", "--rule", "toy-image-suffix"], files, "1 finding (1 error, 0 warnings)"],
  ["with a rule outside of it", 2, ["--bundle", "images", "--rule", "toy-host-network"], files, "error: rule `toy-host-network` is not in bundle `images`\n"],
  ["with a rule outside of it that the config switches on", 1, ["--bundle", "images", "--rule", "toy-host-network"], config("toy-host-network: {enforcement: deny}"), "2 findings (2 errors, 0 warnings)"],
  ["with an unknown rule", 2, ["--bundle", "images", "--rule", "toy-image-sufix"], files, "error: unknown rule `toy-image-sufix`"],
  ["the same with the JavaScript asked for", 2, ["--bundle", "toys", "--engine", "js"], files, "has no source in this package"],
];

for (const [title, code, argv, given, ...texts] of rows) {
  test(`--bundle ${title}`, async () => {
    const outcome = await policyTest([...argv, ...paths], { files: given });
    for (const text of texts) expect(outcome.stdout + outcome.stderr).toContain(text);
    expect(outcome.code).toBe(code);
  });
}

describe("a config on top of a bundle", () => {
  /** Findings as `file rule enforcement`. */
  const findings = async (bundle: string, text: string): Promise<string[]> => {
    const { stdout, stderr } = await policyTest(["--bundle", bundle, "--format", "json", ...paths], { files: config(text) });
    expect(stderr).toBe("");
    const { findings: found } = JSON.parse(stdout) as { findings: { file: string; rule: string; enforcement: string }[] };
    return found.map(({ file, rule, enforcement }) => `${file} ${rule} ${enforcement}`);
  };

  test.each<readonly [string, string, string, ...string[]]>([
    ["that says nothing of a rule leaves the bundle's settings", "toys", "toy-image-suffix: {}", "warned.yaml toy-image-suffix deny", "other.yaml toy-host-network warn"],
    ["sets the enforcement and keeps the bundle's parameters", "toys", "toy-host-network: {enforcement: deny}", "warned.yaml toy-image-suffix deny", "other.yaml toy-host-network deny"],
    ["sets a parameter as a whole and keeps the bundle's enforcement", "toys", "toy-host-network: {parameters: {allowed: [other]}}", "warned.yaml toy-image-suffix deny", "denied.yaml toy-host-network warn"],
    ["counts null as absent: the bundle's parameter holds", "toys", "toy-host-network: {parameters: {allowed: null}}", "warned.yaml toy-image-suffix deny", "other.yaml toy-host-network warn"],
    ["fills the rest of a parameter with defaults", "toys", "toy-image-suffix: {parameters: {forbidden: {scope: everywhere}}}", "warned.yaml toy-image-suffix deny", "other.yaml toy-host-network warn"],
    ["switches a rule off", "toys", "toy-host-network: {enforcement: off}", "warned.yaml toy-image-suffix deny"],
    ["leaves a rule off that it only gives parameters", "images", "toy-host-network: {parameters: {allowed: []}}", "warned.yaml toy-image-suffix warn"],
    ["switches a rule on that the bundle leaves out", "images", "toy-host-network: {enforcement: warn}", "warned.yaml toy-image-suffix warn", "denied.yaml toy-host-network warn", "other.yaml toy-host-network warn"],
  ])("%s", async (_, bundle, text, ...expected) => {
    expect(await findings(bundle, text)).toEqual(expected);
  });

  test("is checked as ever", async () => {
    const { code, stderr } = await policyTest(["--bundle", "toys", ...paths], { files: config("toy-host-network: {parameters: {alowed: null}}") });
    expect(stderr).toContain("rule `toy-host-network` has no parameter `alowed`\nhelp: did you mean `allowed`?");
    expect(code).toBe(2);
  });
});

describe("list --bundle", () => {
  test("lists the bundles", async () => {
    expect(await policyTest(["list", "--bundle"])).toEqual({ code: 0, stderr: "", stdout: "BUNDLE  RULES  TITLE\ntoys    2      All toys\nimages  1      Images only\n" });
  });

  test("lists the rules of one, with its settings", async () => {
    const { stdout } = await policyTest(["list", "--bundle", "toys"]);
    expect(stdout).toBe(
      "RULE              SEVERITY  ENFORCEMENT  TITLE                         PARAMETERS\n" +
        'toy-host-network  high      warn         Nobody uses the host network  allowed: ["denied"]\n' +
        'toy-image-suffix  low       deny         Images name a version         ranges: [{"from":80}]\n',
    );
  });

  test("gives JSON of one or all", async () => {
    const parse = async (...argv: string[]): Promise<unknown> => JSON.parse((await policyTest(["list", ...argv, "--format", "json"])).stdout);
    const images = { name: "images", rules: [{ id: "toy-image-suffix", enforcement: "warn", parameters: {} }] };
    expect(await parse("--bundle", "images")).toMatchObject([images]);
    expect(await parse("--bundle")).toMatchObject([{ name: "toys" }, images]);
  });

  test("knows no other", async () => {
    expect(await policyTest(["list", "--bundle", "toy"])).toEqual({ code: 2, stdout: "", stderr: "error: unknown bundle `toy`\nhelp: did you mean `toys`?\n" });
  });
});
