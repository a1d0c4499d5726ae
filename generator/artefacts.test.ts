import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { findEngine, type Engine } from "../engines/index.js";
import { differences, generate, type Place } from "./artefacts.js";
import type { CompiledRule } from "./compiled.js";
import { tinyRule } from "./targets/fixtures/tiny-rule.js";
import { buildWasm, digest, fileInTar, regoModules, sourceDigest, wasmManifest } from "./wasm.js";

const noOpa = (): Engine => {
  throw new Error("no opa here");
};

let place: Place;

beforeEach(() => {
  place = { rules: "somewhere", out: mkdtempSync(join(tmpdir(), "artefacts-")) };
});

afterEach(() => {
  rmSync(place.out, { recursive: true });
});

/** A module that was compiled from the rules, as far as can be told from digests. */
function pretendWasm(rules: readonly CompiledRule[]): void {
  const wasm = "\0asm";
  const built = { opa: "1.0.0", source: sourceDigest(regoModules(rules)), wasm: digest(wasm) };
  mkdirSync(join(place.out, "wasm"), { recursive: true });
  writeFileSync(join(place.out, "wasm/policy.wasm"), wasm);
  writeFileSync(join(place.out, "wasm/manifest.json"), `${JSON.stringify(wasmManifest(rules, built), null, 2)}\n`);
}

const retitled: CompiledRule = { ...tinyRule, meta: { ...tinyRule.meta, title: "Another title" } };
const recoded: CompiledRule = { ...tinyRule, rego: () => "package other\n" };
const template = "library/gatekeeper/tiny-host-network/template.yaml";

describe("what is generated", () => {
  beforeEach(() => {
    pretendWasm([tinyRule]);
    generate([tinyRule], place, noOpa);
  });

  test("is clean, and stays untouched by a second run", () => {
    expect(differences([tinyRule], place)).toEqual([]);
    const old = new Date(1_000_000);
    utimesSync(join(place.out, template), old, old);
    expect(generate([tinyRule], place, noOpa)).toEqual([]);
    expect(statSync(join(place.out, template)).mtime).toEqual(old);
  });

  test("names stale and missing files", () => {
    writeFileSync(join(place.out, template), "edited\n");
    rmSync(join(place.out, "library/kyverno/README.md"));
    const found = [
      { path: template, change: "stale" },
      { path: "library/kyverno/README.md", change: "missing" },
    ];
    expect(differences([tinyRule], place)).toEqual(found);
    expect(generate([tinyRule], place, noOpa)).toEqual(found);
    expect(differences([tinyRule], place)).toEqual([]);
  });

  test("keeps what somebody put there by hand, and removes what it had made itself", () => {
    writeFileSync(join(place.out, "library/notes.txt"), "mine\n");
    writeFileSync(join(place.out, "library/old.yaml"), "# Generated from x.ts by hostnetwork-policies; do not edit.\n");
    expect(differences([tinyRule], place).map(({ path, change }) => `${change} ${path}`)).toEqual([
      "orphan library/notes.txt",
      "orphan library/old.yaml",
    ]);
    expect(generate([tinyRule], place, noOpa)).toEqual([{ path: "library/old.yaml", change: "orphan" }]);
    expect(readdirSync(join(place.out, "library"))).toContain("notes.txt");
  });

  test("includes a page for each rule, and no other in their folder", () => {
    expect(readdirSync(join(place.out, "docs/rules")).toSorted()).toEqual(["README.md", "tiny-host-network.md"]);
    writeFileSync(join(place.out, "docs/rules/old.md"), "<!-- Generated from x.ts by hostnetwork-policies; do not edit. -->\n");
    rmSync(join(place.out, "docs/rules/README.md"));
    const found = [
      { path: "docs/rules/README.md", change: "missing" },
      { path: "docs/rules/old.md", change: "orphan" },
    ];
    expect(differences([tinyRule], place)).toEqual(found);
    expect(generate([tinyRule], place, noOpa)).toEqual(found);
    expect(differences([tinyRule], place)).toEqual([]);
  });

  test("does not replace a page of somebody's own", () => {
    writeFileSync(join(place.out, "docs/rules/README.md"), "# My rules\n");
    rmSync(join(place.out, template));
    expect(() => generate([tinyRule], place, noOpa)).toThrow(`\`${join(place.out, "docs/rules/README.md")}\` is a page that was not generated; move it out of the way`);
    expect(readFileSync(join(place.out, "docs/rules/README.md"), "utf8")).toBe("# My rules\n");
    expect(existsSync(join(place.out, template))).toBe(false);
  });

  test("includes the bundles, in the library and in the manifest", () => {
    const bundles = join(place.out, "bundles");
    mkdirSync(bundles);
    writeFileSync(join(bundles, "mine.yaml"), "title: Mine\ndescription: For tests.\nothers: warn\n");
    expect(generate([tinyRule], { ...place, bundles }, noOpa)).toContainEqual({ path: "library/kyverno/bundles/mine/kustomization.yaml", change: "missing" });
    expect(differences([tinyRule], { ...place, bundles })).toEqual([]);
    expect(JSON.parse(readFileSync(join(place.out, "wasm/manifest.json"), "utf8"))).toMatchObject({ bundles: [{ name: "mine", rules: [{ id: "tiny-host-network", enforcement: "warn", parameters: {} }] }] });
    // Without the bundle again its files are orphans.
    expect(differences([tinyRule], place)).toContainEqual({ path: "library/kyverno/bundles/mine/kustomization.yaml", change: "orphan" });
  });

  test("needs no opa where the Rego is the same", () => {
    const found = differences([retitled], place);
    expect(found).toContainEqual({ path: "wasm/manifest.json", change: "stale" });
    expect(found).not.toContainEqual({ path: "wasm/policy.wasm", change: "stale" });
    expect(generate([retitled], place, noOpa)).toEqual(found);
    expect(differences([retitled], place)).toEqual([]);
  });

  test("is stale where the Rego changed, or the module", () => {
    const both = [
      { path: "wasm/manifest.json", change: "stale" },
      { path: "wasm/policy.wasm", change: "stale" },
    ];
    expect(differences([recoded], place)).toEqual(expect.arrayContaining(both));
    expect(() => generate([recoded], place, noOpa)).toThrow("no opa here");
    writeFileSync(join(place.out, "wasm/policy.wasm"), "other");
    expect(differences([tinyRule], place)).toEqual(expect.arrayContaining(both));
  });
});

