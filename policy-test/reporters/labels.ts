import type picocolors from "picocolors";
import type { Finding, ReportedEnforcement } from "../report.js";

/** What people call an entry of the report. */
export type Label = "error" | "warning" | "audit" | "waived" | "not checked" | "invalid" | "fixed" | "fixable" | "not fixed";

const LABELS = { deny: "error", warn: "warning", dryrun: "audit" } as const satisfies Record<ReportedEnforcement, Label>;

export function labelOf({ enforcement, waived }: Pick<Finding, "enforcement" | "waived">): Label {
  return waived === undefined ? LABELS[enforcement] : "waived";
}

type Colours = ReturnType<typeof picocolors.createColors>;

export function paint(label: Label, colours: Colours): Colours["red"] {
  const paints = {
    error: colours.red,
    warning: colours.yellow,
    audit: colours.cyan,
    waived: colours.dim,
    "not checked": colours.cyan,
    invalid: colours.red,
    fixed: colours.green,
    fixable: colours.green,
    "not fixed": colours.cyan,
  } satisfies Record<Label, Colours["red"]>;
  return paints[label];
}
