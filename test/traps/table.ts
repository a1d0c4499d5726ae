/** The README's table of traps: what was measured of other programs (peers.json), and what the tests hold policy-test to. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { markedIn, withMarked } from "../marks.js";
import type { Trap } from "./traps.js";

export const peerNames = ["gator test", "kyverno apply", "conftest", "checkov"] as const;
export type PeerName = (typeof peerNames)[number];

/**
 * `finding`: it reports the Pod. `error`: it fails without. `passes`: exit code 0, and nothing said of the Pod. `hangs`: no end
 * after 100 seconds. `cannot`: it does not read standard input.
 */
export type PeerAnswer = "finding" | "error" | "passes" | "hangs" | "cannot";

export interface Measured {
  readonly versions: Readonly<Record<PeerName, string>>;
  /** By the name of the trap. */
  readonly traps: Readonly<Record<string, { readonly digest: string; readonly answers: Readonly<Partial<Record<PeerName, PeerAnswer>>> }>>;
}

export const MEASURED_FILE = "test/traps/peers.json";

export function readMeasured(): Measured {
  return JSON.parse(readFileSync(new URL("../../" + MEASURED_FILE, import.meta.url), "utf8")) as Measured; // as main.ts wrote it
}

/** Of what a program was given: a trap that has changed is to be measured again. */
export function digestOf({ files = {}, links = {}, pipes = [], stdin }: Trap): string {
  const contents = Object.entries(files).map(([name, content]) => [name, Buffer.from(content).toString("base64")]);
  return createHash("sha256").update(JSON.stringify([contents, links, pipes, stdin ?? null])).digest("hex").slice(0, 12);
}

export function tableText(traps: readonly Trap[], { versions, traps: measured }: Measured): string {
  const head = ["", ...peerNames.map((name) => `${name} ${versions[name]}`), "policy-test"];
  const rows = (holds: Trap["holds"]): string[] =>
    traps
      .filter((trap) => trap.holds === holds)
      .map((trap) => [trap.name, ...peerNames.map((name) => peerCell(measured[trap.name]?.answers[name], holds)), trap.expected.map(ownCell).join(", ")])
      .map((cells) => `| ${cells.join(" | ")} |`);
  const table = (title: string, holds: Trap["holds"]): string[] => [`| ${[title, ...head.slice(1)].join(" | ")} |`, `|${"---|".repeat(head.length)}`, ...rows(holds)];
  return `${[...table("A Pod with `hostNetwork: true`, and", "a Pod"), "", ...table("No such Pod, but", "nothing")].join("\n")}\n`;
}

function peerCell(answer: PeerAnswer | undefined, holds: Trap["holds"]): string {
  if (answer === undefined) return "not measured";
  if (answer === "cannot") return "–";
  return answer === "hangs" || (answer === "passes" && holds === "a Pod") ? `**${answer}**` : answer;
}

/** Without the message, which the tests compare, and the name of a file that is alone. */
function ownCell(said: string): string {
  const [, kind = "", place] = /^(finding|error|not checked)(?:,? at (?:a\.(?:yaml|json):)?(\S*?)(?::? .*)?)?$/.exec(said) ?? [];
  return kind === "" ? said.replace(/^error: .*/, "error") : `${kind}${place === undefined ? "" : ` ${place.replace(/:$/, "")}`}`;
}

/**
 * The table of a page.
 * @throws Error where it has no marks for it
 */
export const tableIn = (page: string): string => markedIn(page, "traps");

export const withTable = (page: string, text: string): string => withMarked(page, "traps", text);
