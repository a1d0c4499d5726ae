/** The Gatekeeper kind of a rule: its id in PascalCase. */
export function kindOf(id: string): string {
  return id
    .split("-")
    .map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`)
    .join("");
}

/** The API group of Constraints. */
export const CONSTRAINT_GROUP = "constraints.gatekeeper.sh";
