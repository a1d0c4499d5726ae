/** Kyverno that is down, that comes back, and that has much to do at once: no verdict is lost or changed. */
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Response } from "../../cluster/client.js";
import { kubectl } from "../../cluster/kubectl.js";
import { resumeKyverno } from "../../cluster/kyverno.js";
import { stop, waitFor } from "../../cluster/process.js";
import { readState } from "../../cluster/state.js";
import { messageText } from "../../manifest/run.js";
import { runInJs } from "../executors/js.js";
import { policiesApi, startKyvernoLoopback, validatingVerdict, waitForCondition } from "./kyverno.js";
import type { Loopback } from "./loopback.js";
import { messageOf } from "./objects.js";

const RULE = "restrict-host-network";
let loopback: Loopback;

const daemonSet = (index: number): object => ({
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: { name: `agent-${String(index)}`, namespace: "default" },
  spec: {
    selector: { matchLabels: { app: "agent" } },
    template: { metadata: { labels: { app: "agent" } }, spec: { hostNetwork: index % 3 > 0, containers: [{ name: "agent", image: "example.com/agent:1" }] } },
  },
});
const ask = (index: number): Promise<Response> => loopback.as().send("POST", "/apis/apps/v1/namespaces/default/daemonsets?dryRun=All", daemonSet(index));
const expected = (index: number): string => messageText(RULE, runInJs(RULE, { operation: "CREATE", object: daemonSet(index) }, {}));
const verdicts = async (indexes: readonly number[]): Promise<string[]> => (await Promise.all(indexes.map(ask))).map((response) => validatingVerdict(response, RULE));
const inForce = (): Promise<true> => waitFor(RULE, async () => (validatingVerdict(await ask(1), RULE) === expected(1) ? true : undefined));

async function stopKyverno(): Promise<void> {
  const running = readState(loopback.state.folder)?.processes.find(({ name }) => name === "kyverno");
  if (running === undefined) throw new Error("Kyverno does not run");
  await stop(running);
}

beforeAll(async () => {
  loopback = await startKyvernoLoopback();
  kubectl(loopback.state, ["apply", "-k", fileURLToPath(new URL(`../../library/kyverno/${RULE}`, import.meta.url))]);
  await waitForCondition(loopback, `${policiesApi}/validatingpolicies`, "WebhookConfigured");
  await inForce();
});
afterAll(() => loopback.end());

const many = Array.from({ length: 50 }, (_, index) => index);

test("50 requests at once are answered as one after the other", async () => {
  expect(many.filter((index) => expected(index) !== "").length).toBe(33);
  expect(await verdicts(many)).toEqual(many.map(expected));
});

test("nothing passes while it is down, and its verdicts are the same once it is back", async () => {
  await stopKyverno();
  for (const index of [0, 1]) {
    const response = await ask(index);
    expect(response.status).toBe(500);
    expect(messageOf(response)).toContain('failed calling webhook "vpol.validate.kyverno.svc-fail');
  }
  await resumeKyverno(loopback.state);
  await inForce();
  expect(await verdicts(many)).toEqual(many.map(expected));
});

/**
 * Kyverno 1.19 answers as soon as it listens, and may not have taken up its policies by then (kyverno/kyverno issues 11560, 16281):
 * docs/install-kyverno.md says so. Here that moment is held to be one: it ends with the first denial, and nothing is denied wrongly.
 */
test("requests on both sides of a restart: refused, or answered rightly but for the first moment", async () => {
  const answers: { readonly index: number; readonly response: Response }[] = [];
  const over = new AbortController();
  const asking = (async () => {
    for (let index = 0; !over.signal.aborted; index += 1) answers.push({ index: index % 50, response: await ask(index % 50) });
  })();
  const denials = (): number => answers.filter(({ response }) => response.status === 400).length;
  const denied = (count: number): Promise<true> => waitFor("denials", () => Promise.resolve(denials() >= count ? true : undefined));
  await denied(30);
  await stopKyverno();
  const before = denials();
  await resumeKyverno(loopback.state);
  await denied(before + 60);
  over.abort();
  await asking;
  const isRight = answers.map(({ index, response }) => validatingVerdict(response, RULE) === expected(index));
  const firstRefused = answers.findIndex(({ response }) => response.status === 500);
  const firstDeniedAgain = answers.findIndex(({ response }, at) => at > firstRefused && response.status === 400);
  const refused = answers.filter(({ response }) => response.status === 500).length;
  const passed = answers.filter(({ response }, at) => response.status === 201 && !isRight[at]).length;
  console.log(`Kyverno restarted: ${String(answers.length)} requests, ${String(refused)} refused while it was away, ${String(passed)} admitted before it had its policies`);
  expect(refused).toBeGreaterThan(0);
  expect(firstDeniedAgain).toBeGreaterThan(firstRefused);
  expect(isRight.slice(0, firstRefused)).not.toContain(false);
  expect(isRight.slice(firstDeniedAgain)).not.toContain(false);
  // Between the two: refused by the server, or let through; never denied by a wrong verdict.
  expect(answers.slice(firstRefused, firstDeniedAgain).filter(({ response }) => ![201, 500].includes(response.status))).toEqual([]);
});
