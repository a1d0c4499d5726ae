import { describe, expect, test } from "vitest";
import { denied, pod, policyTest, warned, type Outcome, type Surroundings } from "../fixtures/harness.js";
import { packageAssets } from "../assets.js";

const files = { "k/denied.yaml": denied, "k/warned.yaml": warned };

/** A config of waivers, the first of which starts on line 2 at column 3. */
const waivers = (...entries: readonly string[]): string => `waivers:\n${entries.map((entry) => `- ${entry}\n`).join("")}`;
const one = '{rule: toy-host-network, match: {name: denied}, reason: "reviewed, #7", expires: 2026-06-15}';
const run = (config: string, more: Surroundings = {}, argv: readonly string[] = []): Promise<Outcome> =>
  policyTest([...argv, "--format", "json", "k"], { ...more, files: { ...files, "policy-test.yaml": config, ...more.files } });

describe("a waiver", () => {
  test("leaves its finding in the report, which no longer fails", async () => {
    const { code, stdout, stderr } = await run(waivers(one));
    const report = JSON.parse(stdout) as { findings: { rule: string; waived?: object }[]; summary: object; notices?: unknown };
    expect(report.findings.map(({ rule, waived }) => [rule, waived])).toEqual([
      ["toy-host-network", { reason: "reviewed, #7", expires: "2026-06-15" }],
      ["toy-image-suffix", undefined],
    ]);
    expect(report.summary).toMatchObject({ errors: 0, warnings: 1, waived: 1 });
    expect([code, stderr]).toEqual([0, ""]);
  });

  test("that has expired fails", async () => {
    const { code, stdout, stderr } = await run(waivers(one), { today: "2026-06-16" });
    expect(stderr).toContain("policy-test.yaml:2:84: error: this waiver ended on 2026-06-15; fix what it waives, or review it and give it a new day\n");
    expect([code, stdout]).toEqual([2, ""]);
  });

  test("that waives nothing is told of", async () => {
    const { code, stderr } = await run(waivers(one, "{rule: toy-host-network, match: {name: nobody}, reason: old, expires: 2026-12-31}"));
    expect(stderr).toBe("policy-test.yaml:3:3: notice: this waiver of rule `toy-host-network` waives nothing here: old\n");
    expect(code).toBe(0);
  });

  test.each<readonly [string, readonly string[]]>([
    ["a part of the rules", ["--rule", "toy-image-suffix"]],
    ["other rules", ["--bundle", "images"]],
  ])("is not called unused where %s run", async (_, argv) => {
    expect((await run(waivers(one), {}, argv)).stderr).toBe("");
  });

  test.each<readonly [string, string, string]>([
    ["that is no list", "waivers: {}\n", "1:10: error: `waivers` must be a list"],
    ["without a reason", waivers("{rule: toy-host-network, match: {name: a}, expires: 2026-12-31}"), "2:3: error: a waiver lacks `reason`"],
    ["with an empty reason", waivers('{rule: toy-host-network, match: {name: a}, reason: "", expires: 2026-12-31}'), "error: `reason` of a waiver is empty"],
    ["without an end", waivers("{rule: toy-host-network, match: {name: a}, reason: a}"), "2:3: error: a waiver lacks `expires`"],
    ["with no day", waivers("{rule: toy-host-network, match: {name: a}, reason: a, expires: 2026-02-30}"), "error: `2026-02-30` is no day such as 2027-01-31"],
    ["of an unknown field", waivers("{rule: toy-host-network, match: {name: a}, reason: a, expire: 2026-12-31}"), "error: a waiver has no field `expire`\nhelp: did you mean `expires`?"],
    ["of an unknown rule", waivers("{rule: toy-host-net, match: {name: a}, reason: a, expires: 2026-12-31}"), "2:10: error: unknown rule `toy-host-net`\nhelp: did you mean `toy-host-network`?"],
    ["of a rule that lets nobody off", waivers("{rule: toy-image-suffix, match: {name: a}, reason: a, expires: 2026-12-31}"), "error: rule `toy-image-suffix` has no parameter that lets anybody off"],
    ["of more than a name where there are names alone", waivers("{rule: toy-host-network, match: {kind: Pod}, reason: a, expires: 2026-12-31}"), "error: a waiver of rule `toy-host-network` is for a name: {name: ...}"],
    ["too many", waivers(...["a", "b", "c", "d", "e"].map((name) => `{rule: toy-host-network, match: {name: ${name}}, reason: a, expires: 2026-12-31}`)), "6:42: error: parameter `allowed` of rule `toy-host-network` has more than 4 entries"],
  ])("%s is an error", async (_, config, message) => {
    const { code, stderr } = await run(config);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});

describe("a waiver of the real rules", () => {
  const real = { assets: packageAssets() };
  const pods = { "k/denied.yaml": pod("web", { hostNetwork: "true", namespace: "shop" }).replace("  hostNetwork: true", "  hostPID: true\n  hostIPC: true\n  hostNetwork: true"), "k/warned.yaml": pod("other") };
  const waived = async (entry: string): Promise<unknown> => {
    const { stdout, stderr } = await run(`match: {}\n${waivers(entry)}`, { ...real, files: pods }, ["--rule", "restrict-host-namespaces", "--rule", "restrict-host-network"]);
    expect(stderr).toBe("");
    return (JSON.parse(stdout) as { findings: { path: string; waived?: object }[] }).findings.map(({ path, waived }) => [path, waived !== undefined]);
  };

  test("waives what the parameter would allow, no more", async () => {
    expect(await waived("{rule: restrict-host-namespaces, match: {namespace: shop, name: w*, hostPID: true}, reason: a, expires: 2026-12-31}")).toEqual([
      ["spec.hostPID", true],
      ["spec.hostIPC", false],
      ["spec.hostNetwork", false],
    ]);
  });

  test.each<readonly [string, string, string]>([
    ["no field", "{}", "2:40: error: `match` of a waiver of rule `restrict-host-network` is empty; give it at least one of `namespace`, `kind`, `name`, `serviceAccountName`\n"],
    ["a number for a name", "{namespace: 2024}", '2:52: error: `match.namespace` of a waiver of rule `restrict-host-network` must be a text, but is the number 2024; write namespace: "2024" in quotes\n'],
  ])("does not take %s", async (_, match, message) => {
    const { stderr, code } = await run(waivers(`{rule: restrict-host-network, match: ${match}, reason: a, expires: 2026-12-31}`), { ...real, files: pods });
    expect(stderr).toBe(`policy-test.yaml:${message}`);
    expect(code).toBe(2);
  });

  test("says what is wrong with its match at its place", async () => {
    const { stderr, code } = await run(waivers("{rule: restrict-host-network, match: {namspace: shop}, reason: a, expires: 2026-12-31}"), { ...real, files: pods });
    expect(stderr).toBe("policy-test.yaml:2:51: error: `match` of a waiver of rule `restrict-host-network` has no field `namspace`\nhelp: did you mean `namespace`?\n");
    expect(code).toBe(2);
  });
});

describe("an annotation", () => {
  const annotated = (text: string): string => denied.replace("{name: denied}", `{name: denied, annotations: {${text}}}`);
  const at = (text: string, argv: readonly string[] = ["--allow-annotations"]): Promise<Outcome> => policyTest([...argv, "a.yaml"], { files: { "a.yaml": annotated(text) } });
  const good = '"waive.hostnetwork-policies/toy-host-network": "2026-06-15 until it is gone"';

  test("waives where that is allowed", async () => {
    const { code, stdout } = await at(good);
    expect(stdout).toContain("waived");
    expect(stdout).toContain("until it is gone");
    expect(code).toBe(0);
  });

  test("does nothing where it is not", async () => {
    expect((await at(good, [])).code).toBe(1);
  });

  test.each([
    ["of an unknown rule", good.replace("toy-host-network", "toy-host-net"), "this annotation waives an unknown rule `toy-host-net`; did you mean `toy-host-network`?"],
    ["without a day", '"waive.hostnetwork-policies/toy-host-network": reviewed', "an annotation that waives a rule says until when and why"],
    ["that has expired", good.replace("2026-06-15", "2026-06-14"), "this waiver ended on 2026-06-14"],
  ])("%s is an error, and waives nothing", async (_, text, message) => {
    const { code, stdout } = await at(text);
    expect(stdout).toContain(message);
    expect(stdout).toContain("1 finding (1 error");
    expect(code).toBe(2);
  });
});
