import { expect, test } from "vitest";
import { nearest } from "./nearest.js";

const ids = ["host-network-dns-policy", "host-network-port-range", "restrict-host-network"];

test.each<readonly [string, string | undefined]>([
  ["host-network-dns-polcy", "host-network-dns-policy"],
  ["Host-Network-Port-Range", "host-network-port-range"],
  ["hostNetworkDnsPolicy", "host-network-dns-policy"],
  ["dns", "host-network-dns-policy"],
  ["restrict", "restrict-host-network"],
  ["resource-limits", undefined],
  ["x", undefined],
])("%s → %s", (word, expected) => {
  expect(nearest(word, ids)).toBe(expected);
});
