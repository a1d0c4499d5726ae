import { gatorCel, gatorRego } from "./gator.js";
import { kyvernoClusterPolicy, kyvernoValidatingPolicy } from "./kyverno.js";
import { opa } from "./opa.js";
import type { Runner } from "./runner.js";

export const runners: readonly Runner[] = [opa, gatorRego, gatorCel, kyvernoValidatingPolicy, kyvernoClusterPolicy];
