/** The code between the page and the rules, in Node: settings, and fixes of one finding and of all. */
import { beforeAll, expect, test } from "vitest";
import { packageAssets, readWasmManifest } from "../../policy-test/assets.js";
import { loadEngine } from "../../policy-test/engine.js";
import { commandFor, type Question } from "../playground/question.js";
import { createSession, type Session } from "../playground/session.js";

const assets = packageAssets();
const wasm = readWasmManifest(assets.manifest);
let session: Session;
beforeAll(async () => {
  session = createSession(await loadEngine("wasm", assets, wasm), wasm);
});

const pod = (name: string): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec:\n  hostNetwork: true # why\n  containers: [{name: a, image: example.com/a:1}]\n`;
const ask = (more: Partial<Question> = {}): Question => ({ manifest: `${pod("one")}---\n${pod("two")}`, config: "", bundle: "", rules: ["host-network-dns-policy"], ...more });

test("a fix of one finding leaves the others", async () => {
  const answer = await session.check(ask());
  if ("problems" in answer) throw new Error("there are problems");
  expect(answer.fixable.map(({ line, wrote }) => [line, wrote])).toEqual([[4, "dnsPolicy: ClusterFirstWithHostNet"], [11, "dnsPolicy: ClusterFirstWithHostNet"]]);
  const written = pod("two").replace("# why\n", "# why\n  dnsPolicy: ClusterFirstWithHostNet\n");
  expect(await session.fix(ask(), answer.fixable[1])).toBe(`${pod("one")}---\n${written}`);
});

test("all fixes together", async () => {
  const text = await session.fix(ask());
  expect(text.match(/dnsPolicy: ClusterFirstWithHostNet/g)).toHaveLength(2);
  expect(await session.check(ask({ manifest: text }))).toMatchObject({ report: { findings: [] }, fixable: [] });
});

test("a fix that the settings refuse is not offered, and why is said", async () => {
  const config = "rules:\n  host-network-dns-policy:\n    parameters:\n      dnsPolicies: [Default]\n";
  expect(await session.check(ask({ config }))).toMatchObject({ fixable: [], notFixable: [{ why: "the rule, as it is set, finds fault with `ClusterFirstWithHostNet` as well" }, {}] });
});

test.each([
  ["an unknown rule", { config: "rules:\n  host-network-dns-polcy: {}\n" }, { line: 2, help: "did you mean `host-network-dns-policy`?" }],
  ["a wrong parameter", { config: "rules:\n  host-network-dns-policy:\n    parameters:\n      dnsPolicies: 1\n" }, { line: 4 }],
  ["no YAML", { config: "rules: [" }, { line: 1 }],
  ["an unknown bundle", { bundle: "akc" }, { message: "unknown bundle `akc`" }],
  ["a rule that the bundle leaves out", { bundle: "ack", rules: ["restrict-host-namespaces"] }, { message: "rule `restrict-host-namespaces` is not in bundle `ack`" }],
  ["no rule at all", { config: "rules:\n  host-network-dns-policy:\n    enforcement: off\n" }, { message: "rule `host-network-dns-policy` is switched off in the config" }],
])("with %s nothing is checked", async (_, more, problem) => {
  expect(await session.check(ask(more))).toEqual({ problems: [expect.objectContaining(problem)] });
  await expect(session.fix(ask(more))).rejects.toThrow();
});

test("an unreadable manifest is an error at its line, beside what can be read", async () => {
  const answer = await session.check(ask({ manifest: `${pod("one")}---\na: [\n` }));
  expect(answer).toMatchObject({ report: { findings: [{ rule: "host-network-dns-policy" }], inputErrors: [{ line: 9 }] } });
});

test("the command that does the same", () => {
  expect(commandFor(ask({ bundle: "ack", config: "rules: {}" }))).toBe("npx policy-test --bundle ack --rule host-network-dns-policy --config policy-test.yaml manifest.yaml");
  expect(commandFor(ask({ rules: [] }))).toBe("npx policy-test manifest.yaml");
});

test("a waived finding is shown, with its reason, and not fixed", async () => {
  const config = "waivers:\n  - rule: host-network-dns-policy\n    match: {name: one}\n    reason: it resolves nothing\n    expires: 2999-12-31\n";
  expect(await session.check(ask({ config }))).toMatchObject({ report: { findings: [{ waived: { reason: "it resolves nothing" } }, { line: 11 }] }, fixable: [{ line: 11 }] });
});
