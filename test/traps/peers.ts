/** Asks other programs what they make of a trap: each with its own form of the rule that nobody uses the host network. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { requireEngine } from "../../engines/index.js";
import { fill } from "./folder.js";
import type { PeerAnswer, PeerName } from "./table.js";
import type { Trap } from "./traps.js";

interface Peer {
  readonly name: PeerName;
  readonly version: string;
  readonly program: string;
  /**
   * @param input `-`, a file that is alone, or `.`
   * @returns arguments; undefined where it does not read standard input
   */
  readonly args: (input: string) => readonly string[] | undefined;
  /** What it prints of a Pod on the host network. */
  readonly finding: RegExp;
}

const library = resolve("library");
/** Seconds; `timeout` of coreutils also ends what the program has started. */
const TIME_LIMIT = "100";

const REGO = `package main

deny contains "host network" if {
	walk(input, [path, value])
	path[count(path) - 1] == "hostNetwork"
	value == true
}
`;

/** The programs; conftest and checkov from PATH, the others from where \`npm run engines\` puts them. */
export function createPeers(scratch: string): readonly Peer[] {
  const [gator, kyverno] = [requireEngine("gator"), requireEngine("kyverno")];
  const conftest = execFileSync("which", ["conftest"], { encoding: "utf8" }).trim();
  writeFileSync(join(scratch, "policy.rego"), REGO);
  const template = join(library, "gatekeeper/restrict-host-network/template.yaml");
  const constraint = join(library, "gatekeeper/restrict-host-network/samples/restrict-host-network/constraint.yaml");
  return [
    {
      name: "gator test",
      version: gator.version,
      program: gator.path,
      args: (input) => ["test", ...(input === "-" ? [] : ["-f", input]), "-f", template, "-f", constraint],
      finding: /hostNetwork puts Pod/,
    },
    {
      name: "kyverno apply",
      version: kyverno.version,
      program: kyverno.path,
      args: (input) => ["apply", join(library, "kyverno/restrict-host-network/restrict-host-network.yaml"), "--resource", input],
      finding: /hostNetwork puts Pod/,
    },
    {
      name: "conftest",
      version: /conftest\s+v(\S+)/.exec(execFileSync("go", ["version", "-m", conftest], { encoding: "utf8" }))?.[1] ?? "unknown",
      program: conftest,
      args: (input) => ["test", "--policy", join(scratch, "policy.rego"), ...(input === "-" ? ["--parser", "yaml"] : []), input],
      finding: /main - host network/,
    },
    {
      name: "checkov",
      version: execFileSync("checkov", ["--version"], { encoding: "utf8" }).trim(),
      program: "checkov",
      args: (input) => (input === "-" ? undefined : ["--directory", ".", "--framework", "kubernetes", "--check", "CKV_K8S_19", "--compact", "--quiet", "--skip-download"]),
      finding: /FAILED for resource/,
    },
  ];
}

/** What a program says of a trap, in a folder of its own. */
export function ask(peer: Peer, trap: Trap): PeerAnswer {
  const { files = {}, links = {}, pipes = [], stdin } = trap;
  const names = [...Object.keys(files), ...Object.keys(links), ...pipes];
  const args = peer.args(stdin !== undefined ? "-" : names.length === 1 ? (names[0] ?? ".") : ".");
  if (args === undefined) return "cannot";
  const cwd = mkdtempSync(join(tmpdir(), "trap-"));
  try {
    fill(cwd, trap);
    const { status, stdout, stderr } = spawnSync("timeout", [TIME_LIMIT, peer.program, ...args], { cwd, encoding: "utf8", ...(stdin === undefined ? { stdio: ["ignore", "pipe", "pipe"] } : { input: stdin }) });
    if (status === 124) return "hangs";
    if (peer.finding.test(stdout + stderr)) return "finding";
    return status === 0 ? "passes" : "error";
  } finally {
    rmSync(cwd, { recursive: true });
  }
}
