/**
 * The cases of every rule: data that each engine's executor runs. `test/cases/<rule>.yaml` holds them;
 * a malformed file is an error, so that no case is ever left out in silence.
 */
import { readdirSync, readFileSync } from "node:fs";
import { parseCases, type Case } from "../generator/targets/cases.js";
import { rules } from "../policies/index.js";

export interface RuleCase extends Case {
  readonly rule: string;
}

const folder = new URL("./cases/", import.meta.url);

/** Every case of every rule, in the order of the rules and of their files. */
export function loadCases(): RuleCase[] {
  const stray = readdirSync(folder).filter((file) => !rules.some((rule) => file === `${rule.id}.yaml`));
  if (stray.length > 0) throw new Error(`test/cases holds files of no rule: ${stray.join(", ")}`);
  return rules.flatMap(({ id }) => parseCases(`test/cases/${id}.yaml`, readFileSync(new URL(`${id}.yaml`, folder), "utf8")).map((each) => ({ rule: id, ...each })));
}
