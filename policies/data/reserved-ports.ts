import type { Protocol } from "../kit/index.js";

/** Names of the published lists of reserved ports. */
export type Profile = "ack";

/** One line of a list of reserved ports. */
export interface ReservedPorts {
  readonly profile: Profile;
  readonly from: number;
  readonly to: number;
  /** Every protocol where absent. */
  readonly protocol?: Protocol;
  /** What listens there; messages name it. */
  readonly usedBy: string;
  /** Where that is published. */
  readonly source: string;
}

/** Reserved ports by profile. A line that is added here is all that a new one takes. */
export const reservedPorts: readonly ReservedPorts[] = [
  { profile: "ack", from: 22, to: 22, usedBy: "SSH", source: "ACK, Configure Pods to use host network" },
];
