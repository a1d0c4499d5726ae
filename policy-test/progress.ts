/** How far a long run has come: one line on a terminal, gone when the run is over. */
import { performance } from "node:perf_hooks";
import type { Io } from "./io.js";
import { count } from "./values.js";

/** Milliseconds before there is anything to see, and between two changes of it. */
const [PATIENCE, PAUSE] = [1000, 100];
const CLEAR_LINE = "\r\u001b[K";

export interface Progress {
  readonly show: (taken: number, all: number) => void;
  readonly clear: () => void;
}

/** @returns what says nothing where nobody watches or wants it: without a terminal on standard error, in CI, and with `--quiet` */
export function showProgress({ stderr, env }: Pick<Io, "stderr" | "env">, quiet: boolean, now: () => number = () => performance.now()): Progress {
  if (quiet || stderr.isTTY !== true || (env.CI ?? "") !== "" || env.TERM === "dumb") return { show: () => undefined, clear: () => undefined };
  let next = now() + PATIENCE;
  let isShown = false;
  return {
    show: (taken, all) => {
      if (now() < next) return;
      next = now() + PAUSE;
      isShown = true;
      stderr.write(`${CLEAR_LINE}${String(taken)} of ${count(all, "file")}`);
    },
    clear: () => {
      if (isShown) stderr.write(CLEAR_LINE);
      isShown = false;
    },
  };
}
