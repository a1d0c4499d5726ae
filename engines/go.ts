import { spawn, spawnSync } from "node:child_process";

/** The oldest Go that compiles every engine; a newer patch release that a module asks for is Go's own business. */
const minimum = { major: 1, minor: 26 };

/** How much of Go's output an error shows: the end, where the compiler's messages are. */
const shownOutputLines = 20;

/**
 * Checks that Go is there and new enough to build `what`.
 * @throws Error that says what to install.
 */
export function requireGo(what: string, environment: NodeJS.ProcessEnv): void {
  const run = spawnSync("go", ["env", "GOVERSION"], { encoding: "utf8", env: environment });
  const found = run.status === 0 ? run.stdout.trim() : undefined;
  if (found !== undefined && isNewEnough(found)) {
    return;
  }
  const needed = `${minimum.major}.${minimum.minor}`;
  throw new Error(
    `${what} is missing and building it needs Go >= ${needed}, but ${found === undefined ? "there is no `go` on PATH" : `\`go\` on PATH is ${found}`}\n` +
      `help: install Go ${needed} or newer (package \`go\` or \`golang\` of your system, or https://go.dev/dl), or put ${what} itself on PATH`,
  );
}

/**
 * Runs `go` with CGO off, which makes binaries that run on any machine of the same kind, and without a surrounding
 * workspace, which would change the dependencies.
 * @throws Error with the end of Go's output if it fails.
 */
export async function runGo(goArguments: readonly string[], directory: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn("go", goArguments, {
    cwd: directory,
    env: { ...environment, CGO_ENABLED: "0", GOWORK: "off" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (status !== 0) {
    const end = output.trimEnd().split("\n").slice(-shownOutputLines).join("\n");
    throw new Error(`\`go ${goArguments.join(" ")}\` failed\n${end}`);
  }
}

/** Development builds of Go have no comparable version: let them try. */
function isNewEnough(version: string): boolean {
  const [, major, minor] = /^go(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined || minor === undefined) {
    return true;
  }
  return Number(major) > minimum.major || (Number(major) === minimum.major && Number(minor) >= minimum.minor);
}
