/** What strangers do with the package, on the oldest Node that it admits and on the newest: the command, the library, and rules of their own. */
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { execute, type Output } from "../engines/process.js";
import { installNode, nodeVersions } from "./node.js";
import { installPackage, root, type Project } from "./pack.js";

const generator = "node_modules/hostnetwork-policies/dist/generator";
const nodes = mkdtempSync(join(tmpdir(), "nodes-"));
let project: Project;
beforeAll(async () => {
  project = await installPackage();
  cpSync(join(root, "examples"), join(project.folder, "examples"), { recursive: true });
});
afterAll(() => {
  project.remove();
  rmSync(nodes, { recursive: true });
});

test("without its packages, the compiler says how to install them, and that does", async () => {
  const { status, stderr } = await project.run("node", `${generator}/main.js`);
  expect(stderr).toContain("error: the compiler needs packages that are not installed: ");
  expect(status).toBe(2);
  const [, command = ""] = /^help: npm (install --save-dev .+)$/m.exec(stderr) ?? [];
  expect(command).toMatch(/ typescript@\d/);
  expect((await project.run("npm", ...command.split(" "), "--prefer-offline", "--no-audit", "--no-fund")).status).toBe(0);
});

describe.each(nodeVersions())("with Node %s", (version) => {
  let bin: string;
  let folder: string;
  beforeAll(async () => {
    bin = await installNode(version, join(nodes, version));
    folder = join(project.folder, `with-${version}`);
    mkdirSync(join(folder, "rules"), { recursive: true });
  });
  /** Runs a program, and what it starts, with this Node. */
  const run = (...given: string[]): Promise<Output> => execute("env", [`PATH=${bin}:${process.env["PATH"] ?? ""}`, ...given], folder);

  test("the tests run that Node", async () => {
    expect((await run("node", "--version")).stdout).toBe(`v${version}\n`);
  });

  test("the command finds what it finds here", async () => {
    const given = ["--no-install", "policy-test", "--format", "json", "--bundle", "recommended", "../examples/bad.yaml"];
    const here = await execute("npx", given, folder);
    expect(here.stdout).toContain("restrict-host-network");
    expect(await run("npx", ...given)).toEqual(here);
    expect(here.status).toBe(1);
  });

  test("every entry of the package is imported, and required", async () => {
    writeFileSync(join(folder, "imports.mjs"), `
      import { createRequire } from "node:module";
      const manifest = createRequire(import.meta.url)("hostnetwork-policies/package.json");
      const names = Object.keys(manifest.exports).map((path) => manifest.name + path.slice(1)).filter((name) => !name.endsWith(".json"));
      for (const name of names) {
        const imported = await import(name);
        console.log(name, Object.keys(imported).length > 0, createRequire(import.meta.url)(name) === imported);
      }`);
    const { stdout } = await run("node", "imports.mjs");
    expect(stdout).toBe(["", "/generator", "/policy-test"].map((path) => `hostnetwork-policies${path} true true\n`).join(""));
  });

  test("a rule of one's own is compiled to every target, and policy-test finds with it", async () => {
    expect((await run("node", `../${generator}/new-rule/main.js`, "own-rule", "--rules", "rules")).status).toBe(0);
    const generated = await run("node", `../${generator}/main.js`, "--rules", "rules", "--out", ".");
    expect(generated.status, generated.stderr).toBe(0);
    const written = globSync(["library/*/own-rule/**", "docs/rules/own-rule.md", "wasm/*"], { cwd: folder });
    expect(written).toEqual(expect.arrayContaining(["library/gatekeeper/own-rule/template.yaml", "library/kyverno/own-rule/own-rule.yaml", "library/kyverno/own-rule/cluster-policy/own-rule.yaml", "library/admission-policy/own-rule/policy.yaml", "docs/rules/own-rule.md", "wasm/manifest.json", "wasm/policy.wasm"]));
    expect((await run("node", `../${generator}/main.js`, "--rules", "rules", "--out", ".", "--check")).stderr).toBe("");

    expect((await run("npx", "--no-install", "policy-test", "list", "--compiled", "wasm")).stdout).toMatch(/^RULE .*\nown-rule .*\n$/);
    const found = await run("npx", "--no-install", "policy-test", "--compiled", "wasm", "--format", "compact", "../examples/bad.yaml");
    expect(found.stdout).toMatch(/ own-rule /);
    expect(found.stdout).not.toContain("restrict-host-network");
  });

  test("a program in TypeScript compiles, and runs the compiler", async () => {
    copyFileSync(join(import.meta.dirname, "fixtures", "compiler.ts"), join(folder, "compiler.ts"));
    writeFileSync(join(folder, "console.d.ts"), "declare const console: { log(...words: unknown[]): void };\n");
    for (const [module, moduleResolution] of [["preserve", "bundler"], ["node16", "node16"], ["nodenext", "nodenext"]]) {
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: { strict: true, module, moduleResolution, types: [], target: "es2022", lib: ["ES2023"] }, files: ["compiler.ts", "console.d.ts"] }));
      expect((await run("npx", "--no-install", "tsc")).stdout, moduleResolution).toBe("");
    }
    expect((await run("node", "compiler.js")).stdout).toBe("own-rule\n");
  });
});
