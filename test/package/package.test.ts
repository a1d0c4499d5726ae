/** The package in a stranger's project: what is in it, what it brings along, and that each way of using it works. */
import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fences, read } from "../../docs/markdown.js";
import { isMapping } from "../../manifest/mapping.js";
import { execute } from "../engines/process.js";
import { installPackage, root, type Project } from "./pack.js";

let project: Project;
beforeAll(async () => {
  project = await installPackage();
  cpSync(join(root, "examples"), join(project.folder, "examples"), { recursive: true });
});
afterAll(() => {
  project.remove();
});

const installed = (): string => join(project.folder, "node_modules");
const under = (value: unknown, name: string): unknown => (isMapping(value) ? value[name] : undefined);

describe("the package", () => {
  test("stays under 3 MB unpacked", () => {
    expect(project.packed.unpackedSize).toBeLessThan(3_000_000);
  });

  test("holds no tests, fixtures, maps or sources of other tools", () => {
    const paths = project.packed.files.map(({ path }) => path);
    expect(paths.filter((path) => /(^|\/)(test|tests|fixtures|bench|cluster|fuzz|\.chainsaw-test|node_modules)\/|\.test\.|\.map$|\.tsbuildinfo$|(^|\/)(suite|kyverno-test)\.yaml$/.test(path))).toEqual([]);
    expect(paths).toEqual(expect.arrayContaining(["LICENSE", "NOTICE", "README.md", "CHANGELOG.md", "package.json", "wasm/policy.wasm", "wasm/manifest.json"]));
  });

  test("is taken by npm publish, for everybody and with provenance", async () => {
    // Nobody listens there: a dry run asks the registry for nothing that it needs.
    const { status, stdout, stderr } = await project.run("npm", "publish", "--dry-run", "--fetch-retries=0", "--registry=http://127.0.0.1:9/", project.tarball);
    expect(stdout).toMatch(/^\+ hostnetwork-policies@\d/);
    expect(stderr).toContain("with tag latest and public access (dry-run)");
    expect(stderr.split("\n").filter((line) => line.startsWith("npm warn"))).toEqual([expect.stringContaining("requires you to be logged in")]);
    expect(status).toBe(0);
    const manifest: unknown = JSON.parse(readFileSync(join(installed(), "hostnetwork-policies", "package.json"), "utf8"));
    expect(under(under(manifest, "publishConfig"), "provenance")).toBe(true);
  });

  test("and all that it depends on run no scripts when installed, and build nothing", () => {
    const manifests = globSync("**/package.json", { cwd: installed(), dot: true });
    expect(manifests.length).toBeGreaterThan(5);
    const scripted = manifests.filter((path) => {
      const scripts = under(JSON.parse(readFileSync(join(installed(), path), "utf8")), "scripts");
      return ["preinstall", "install", "postinstall"].some((name) => under(scripts, name) !== undefined);
    });
    expect(scripted).toEqual([]);
    expect(globSync("**/{binding.gyp,*.node,*.so,*.dll,*.dylib}", { cwd: installed(), dot: true })).toEqual([]);
  });

  test("brings no compiler along", () => {
    const names = globSync("{*,@*/*}/package.json", { cwd: installed() }).map((path) => path.slice(0, -"/package.json".length));
    expect(names).toContain("hostnetwork-policies");
    expect(names.filter((name) => /typescript|esbuild|handlebars|vitest|eslint/.test(name))).toEqual([]);
  });
});

describe("the command", () => {
  test("checks files", async () => {
    const { status, stdout, stderr } = await project.run("npx", "policy-test", "examples/bad.yaml");
    expect(stderr).toBe("");
    expect(stdout).toContain("restrict-host-network");
    expect(status).toBe(1);
  });

  test("lists and explains rules and bundles", async () => {
    expect((await project.run("npx", "policy-test", "list", "--bundle", "ack")).stdout).toContain("host-network-dns-policy");
    expect((await project.run("npx", "policy-test", "explain", "host-network-dns-policy")).status).toBe(0);
  });

  test("runs the rules as JavaScript, checks parameters and fixes", async () => {
    const given = ["policy-test", "--engine", "js", "--config", "examples/policy-test.yaml", "--fix", "--dry-run", "examples/bad.yaml"];
    const { status, stdout } = await project.run("npx", ...given);
    expect(stdout).toContain("+  dnsPolicy: ClusterFirstWithHostNet");
    expect(status).toBe(1);
  });
});

describe("a program in strict TypeScript", () => {
  // The examples of the page, as modules of their own, beside a program that uses the types.
  const folder = (): string => join(project.folder, "consumer");
  beforeAll(() => {
    mkdirSync(folder());
    for (const name of ["program.ts", "common.cts", "rule.ts"]) copyFileSync(join(import.meta.dirname, "fixtures", name), join(folder(), name));
    const examples = fences(read("docs/library-api.md")).filter(({ mark }) => mark === "run");
    for (const [index, { text }] of examples.entries()) writeFileSync(join(folder(), `example-${String(index)}.ts`), text);
    writeFileSync(join(folder(), "console.d.ts"), "declare const console: { log(...words: unknown[]): void };\n");
  });

  /** Compiles everything without any types but the package's own. */
  const compile = async (module: string, moduleResolution: string, ...more: string[]): Promise<string> => {
    writeFileSync(
      join(folder(), "tsconfig.json"),
      JSON.stringify({
        compilerOptions: { strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, types: [], lib: ["ES2023"], target: "ES2022", module, moduleResolution, outDir: "out" },
      }),
    );
    return (await project.run("node", join(root, "node_modules/typescript/bin/tsc"), "-p", "consumer", ...more)).stdout;
  };

  test("compiles with node16, but for what requires it", async () => {
    // For node16 CommonJS cannot require a module, which every Node of `engines` can.
    const lines = (await compile("node16", "node16", "--noEmit")).split("\n").filter((line) => line !== "" && !line.startsWith(" "));
    expect(lines).toEqual([expect.stringMatching(/^consumer\/common\.cts\(1,23\): error TS1479: /)]);
  });

  test("compiles with bundler", async () => {
    expect(await compile("preserve", "bundler", "--noEmit")).toBe("");
  });

  test("compiles with nodenext, and runs", async () => {
    expect(await compile("nodenext", "nodenext")).toBe("");
    expect((await project.run("node", "consumer/out/program.js")).stdout).toBe("web.yaml:5:16 restrict-host-network deny\nexit 1\nCheckError: unknown rule `no-such-rule`\n");
    expect((await project.run("node", "consumer/out/rule.js")).stdout).toBe("own-rule\n");
  });

  test("may be CommonJS, with require and with import()", async () => {
    const { status, stdout, stderr } = await project.run("node", "consumer/out/common.cjs");
    expect(stdout + stderr.replace(/.*ExperimentalWarning.*\n.*trace-warnings.*\n/, "")).toBe("the same function\n1 finding\n");
    expect(status).toBe(0);
  });
});

test("importing the package loads none of its dependencies", async () => {
  // Where there are none.
  const modules = join(project.folder, "..", "bare", "node_modules");
  cpSync(join(installed(), "hostnetwork-policies"), join(modules, "hostnetwork-policies"), { recursive: true });
  const program = 'const { check, defineRule } = await import("hostnetwork-policies"); console.log(typeof check, typeof defineRule, await check({ files: [{ name: "a", text: "a: 1" }] }).catch(({ code }) => code))';
  const { stdout, stderr } = await execute("node", ["--input-type=module", "--eval", program], join(modules, ".."));
  expect(stdout, stderr).toBe("function function ERR_MODULE_NOT_FOUND\n");
});
