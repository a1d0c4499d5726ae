import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { buildEngine } from "./build.js";
import { engineNames, recipeOf } from "./catalogue.js";
import { cacheDirectory, findEngine, requireEngine } from "./find.js";
import { parseModuleVersion } from "./version.js";

let root: string;
/** Nothing but the folder of the fakes is on PATH: no Go, no engine of the machine. */
let environment: NodeJS.ProcessEnv;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "engines-test-"));
  environment = { HOSTNETWORK_POLICIES_ENGINES: join(root, "cache"), PATH: join(root, "bin") };
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function writeProgram(path: string, script: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

function writeGo(script: string): void {
  writeProgram(join(root, "bin", "go"), script);
}

describe("cache directory", () => {
  test.each<[string, NodeJS.ProcessEnv, string]>([
    ["own variable", { HOSTNETWORK_POLICIES_ENGINES: "/own", XDG_CACHE_HOME: "/xdg", HOME: "/home/me" }, "/own"],
    ["XDG", { XDG_CACHE_HOME: "/xdg", HOME: "/home/me" }, "/xdg/hostnetwork-policies/engines"],
    ["home", { HOME: "/home/me" }, "/home/me/.cache/hostnetwork-policies/engines"],
    ["empty variables count as unset", { HOSTNETWORK_POLICIES_ENGINES: "", XDG_CACHE_HOME: "", HOME: "/home/me" }, "/home/me/.cache/hostnetwork-policies/engines"],
  ])("%s", (_, variables, expected) => {
    expect(cacheDirectory(variables)).toBe(expected);
  });
});

describe("versions", () => {
  test.each([
    ["go install", "opa: go1.26.8\n\tpath\texample/opa\n\tmod\texample/opa\tv1.17.1\th1:x=\n", "1.17.1"],
    ["wrapper module", "\tmod\twrapper\t(devel)\n\tdep\texample/opa\tv1.17.1\th1:x=\n", "1.17.1"],
    ["work tree", "\tmod\texample/opa\t(devel)\n", undefined],
    ["longer module path", "\tdep\texample/opa/v2\tv2.0.0\th1:x=\n", undefined],
    ["not a Go program", "", undefined],
  ])("of a module: %s", (_, output, expected) => {
    expect(parseModuleVersion(output, "example/opa")).toBe(expected);
  });

  test.each([
    ["opa", "Version: 1.17.1\nBuild Commit: \nGo Version: go1.26.8"],
    ["gator", "gator version v3.23.1 (Feature State: beta), opa/v1.17.1, frameworks/v0.0.0"],
    ["kyverno", "Version: v1.19.0\nTime: ---\nGit commit ID: ---"],
  ] as const)("%s tells its own", (name, output) => {
    expect(recipeOf(name).versionOutput.pattern.exec(output)?.[1]).toBe(recipeOf(name).version);
  });

  test.each([
    ["gator", "gator version devel (unknown) (Feature State: beta), opa/v3.23.1"],
    ["kyverno", "Version: (devel)\nTime: ---"],
  ] as const)("%s without one does not borrow another's", (name, output) => {
    expect(recipeOf(name).versionOutput.pattern.exec(output)?.[1]).not.toBe(recipeOf(name).version);
  });

  test("a stamped version is the version that is built", () => {
    for (const name of engineNames) {
      const { stamp, version } = recipeOf(name);
      const [major, minor] = version.split(".");
      for (const [variable, value] of Object.entries(stamp ?? {})) {
        expect(value, `${name}: ${variable}`).toBe(variable.endsWith(".gitMajor") ? major : variable.endsWith(".gitMinor") ? minor : `v${version}`);
      }
    }
  });
});

describe("finding", () => {
  test("the cache comes before PATH and is not run", () => {
    const cached = join(root, "cache", "opa-1.17.1", "opa");
    writeProgram(cached, "exit 1");
    writeProgram(join(root, "bin", "opa"), "echo Version: 1.17.1");
    expect(findEngine("opa", environment)).toEqual({ name: "opa", version: "1.17.1", path: cached });
  });

  test("a binary of the right version on PATH", () => {
    writeProgram(join(root, "bin", "opa"), "echo Version: 1.17.1");
    expect(findEngine("opa", environment)?.path).toBe(join(root, "bin", "opa"));
  });

  test("another version on PATH does not hide the right one behind it", () => {
    writeProgram(join(root, "bin", "opa"), "echo Version: 1.17.10");
    expect(findEngine("opa", environment)).toBeUndefined();
    writeProgram(join(root, "more", "opa"), "echo Version: 1.17.1");
    const path = `${join(root, "bin")}:${join(root, "more")}`;
    expect(findEngine("opa", { ...environment, PATH: path })?.path).toBe(join(root, "more", "opa"));
  });

  test("go knows the version of a binary that does not", () => {
    writeProgram(join(root, "bin", "opa"), "echo Version:");
    writeGo("echo mod github.com/open-policy-agent/opa v1.17.1 h1:x=");
    expect(findEngine("opa", environment)?.path).toBe(join(root, "bin", "opa"));
  });

  test("a missing engine is an error that says how to get it", () => {
    expect(() => requireEngine("gator", environment)).toThrow(
      `gator 3.23.1 is neither in ${join(root, "cache")} nor on PATH\nhelp: run \`npm run engines -- gator\``,
    );
  });
});

describe("building", () => {
  const goVersion = 'if [ "$1" = env ]; then echo go1.26.0; exit; fi';

  test("without Go", async () => {
    await expect(buildEngine("opa", undefined, environment)).rejects.toThrow(
      "opa 1.17.1 is missing and building it needs Go >= 1.26, but there is no `go` on PATH\nhelp: install Go 1.26",
    );
  });

  test("with an old Go", async () => {
    writeGo("echo go1.25.9");
    await expect(buildEngine("opa", undefined, environment)).rejects.toThrow("`go` on PATH is go1.25.9");
  });

  test("a finished build is found, whatever go calls the file", async () => {
    writeGo(`${goVersion}; : > "$GOBIN/cmd"; /bin/chmod +x "$GOBIN/cmd"`);
    const engine = await buildEngine("gator", undefined, environment);
    expect(engine).toEqual(findEngine("gator", environment));
    expect(readdirSync(join(root, "cache"))).toEqual(["gator-3.23.1"]);
  });

  test("two builds at once", async () => {
    writeGo(`${goVersion}; : > "$GOBIN/gator"; /bin/chmod +x "$GOBIN/gator"`);
    const [one, other] = await Promise.all([buildEngine("gator", undefined, environment), buildEngine("gator", undefined, environment)]);
    expect(one).toEqual(other);
    expect(readdirSync(join(root, "cache"))).toEqual(["gator-3.23.1"]);
  });

  test("a failed build shows go's message and leaves nothing", async () => {
    writeGo(`${goVersion}; echo "no space" >&2; exit 1`);
    await expect(buildEngine("kyverno", undefined, environment)).rejects.toThrow(/^`go build .*kubectl-kyverno` failed\nno space$/);
    expect(readdirSync(join(root, "cache"))).toEqual([]);
  });
});