test("cases of no rule are an error", () => {
  const cases = join(place.out, "cases");
  mkdirSync(cases);
  writeFileSync(join(cases, "no-such-rule.yaml"), "cases: []\n");
  expect(() => differences([tinyRule], { ...place, cases })).toThrow(/no-such-rule\.yaml holds cases of a rule that does not exist/);
});

const opa = findEngine("opa");

describe.skipIf(opa === undefined)("with opa", () => {
  const build = () => buildWasm([tinyRule], opa ?? noOpa());

  test("the module is the same in every run", () => {
    expect(digest(build().wasm)).toBe(digest(build().wasm));
  });

  test("the manifest tells source and module", () => {
    const { wasm, manifest } = build();
    expect(manifest).toMatchObject({ source: sourceDigest(regoModules([tinyRule])), wasm: digest(wasm), entrypoint: "hostnetwork/findings" });
  });

  test("a builtin that differs in Node is refused", () => {
    const rule: CompiledRule = { ...tinyRule, rego: (path) => `package ${path.join(".")}\n\nviolation contains sprintf("%d", [1])\n` };
    expect(() => buildWasm([rule], opa ?? noOpa())).toThrow(/undefined function sprintf/);
  });

  test("generate writes module and manifest", () => {
    generate([tinyRule], place, () => opa ?? noOpa());
    expect(differences([tinyRule], place)).toEqual([]);
    expect(readFileSync(join(place.out, "wasm/policy.wasm")).subarray(0, 4).toString("latin1")).toBe("\0asm");
  });
});

test("a file is read from a tar archive", () => {
  const header = (name: string, size: number): Buffer => {
    const block = Buffer.alloc(512);
    block.write(name, 0);
    block.write(size.toString(8).padStart(11, "0"), 124);
    return block;
  };
  const body = (text: string): Buffer => Buffer.concat([Buffer.from(text)], 512);
  const archive = Buffer.concat([header("/a", 3), body("one"), header("/b", 2), body("ok"), Buffer.alloc(1024)]);
  expect(Buffer.from(fileInTar(archive, "/b")).toString()).toBe("ok");
  expect(() => fileInTar(archive, "/c")).toThrow("no /c");
});
