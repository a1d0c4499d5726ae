import { celMutants } from "./cel.js";
import { gateMutants } from "./gate.js";
import type { Mutant } from "./mutant.js";
import { regoMutants } from "./rego.js";

/** Every mutant. */
export const mutants: readonly Mutant[] = [...regoMutants, ...celMutants, ...gateMutants];
