import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { clean, denied, pod, policyTest, policyTestFiles, warned, type Surroundings } from "./fixtures/harness.js";
import { targetsOf } from "./outputs.js";
import { writeWhole } from "./write.js";

describe("which report goes where", () => {
  const targets = (formats: readonly string[], output?: string): unknown => targetsOf({ formats, usual: "compact", ...(output === undefined ? {} : { output }) }, "/work");

  test.each<readonly [string, readonly string[], string | undefined, unknown]>([
    ["nothing said", [], undefined, [{ format: "compact" }]],
    ["a format", ["json"], undefined, [{ format: "json" }]],
    ["a format in a file", ["sarif=out/a=b.sarif"], undefined, [{ format: "sarif", file: "out/a=b.sarif" }]],
    ["both", ["sarif=a.sarif", "text"], undefined, [{ format: "sarif", file: "a.sarif" }, { format: "text" }]],
    ["--output", ["junit"], "a.xml", [{ format: "junit", file: "a.xml" }]],
    ["--output alone", [], "a.txt", [{ format: "compact", file: "a.txt" }]],
    ["--output beside a format with a file", ["sarif=a.sarif", "text"], "a.txt", [{ format: "sarif", file: "a.sarif" }, { format: "text", file: "a.txt" }]],
  ])("%s", (_, formats, output, expected) => {
    expect(targets(formats, output)).toEqual(expected);
  });

  const errors: readonly (readonly [title: string, formats: readonly string[], output: string | undefined, message: string, help?: string])[] = [
    ["an unknown format", ["sarfi"], undefined, "unknown format `sarfi`", "did you mean `sarif`?"],
    ["a file in place of a format", ["out.json"], undefined, "unknown format `out.json`", "a file is named with `--output out.json`"],
    ["no file", ["json="], undefined, "`json=` names no file"],
    ["two on standard output", ["json", "text"], undefined, "`json` and `text` cannot both go to standard output", "name a file for one of them: `--format text=FILE`"],
    ["two in --output", ["json", "text"], "a", "`json` and `text` cannot both go to `a`"],
    ["two in one file", ["json=a", "junit=./a"], undefined, "two reports cannot both go to `./a`"],
    ["--output and nothing to put there", ["json=a"], "b", "`--output` has nothing to write: each format names a file of its own"],
    ["a format in place of a file", [], "json", "`--output json` names a file, not a format", "for the format write `--format json`, for a file of that name `--output ./json`"],
  ];
  for (const [title, formats, output, message, help] of errors) {
    test(`${title} is an error`, () => {
      expect(targets(formats, output)).toMatchObject({ problems: [{ message, ...(help === undefined ? {} : { help }) }] });
    });
  }
});

describe("a file is written whole", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "write-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test("in place of what is there, with its mode", () => {
    writeFileSync(join(folder, "a"), "old and longer");
    chmodSync(join(folder, "a"), 0o640);
    writeWhole(join(folder, "a"), "new");
    expect(readFileSync(join(folder, "a"), "utf8")).toBe("new");
    expect(statSync(join(folder, "a")).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(["a"]);
  });

  test("where a link leads, which stays", () => {
    symlinkSync("b", join(folder, "a"));
    writeFileSync(join(folder, "b"), "old");
    writeWhole(join(folder, "a"), "new");
    expect(readFileSync(join(folder, "b"), "utf8")).toBe("new");
  });

  test("to a device", () => {
    writeWhole("/dev/null", "new");
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  });

  test("or not at all", () => {
    expect(() => writeWhole(join(folder, "no/a"), "new")).toThrow("no such file or directory");
    expect(() => writeWhole(folder, "new")).toThrow();
    expect(readdirSync(folder)).toEqual([]);
  });
});

const files = { "clean.yaml": clean, "warned.yaml": warned, "denied.yaml": denied };

type Row = readonly [title: string, code: number, argv: readonly string[], surroundings: Surroundings, stdout: string | readonly string[], stderr?: string | readonly string[]];

