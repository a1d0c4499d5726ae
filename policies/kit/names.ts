import type { Workload } from "./view.js";

/** What to call a workload: its name, or for one that the API server will name its prefix and `*`. */
export function nameOf(workload: Workload): string {
  if (workload.name !== "") return workload.name;
  return workload.generateName === "" ? "" : `${workload.generateName}*`;
}
