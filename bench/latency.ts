/** How long Gatekeeper's engines take to review one object with one template, as `gator bench` tells it. */
import { requireEngine } from "../engines/index.js";
import { isMapping } from "../manifest/mapping.js";
import { constraintOf, hasCel, inRepository, lengthOf, templateOf, templates } from "./contestants.js";
import { medianOf, runOnce } from "./measure.js";

/** Medians of a review in microseconds. */
export interface Latency {
  readonly title: string;
  readonly rego: number;
  /** Absent where the template has Rego only. */
  readonly cel?: number;
}

export interface Latencies {
  readonly generated: readonly Latency[];
  /** The same check as `compared`, written by hand. */
  readonly handWritten: Latency;
  readonly compared: Latency;
  readonly reviews: number;
}

/** The rule that there is a template of by hand. */
export const COMPARED = "host-network-port-range";
const ITERATIONS = 40;
const RUNS = 3;
const CAP_MS = 60_000;
/** Nanoseconds in the units of Go's durations. */
const UNITS: Readonly<Record<string, number>> = { ns: 1, "µs": 1e3, ms: 1e6, s: 1e9 };

interface Subject {
  readonly title: string;
  readonly template: string;
  readonly constraint: string;
  readonly hasCel: boolean;
}

const generated = (rule: string): Subject => ({ title: rule, template: templateOf(rule), constraint: constraintOf(rule), hasCel: hasCel(rule) });
const handWritten: Subject = { title: "by hand", template: inRepository("bench/hand-written/template.yaml"), constraint: inRepository("bench/hand-written/constraint.yaml"), hasCel: true };

/**
 * @param few workloads to review again and again
 * @param many workloads, in which both of the compared templates must find the same
 * @throws Error if they do not
 */
export async function latencies(few: string, many: string, scratch: string, log: (line: string) => void): Promise<Latencies> {
  const gator = requireEngine("gator").path;
  const ask = async (args: readonly string[]): Promise<string> => {
    const ending = await runOnce({ title: `gator ${args[0] ?? ""}`, command: gator, args }, scratch, CAP_MS);
    if ("cappedAfterMs" in ending) throw new Error(`gator ${args.join(" ")} takes more than ${String(CAP_MS / 1000)} s`);
    return ending.output;
  };
  const found = async ({ template, constraint }: Subject): Promise<number> => lengthOf(await ask(["test", "--output", "json", "-f", template, "-f", constraint, "-f", many]));
  const [ours, theirs] = [await found(generated(COMPARED)), await found(handWritten)];
  if (ours !== theirs) throw new Error(`the generated template of ${COMPARED} finds ${String(ours)} workloads, the one by hand ${String(theirs)}`);

  const subjects = [handWritten, ...templates().map(generated)];
  const seen = subjects.map(() => ({ rego: [] as number[], cel: [] as number[] }));
  for (let turn = 0; turn < RUNS; turn++) {
    for (const [index, subject] of subjects.entries()) {
      const files = [subject.template, subject.constraint, few].flatMap((path) => ["-f", path]);
      const output = await ask(["bench", "--engine", subject.hasCel ? "all" : "rego", "--iterations", String(ITERATIONS), "--output", "json", ...files]);
      for (const { engine, microseconds } of mediansIn(output)) seen[index]?.[engine].push(microseconds);
    }
  }
  const measured = subjects.map(({ title, hasCel }, index): Latency => ({ title, rego: medianOf(seen[index]?.rego ?? []), ...(hasCel ? { cel: medianOf(seen[index]?.cel ?? []) } : {}) }));
  const [byHand, ...rules] = measured;
  const compared = rules.find(({ title }) => title === COMPARED);
  if (byHand === undefined || compared === undefined) throw new Error(`there is no template of ${COMPARED}`);
  log(`a review with ${COMPARED}: Rego ${compared.rego.toFixed(0)} µs, by hand ${byHand.rego.toFixed(0)} µs; CEL ${String(compared.cel?.toFixed(0))} µs, by hand ${String(byHand.cel?.toFixed(0))} µs`);
  return { generated: rules, handWritten: byHand, compared, reviews: ITERATIONS };
}

function mediansIn(output: string): { readonly engine: "rego" | "cel"; readonly microseconds: number }[] {
  const results: unknown = JSON.parse(output);
  return (Array.isArray(results) ? results : []).map((result: unknown) => {
    if (!isMapping(result) || !isMapping(result["latencies"]) || (result["engine"] !== "rego" && result["engine"] !== "cel")) throw new Error("gator bench printed something else than latencies");
    return { engine: result["engine"], microseconds: microsecondsOf(String(result["latencies"]["p50"])) };
  });
}

/** Of a duration as Go prints it: `819.833µs`, `5.59ms`. */
function microsecondsOf(duration: string): number {
  const [, number, unit] = /^([0-9.]+)(ns|µs|ms|s)$/.exec(duration) ?? [];
  const nanoseconds = UNITS[unit ?? ""];
  if (nanoseconds === undefined) throw new Error(`gator bench printed the duration ${duration}`);
  return (Number(number) * nanoseconds) / 1e3;
}
