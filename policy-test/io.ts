import { dayOf } from "./day.js";

/** What the command needs of its surroundings; a test gives its own. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Calls `listener` when the person at the terminal wants to stop, once. */
  readonly onInterrupt?: (listener: () => void) => void;
  /** The clock; by default that of this machine. */
  readonly now?: (() => Date) | undefined;
}

export interface Output {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** The config that is used where none is named. */
export const DEFAULT_CONFIG = "policy-test.yaml";

/** The day, YYYY-MM-DD in UTC. */
export function today({ now = () => new Date() }: Pick<Io, "now">): string {
  return dayOf(now());
}

/** The surroundings of this process. */
export function processIo(): Io {
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    env: process.env,
    cwd: process.cwd(),
    onInterrupt: (listener) => void process.once("SIGINT", listener),
  };
}

/** Whether to colour what goes to `output`: only on a terminal that can, and not against NO_COLOR (no-color.org). */
export function hasColours(output: Output, env: Io["env"]): boolean {
  return output.isTTY === true && (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb";
}
