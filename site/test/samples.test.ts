/** What the playground starts from says there what the page says, with the code that runs in the browser. */
import { beforeAll, describe, expect, test } from "vitest";
import { fences, read, sections } from "../../docs/markdown.js";
import { packageAssets, readWasmManifest } from "../../policy-test/assets.js";
import { loadEngine } from "../../policy-test/engine.js";
import { casesOf, samples } from "../build/samples.js";
import type { Sample } from "../playground/samples.js";
import { createSession, type Session } from "../playground/session.js";

const assets = packageAssets();
const manifest = readWasmManifest(assets.manifest);
const ids = manifest.rules.map(({ id }) => id);
const shown = (section: string): Sample[] => ids.flatMap((id) => casesOf(id, section));

let session: Session;
beforeAll(async () => {
  session = createSession(await loadEngine("wasm", assets, manifest), manifest);
});

/** What is found in the first document of a sample; the rest is what it is seen beside. */
async function messagesOf(sample: Sample): Promise<string[]> {
  const answer = await session.check(sample);
  if ("problems" in answer) throw new Error(answer.problems.map(({ message }) => message).join());
  expect(answer.report.inputErrors).toEqual([]);
  const end = sample.manifest.split("\n").indexOf("---");
  return answer.report.findings.filter(({ line }) => end === -1 || line <= end).map(({ message }) => message);
}

function saidOnPage(rule: string, name: string): string[] {
  const [section = "", title = ""] = name.split(/: (.*)/s);
  const text = sections(sections(read(`docs/rules/${rule}.md`), 2).get(section) ?? "", 3).get(title) ?? "";
  return fences(text).filter(({ mark }) => mark === "messages").flatMap((block) => block.text.trimEnd().split("\n"));
}

test("every rule has cases of both sorts, and the examples come first", () => {
  for (const id of ids) {
    expect(casesOf(id, "Avoid")).not.toEqual([]);
    expect(casesOf(id, "Prefer")).not.toEqual([]);
  }
  const names = samples(ids).map(({ name }) => name);
  expect(names.slice(0, 4)).toEqual(["node-exporter.yaml", "node-exporter-fixed.yaml with policy-test.yaml", "bad.yaml", "before.yaml"]);
});

describe("avoid", () => {
  test.each(shown("Avoid"))("$rule: $name", async (sample) => {
    const said = saidOnPage(sample.rule ?? "", sample.name);
    expect(said).not.toEqual([]);
    expect((await messagesOf(sample)).sort()).toEqual(said.sort());
  });
});

describe("prefer", () => {
  test.each(shown("Prefer"))("$rule: $name", async (sample) => {
    expect(await messagesOf(sample)).toEqual([]);
  });
});
