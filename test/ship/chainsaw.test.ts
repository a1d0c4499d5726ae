/** The chainsaw tests of the library, run by chainsaw in a real cluster with Kyverno as its own installation sets it up. */
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NAMESPACE_DELETION } from "../../cluster/controller-manager.js";
import { requireEngine } from "../../engines/index.js";
import { isExpressible } from "../../generator/targets/known.js";
import { startKyvernoLoopback } from "../cluster/kyverno.js";
import type { Loopback } from "../cluster/loopback.js";
import { putNamespace } from "../cluster/objects.js";
import { compiledRules } from "../compiled.js";
import { objectsIn, valueAt } from "../json.js";
import { library } from "../library-files.js";

/** One run of chainsaw waits for many policies; a machine may be busy. */
const RUN_MILLISECONDS = 1_800_000;
const TESTS = ".chainsaw-test";

const home = mkdtempSync(join(tmpdir(), "ship-chainsaw-"));
let loopback: Loopback;

beforeAll(async () => {
  loopback = await startKyvernoLoopback({ filters: "installed", controllers: [NAMESPACE_DELETION] });
  await putNamespace(loopback.as(), "default");
});
afterAll(async () => {
  await loopback.end();
  rmSync(home, { recursive: true });
});

interface Run {
  readonly status: number | null;
  readonly output: string;
  /** The names of the tests that ran, each with what failed in it. */
  readonly failures: ReadonlyMap<string, readonly string[]>;
}

async function chainsaw(folders: readonly string[]): Promise<Run> {
  const report = join(home, "report.json");
  rmSync(report, { force: true });
  const PATH = [dirname(requireEngine("kubectl").path), process.env["PATH"]].join(delimiter);
  const given = ["test", "--no-color", "--report-format=JSON", `--report-path=${home}`, "--report-name=report", ...folders.map((folder) => `--test-dir=${folder}`)];
  const child = spawn(requireEngine("chainsaw").path, given, { cwd: home, env: { ...process.env, PATH, KUBECONFIG: loopback.state.kubeconfig }, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const status = await new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  const tests = existsSync(report) ? objectsIn(valueAt(JSON.parse(readFileSync(report, "utf8")), "tests")) : [];
  const errors = (one: unknown): string[] => objectsIn(valueAt(one, "steps")).flatMap((step) => objectsIn(step["operations"]).flatMap((operation) => (operation["failure"] === undefined ? [] : [`${String(step["name"])}: ${JSON.stringify(operation)}`])));
  return { status, output, failures: new Map(tests.map((one) => [String(one["name"]), errors(one)])) };
}

describe.each([
  { form: "validating-policy", folder: "", suffix: "" },
  { form: "cluster-policy", folder: "cluster-policy", suffix: "-cluster-policy" },
] as const)("$form", ({ form, folder, suffix }) => {
  const rules = compiledRules.filter((rule) => isExpressible(rule, form)).map(({ meta }) => meta.id);
  let run: Run;

  beforeAll(async () => {
    run = await chainsaw(rules.map((id) => join(library, "kyverno", id, folder, TESTS)));
  }, RUN_MILLISECONDS);

  test.each(rules)("%s", (id) => {
    expect(run.failures.get(`${id}${suffix}`), run.output.slice(-20_000)).toEqual([]);
  });

  test("all of them ran, and nothing else", () => {
    expect([...run.failures.keys()].sort()).toEqual(rules.map((id) => `${id}${suffix}`).sort());
    expect(run.status, run.output.slice(-20_000)).toBe(0);
  });
});

describe("a folder that is not as it should be fails", () => {
  const id = "restrict-host-network";

  async function runChanged(name: string, change: (folder: string) => void): Promise<Run> {
    const folder = join(home, name);
    cpSync(join(library, "kyverno", id), folder, { recursive: true });
    const file = join(folder, TESTS, "chainsaw-test.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replaceAll(/: 1m$/gm, ": 15s"));
    change(folder);
    return chainsaw([join(folder, TESTS)]);
  }

  test("an object that is to pass, and is refused", async () => {
    const { status, failures } = await runChanged("bad-for-good", (folder) => {
      cpSync(join(folder, "resources/disallowed.yaml"), join(folder, "resources/allowed.yaml"));
    });
    expect(status).toBe(1);
    expect(failures.get(id)).toEqual([expect.stringMatching(/^it lets pass: /)]);
  });

  test("an object that is to be refused, and passes", async () => {
    const { status, failures } = await runChanged("good-for-bad", (folder) => {
      cpSync(join(folder, "resources/allowed.yaml"), join(folder, "resources/disallowed.yaml"));
    });
    expect(status).toBe(1);
    expect(failures.get(id)).toEqual([expect.stringMatching(/^it refuses: /)]);
  });

  test("a policy that finds nothing", async () => {
    const { status, failures } = await runChanged("audit", (folder) => {
      const policy = join(folder, `${id}.yaml`);
      writeFileSync(policy, readFileSync(policy, "utf8").replace("    - Deny\n", "    - Audit\n"));
    });
    expect(status).toBe(1);
    expect(failures.get(id)).toEqual([expect.stringMatching(/^it refuses: /)]);
  });
});

test("no folder of a rule is without one", () => {
  const folders = readdirSync(join(library, "kyverno"), { withFileTypes: true }).filter((entry) => entry.isDirectory() && entry.name !== "bundles");
  expect(folders.map(({ name }) => name)).toEqual(compiledRules.map(({ meta }) => meta.id).sort());
  expect(folders.filter(({ name }) => !existsSync(join(library, "kyverno", name, TESTS, "chainsaw-test.yaml")))).toEqual([]);
});
