/** Entry of a worker thread; threads.ts starts it. */
import { parentPort, workerData } from "node:worker_threads";
import { checkShare, loadChecker } from "./share.js";
import type { WorkerTask } from "./threads.js";

const { setup, pile, thread } = workerData as WorkerTask; // threads.ts gives nothing else

// An error ends the thread, which the main one takes for an error of the whole run.
parentPort?.postMessage(checkShare(await loadChecker(setup), pile, thread));
