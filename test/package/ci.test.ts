/** What CI systems and pre-commit run of this package does what docs/ci.md says: the scripts are taken from there and from action.yml. */
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { load } from "js-yaml";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fences, read } from "../../docs/markdown.js";
import { isMapping } from "../../manifest/mapping.js";
import { execute, type Output } from "../engines/process.js";
import { installPackage, root, type Project } from "./pack.js";

let project: Project;
beforeAll(async () => {
  project = await installPackage();
  for (const name of ["bad.yaml", "node-exporter-fixed.yaml"]) {
    mkdirSync(join(project.folder, "deploy"), { recursive: true });
    copyFileSync(join(root, "examples", name), join(project.folder, "deploy", name));
  }
});
afterAll(() => {
  project.remove();
});

const at = (value: unknown, ...path: readonly string[]): unknown => path.reduce<unknown>((found, name) => (isMapping(found) || Array.isArray(found) ? Reflect.get(found, name) : undefined), value);

/** As GitHub starts a script of `shell: bash`. */
async function bash(script: string, environment: Readonly<Record<string, string>>): Promise<Output> {
  const file = join(project.folder, "..", "step.sh");
  writeFileSync(file, script);
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return execute("env", [...variables, "bash", "--noprofile", "--norc", "-eo", "pipefail", file], project.folder);
}

describe("the action's step", () => {
  const action: unknown = load(read("action.yml"));
  const script = String(at(action, "runs", "steps", "1", "run"));
  const inputs = at(action, "inputs");

  /** Runs the step with these inputs, and the defaults of the others. */
  const run = (given: Readonly<Record<string, string>>, installed = project.source): Promise<Output> => {
    const names = isMapping(inputs) ? Object.keys(inputs).filter((name) => name !== "working-directory") : [];
    const all = names.map((name): [string, string] => [`INPUT_${name.toUpperCase().replaceAll("-", "_")}`, given[name] ?? String(at(inputs, name, "default"))]);
    return bash(script, { ...Object.fromEntries(all), GITHUB_ACTION_PATH: installed });
  };

  test("checks with the defaults, in GitHub's format", async () => {
    const { status, stdout } = await run({ paths: "deploy" });
    expect(stdout).toMatch(/^::error file=deploy\/bad\.yaml,line=\d+/m);
    expect(status).toBe(1);
  });

  test("passes every input on, and each line of one as a flag of its own", async () => {
    const bin = join(project.folder, "../stub/dist/policy-test/bin.js");
    mkdirSync(dirname(bin), { recursive: true });
    writeFileSync(bin, "console.log(JSON.stringify(process.argv.slice(2)))");
    const { stdout } = await run(
      {
        paths: "deploy\n\nother folder/*.yaml\n",
        config: "my config.yaml",
        bundle: "ack",
        rules: "one\ntwo",
        inventory: "cluster\n-x",
        base: "/tmp/base",
        "changed-only": "true",
        namespace: "shop",
        format: "github\nsarif=out.sarif\n",
        "fail-on": "warn",
      },
      join(project.folder, "../stub"),
    );
    const lists = ["--config=my config.yaml", "--bundle=ack", "--rule=one", "--rule=two", "--inventory=cluster", "--inventory=-x", "--base=/tmp/base", "--namespace=shop"];
    expect(JSON.parse(stdout)).toEqual([...lists, "--format=github", "--format=sarif=out.sarif", "--fail-on=warn", "--changed-only", "--", "deploy", "other folder/*.yaml"]);
  });

  test("writes several reports", async () => {
    const { status, stdout } = await run({ paths: "deploy", format: "compact\nsarif=report.sarif" });
    expect(stdout).toContain("deploy/bad.yaml:");
    expect(existsSync(join(project.folder, "report.sarif"))).toBe(true);
    expect(status).toBe(1);
  });

  test.each([["$(touch pwned).yaml"], ["`touch pwned`.yaml"], ['a"; touch pwned; ".yaml'], ["a'; touch pwned; '.yaml"], ["two words && touch pwned.yaml"], ["--fix.yaml"], ["*.yaml; touch pwned"]])("takes the path %s for a path", async (path) => {
    const { status, stderr } = await run({ paths: path, bundle: "$(touch pwned)" });
    expect(stderr).toContain("error: unknown bundle `$(touch pwned)`");
    expect(status).toBe(2);
    expect((await run({ paths: path })).stdout).toContain("::error");
    expect(existsSync(join(project.folder, "pwned"))).toBe(false);
  });

  test("checks a file whose name has spaces and quotes", async () => {
    const name = `a "b" 'c' $d.yaml`;
    copyFileSync(join(root, "examples/bad.yaml"), join(project.folder, name));
    expect((await run({ paths: name, format: "compact" })).stdout).toContain(`${name}:`);
  });

  test("refuses a changed-only that is neither true nor false", async () => {
    const { status, stderr } = await run({ "changed-only": "yes" });
    expect(stderr).toBe("error: changed-only is `yes`, not true or false\n");
    expect(status).toBe(2);
  });
});

test("the job for GitLab writes what it calls its artefact", async () => {
  const job: unknown = load(fences(read("docs/ci.md")).find(({ mark }) => mark === "gitlab")?.text ?? "");
  const [command, ...more] = [at(job, "policy-test", "script")].flat();
  expect(more).toEqual([]);
  const { status, stdout } = await bash(String(command), {});
  expect(stdout).toContain("deploy/bad.yaml");
  expect(status).toBe(1);
  const report = String(at(job, "policy-test", "artifacts", "reports", "junit"));
  expect(readFileSync(join(project.folder, report), "utf8")).toContain("<testsuites");
});

test("suites run without the library, and only those of this version", async () => {
  cpSync(join(root, "library/gatekeeper/host-network-dns-policy"), join(project.folder, "suites/gatekeeper"), { recursive: true });
  cpSync(join(root, "library/kyverno/host-network-dns-policy"), join(project.folder, "suites/kyverno"), { recursive: true });
  const run = (): Promise<Output> => project.run("npx", "policy-test", "suite", "suites");
  const { status, stdout } = await run();
  expect(stdout).toMatch(/\d\d ok\n$/);
  expect(status).toBe(0);
  const template = join(project.folder, "suites/gatekeeper/template.yaml");
  writeFileSync(template, readFileSync(template, "utf8").replaceAll("ClusterFirst", "ClusterLast"));
  const edited = await run();
  expect(edited.stdout).toContain("is not the one of this version");
  expect(edited.status).toBe(2);
});

const preCommit = (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, "pre-commit")).find((path) => existsSync(path));

// pre-commit comes from another registry than everything else here: where nobody has installed it, docs/ci.test.ts alone looks at the hook.
describe.skipIf(preCommit === undefined)("pre-commit", () => {
  test("takes the hook", async () => {
    const { status, stdout } = await execute(preCommit ?? "", ["validate-manifest", ".pre-commit-hooks.yaml"], root);
    expect(stdout).toBe("");
    expect(status).toBe(0);
  });

  test("installs the hook and runs it on files", { timeout: 600_000 }, async () => {
    const git = (...given: string[]): Promise<Output> => execute("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...given], project.folder);
    await git("init", "--quiet");
    await git("add", "deploy");
    const { status, stdout } = await execute("env", [`PRE_COMMIT_HOME=${join(project.folder, "..", "pre-commit")}`, preCommit ?? "", "try-repo", root, "policy-test", "--ref", "HEAD", "--files", "deploy/bad.yaml"], project.folder);
    expect(stdout).toContain("deploy/bad.yaml");
    expect(stdout).toContain("exit code: 1");
    expect(status).toBe(1);
  });
});
