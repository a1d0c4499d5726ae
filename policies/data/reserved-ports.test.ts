import { describe, expect, test } from "vitest";
import { SHOWN_CHARACTERS } from "../kit/intrinsics.js";
import { reservedPorts, type ReservedPorts } from "./reserved-ports.js";

const describeLine = ({ profile, from, to, protocol }: ReservedPorts): string =>
  `${profile} ${String(from)}-${String(to)}${protocol === undefined ? "" : `/${protocol}`}`;

/** Whether one socket can belong to both. */
function overlap(one: ReservedPorts, other: ReservedPorts): boolean {
  const sameProtocol = one.protocol === undefined || other.protocol === undefined || one.protocol === other.protocol;
  return sameProtocol && one.from <= other.to && other.from <= one.to;
}

describe.each(reservedPorts.map((line) => ({ name: describeLine(line), line })))("$name", ({ line }) => {
  test("is a range of ports", () => {
    expect(Number.isInteger(line.from) && Number.isInteger(line.to)).toBe(true);
    expect(line.from).toBeGreaterThanOrEqual(1);
    expect(line.to).toBeGreaterThanOrEqual(line.from);
    expect(line.to).toBeLessThanOrEqual(65_535);
  });

  test("names its user in one line that messages show whole, and its source", () => {
    expect(line.usedBy).toMatch(/^\S.*\S$/);
    expect(line.usedBy.length).toBeLessThanOrEqual(SHOWN_CHARACTERS);
    expect(line.source).toMatch(/^\S.*\S$/);
  });

  test("overlaps no other line of its profile", () => {
    const rivals = reservedPorts.filter((other) => other !== line && other.profile === line.profile && overlap(other, line));
    expect(rivals.map(describeLine)).toEqual([]);
  });
});

test("the lines of a profile stand together in the order of their ports", () => {
  const sorted = [...reservedPorts].sort((one, other) => one.profile.localeCompare(other.profile) || one.from - other.from);
  expect(reservedPorts.map(describeLine)).toEqual(sorted.map(describeLine));
});

test("the ack profile is the list of the ACK page", () => {
  const ack = reservedPorts.filter((line) => line.profile === "ack").map(({ from, to }) => (from === to ? from : [from, to]));
  expect(ack).toEqual([22, 53, 80, 443, 6443, 9099, 9890, 10250, 10256, [30000, 32767]]);
});
