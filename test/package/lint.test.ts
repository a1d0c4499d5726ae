/** The packed package as publint and are-the-types-wrong see it; and that they see what is wrong. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { lintTarball } from "./lint.js";
import { must, packFolder } from "./pack.js";

const { tarball } = inject("package");
const temporary = mkdtempSync(join(tmpdir(), "package-lint-"));
afterAll(() => {
  rmSync(temporary, { recursive: true });
});

test("publint and are-the-types-wrong find nothing", async () => {
  expect(await lintTarball(tarball)).toEqual([]);
});

describe("in a copy with these faults, they find", () => {
  const edit = (path: string, from: string, to: string): void => {
    const text = readFileSync(path, "utf8");
    expect(text).toContain(from);
    writeFileSync(path, text.replace(from, to));
  };
  const faults: readonly (readonly [name: string, plant: (folder: string) => void, found: readonly RegExp[]])[] = [
    ["a wrong path of types", (folder) => edit(join(folder, "package.json"), "./dist/generator/index.d.ts", "./dist/generator/types.d.ts"), [/^publint: error: .*generator\/types\.d\.ts/, /^are-the-types-wrong: FallbackCondition: \.\/generator node16-esm/]],
    ["CommonJS that calls itself a module", (folder) => writeFileSync(join(folder, "dist/generator/index.js"), "module.exports = {};\n"), [/^publint: error: .*generator\/index\.js and is written in CJS/]],
    ["a file that is missing", (folder) => rmSync(join(folder, "dist/policy-test/index.js")), [/^publint: error: .*policy-test\/index\.js but the file does not exist/]],
    ["declarations that import a missing file", (folder) => ["report.d.ts", "report.js"].forEach((name) => rmSync(join(folder, "dist/policy-test", name))), [/^are-the-types-wrong: InternalResolutionError: .*policy-test\/index\.d\.ts/]],
    ["conditions in the wrong order", (folder) => edit(join(folder, "package.json"), '"types": "./dist/index.d.ts",\n      "default": "./dist/index.js"', '"default": "./dist/index.js",\n      "types": "./dist/index.d.ts"'), [/^publint: error: .*exports\["\."\]\.types should be the first/]],
    ["a command that is missing", (folder) => rmSync(join(folder, "dist/policy-test/bin.js")), [/^publint: error: .*bin\.js but the file does not exist/]],
  ];
  let found: readonly string[];
  beforeAll(async () => {
    await must(temporary, "tar", "-xzf", tarball);
    const folder = join(temporary, "package");
    for (const [, plant] of faults) plant(folder);
    found = await lintTarball((await packFolder(folder, temporary, "--ignore-scripts")).tarball);
  });

  test.each(faults)("%s", (_, __, expected) => {
    for (const pattern of expected) expect(found).toContainEqual(expect.stringMatching(pattern));
  });
});
