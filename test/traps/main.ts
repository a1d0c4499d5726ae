/**
 * `npm run traps`: asks each of the other programs about each trap that is new or has changed, or that another version of it was
 * asked about, and writes the answers and the README's table. `-- --table` only writes the table, of the answers that there are.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ask, createPeers } from "./peers.js";
import { digestOf, MEASURED_FILE, tableText, withTable, type Measured, type PeerAnswer, type PeerName } from "./table.js";
import { traps, type Trap } from "./traps.js";

const README = "README.md";

const read = (): Measured => JSON.parse(readFileSync(MEASURED_FILE, "utf8")) as Measured; // as it is written below

/** @throws Error where a program does not even find the Pod that has nothing wrong about it */
function measure(before: Measured | undefined): Measured {
  const scratch = mkdtempSync(join(tmpdir(), "traps-"));
  try {
    const peers = createPeers(scratch);
    const byPeer = <Value>(value: (peer: (typeof peers)[number]) => Value): Readonly<Record<PeerName, Value>> => Object.fromEntries(peers.map((peer) => [peer.name, value(peer)])) as Record<PeerName, Value>; // every name is one of a peer
    const answersTo = (trap: Trap): Readonly<Record<PeerName, PeerAnswer>> => {
      process.stderr.write(`${trap.name}\n`);
      const known = before?.traps[trap.name];
      const isSame = known?.digest === digestOf(trap);
      return byPeer((peer) => (isSame && before?.versions[peer.name] === peer.version ? known.answers[peer.name] : undefined) ?? ask(peer, trap));
    };
    const versions = byPeer(({ version }) => version);
    const measured = Object.fromEntries(traps.map((trap) => [trap.name, { digest: digestOf(trap), answers: answersTo(trap) }]));
    const blind = Object.entries(measured["none of these"]?.answers ?? {}).filter(([, answer]) => answer !== "finding");
    if (blind.length > 0) throw new Error(`${blind.map(([name]) => name).join(", ")}: nothing found where nothing is wrong, so that the other answers mean nothing`);
    return { versions, traps: measured };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

if (!process.argv.includes("--table")) writeFileSync(MEASURED_FILE, `${JSON.stringify(measure(existsSync(MEASURED_FILE) ? read() : undefined), null, 2)}\n`);
writeFileSync(README, withTable(readFileSync(README, "utf8"), tableText(traps, read())));