const rows: readonly Row[] = [
  ["-o is a format", 1, ["-o", "json", "denied.yaml"], { files }, ['"version": 1']],
  ["a file beside the text", 1, ["-f", "json=a.json", "-f", "compact", "denied.yaml"], { files }, ["denied.yaml:6:16  error"], ""],
  ["nothing on standard output: where it is", 1, ["-f", "json=a.json", "denied.yaml"], { files }, "", "1 file, 1 workload, 1 finding (1 error, 0 warnings); written to a.json\n"],
  ["that, quiet", 1, ["-q", "-f", "json=a.json", "denied.yaml"], { files }, "", ""],
  ["a file that cannot be written", 2, ["-f", "json=no/a.json", "clean.yaml"], { files }, "", "error: the report cannot be written to `no/a.json`: no such file or directory\n"],
  ["that beside another report, which is written", 2, ["-f", "junit=no/a.xml", "-f", "compact", "denied.yaml"], { files }, ["denied.yaml:6:16  error"], ["cannot be written to `no/a.xml`"]],
  ["an unknown format", 2, ["-f", "yaml", "clean.yaml"], { files }, "", ["error: unknown format `yaml`\nhelp: the formats are text, compact"]],
  ["--dry-run and a report with no place for the diff", 2, ["--fix", "--dry-run", "-f", "sarif", "clean.yaml"], { files }, "", "error: `--dry-run` prints a diff, which `sarif` on standard output has no place for\nhelp: name a file for it: `--format sarif=FILE`\n"],

  ["--quiet: what denies", 1, ["-q", "."], { files }, "denied.yaml:6:16  error  high  toy-host-network  default/denied uses the host network\n\n3 files, 3 workloads, 2 findings (1 error, 1 warning)\n", ""],
  ["--quiet, warnings only", 0, ["-q", "warned.yaml"], { files }, "", ""],
  ["--quiet, input errors", 2, ["-q", "no.yaml"], {}, ["no.yaml  invalid  no such file or folder"]],
  ["--quiet, as text", 0, ["-q", "-f", "text", "warned.yaml"], { files }, ""],
  ["--quiet, as markdown", 0, ["-q", "-f", "markdown", "warned.yaml"], { files }, ""],
  ["--quiet, as JSON, is all", 0, ["-q", "-f", "json", "warned.yaml"], { files }, ['"toy-image-suffix"']],
  ["--fail-on warn", 1, ["--fail-on", "warn", "warned.yaml"], { files }, ["1 finding"]],
  ["--fail-on warn --quiet", 1, ["--fail-on", "warn", "-q", "warned.yaml"], { files }, ["warned.yaml:9:12  warning"]],
  ["--fail-on warn, clean", 0, ["--fail-on", "warn", "clean.yaml"], { files }, ["0 findings"]],
  ["--fail-on never", 0, ["--fail-on", "never", "."], { files }, ["denied.yaml:6:16  error", "2 findings"]],
  ["--fail-on never, input errors", 2, ["--fail-on", "never", "no.yaml"], {}, ["invalid"]],
  ["--fail-on of another word", 2, ["--fail-on", "warning", "."], { files }, "", ["argument `warning` is invalid\nhelp: allowed choices are deny, warn, never\n"]],
  ["--max-findings: the most serious, and the exit code of all", 1, ["--max-findings", "1", "-r", "toy-image-suffix", "-r", "toy-host-network", "warned.yaml", "denied.yaml"], { files }, "denied.yaml:6:16  error  high  toy-host-network  default/denied uses the host network\n\n1 more finding not shown (--max-findings)\n\n2 files, 2 workloads, 2 findings (1 error, 1 warning)\n"],
  ["--max-findings 0", 1, ["--max-findings", "0", "denied.yaml"], { files }, "1 more finding not shown (--max-findings)\n\n1 file, 1 workload, 1 finding (1 error, 0 warnings)\n"],
  ["--max-findings, as JSON, is all", 1, ["--max-findings", "0", "-f", "json", "denied.yaml"], { files }, ['"toy-host-network"']],
  ["--max-findings of a word", 2, ["--max-findings", "all", "."], { files }, "", ["argument `all` is invalid\nhelp: it must be a whole number\n"]],
  ["--explain", 1, ["--explain", "denied.yaml"], { files }, ["toy-host-network: Nobody uses the host network\n\nseverity high", "Config (policy-test.yaml)"]],
  ["--verbose", 1, ["-v", "."], { files: { ...files, "policy-test.yaml": "rules: {}\n" } }, ["3 files"], "paths: .\nconfig: policy-test.yaml\nrules: 2 (toy-host-network, toy-image-suffix)\nfile: clean.yaml: clean\nfile: denied.yaml: 1 error\nfile: warned.yaml: 1 warning\n"],
  ["text on a terminal", 1, ["denied.yaml"], { files, isTTY: true, env: { NO_COLOR: "1" } }, ["    6 |   hostNetwork: true\n      |                ^^^^\n    in: Pod default/denied\n"]],
  ["a container by its name", 0, ["-f", "text", "warned.yaml"], { files }, ['    in: Pod default/warned, container "app"\n']],
  ["standard input has lines too", 1, ["-f", "text", "-"], { stdin: denied }, ["    6 |   hostNetwork: true\n"]],
  ["so has what is no YAML", 2, ["-f", "text", "a.yaml"], { files: { "a.yaml": "\ufeffa: 1\r\nb: [\r\n" } }, ["b: ["]],
  ["not what --dry-run would write", 0, ["--fix", "--dry-run", "-f", "text", "warned.yaml"], { files }, "", ["warned.yaml:9:12  warning"]],
];

