/** Tables that stand in a file of their own: no rule, since it has no default export. */
import type { Protocol } from "../../policies/kit/index.js";

/** Ports by who uses them. */
export interface KnownPort {
  readonly usedBy: string;
  readonly from: number;
  readonly to?: number;
  readonly protocol?: Protocol;
  readonly notes?: readonly string[];
}

const web: readonly KnownPort[] = [
  { usedBy: "web", from: 80, protocol: "TCP" },
  { usedBy: "secure web", from: 443, notes: ["TLS", "QUIC"] },
];

export const knownPorts: readonly KnownPort[] = [
  ...web,
  { usedBy: "everybody else", from: 8000, to: 8999, notes: [] },
  { usedBy: "minus", from: -1, to: 0, protocol: "UDP" },
];

export const names: readonly string[] = ["agent", "", 'quoted "name" \\ ${x}'];
export const offsets: readonly number[] = [0, -1, 1024];
export const limit = 8080;
export const prefix = "main-";

/** Typed wider than their values, so that TypeScript does not know what the compiler folds. */
export const isStrict: boolean = true;
export const isLoose: boolean = false;
