/** A cluster of its own for one test file. */
import { basename } from "node:path";
import { expect } from "vitest";
import { startTemporary, type Loopback } from "../../cluster/temporary.js";

export type { Loopback };

type More = Parameters<typeof startTemporary>[2];

/** Starts a cluster, whose logs are kept under the name of the test file; `more` starts what else there is to be. */
export const startLoopback = (options: Parameters<typeof startTemporary>[1] = {}, more?: More): Promise<Loopback> => startTemporary(basename(expect.getState().testPath ?? "", ".test.ts"), options, more);