for (const [title, code, argv, surroundings, stdout, stderr = []] of rows) {
  test(`${title}: exit code ${String(code)}`, async () => {
    const outcome = await policyTest(argv, surroundings);
    for (const [printed, expected] of [[outcome.stdout, stdout], [outcome.stderr, stderr]] as const) {
      if (typeof expected === "string") expect(printed).toBe(expected);
      else for (const part of expected) expect(printed).toContain(part);
    }
    expect(outcome.code).toBe(code);
  });
}

describe("reports in files", () => {
  test("of a run that could not check anything take the place of older ones", async () => {
    const before = { "clean.yaml": clean, "a.json": "old", "a.sarif": "old" };
    const { code, stderr, files: after } = await policyTestFiles(["-c", "no.yaml", "-f", "json=a.json", "-f", "sarif=a.sarif", "clean.yaml"], { files: before });
    expect([code, stderr]).toEqual([2, expect.stringContaining("no.yaml")]);
    expect(after["a.json"]).toContain('"inputErrors": 1');
    expect(after["a.sarif"]).toContain('"executionSuccessful": false');
  });

  test("hold what standard output would", async () => {
    for (const format of ["compact", "json", "junit", "sarif", "github", "policyreport", "markdown"]) {
      const { stdout } = await policyTest(["-f", format, "."], { files });
      const { files: after } = await policyTestFiles(["-f", format, "--output", "out", "."], { files });
      expect(after["out"]).toBe(stdout);
    }
  });

  test("have no colours", async () => {
    const { files: after } = await policyTestFiles(["--output", "out", "denied.yaml"], { files, isTTY: true });
    expect(after["out"]).toContain("denied.yaml:6:16  error  toy-host-network");
    expect(after["out"]).not.toContain("\u001b");
  });
});

test("lines of a file with old line breaks are those that positions count", async () => {
  const text = pod("a", { hostNetwork: "true" }).replaceAll("\n", "\r");
  const { stdout } = await policyTest(["-f", "text", "a.yaml"], { files: { "a.yaml": text } });
  expect(stdout).toContain("    5 | spec:\n    6 |   hostNetwork: true\n");
});
