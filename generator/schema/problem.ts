/** Something in a rule's `Params` that has no meaning in a Constraint. The caller knows the file and gives line and column. */
export interface SchemaProblem {
  /** Path below `Params`: `reserved[].owners`, in a map `labels.*`; empty for `Params` itself. */
  readonly property: string;
  /** What is wrong; lower case, no full stop. */
  readonly message: string;
  /** What to write instead. */
  readonly help: string;
}

export const propertyPath = (parent: string, name: string): string => (parent === "" ? name : `${parent}.${name}`);
export const elementPath = (parent: string): string => `${parent}[]`;
