/** Every rule of this folder, as the ordinary TypeScript that it is. */
import type { RuleDefinition } from "../../policies/kit/index.js";
import branches from "./branches.js";
import choices from "./choices.js";
import constants from "./constants.js";
import context from "./context.js";
import disjunctions from "./disjunctions.js";
import frame from "./frame.js";
import gates from "./gates.js";
import helpers from "./helpers.js";
import indexes from "./indexes.js";
import lists from "./lists.js";
import loops from "./loops.js";
import mixtures from "./mixtures.js";
import names from "./names.js";
import namespaces from "./namespaces.js";
import numbers from "./numbers.js";
import parameters from "./parameters.js";
import patterns from "./patterns.js";
import positions from "./positions.js";
import quantifiers from "./quantifiers.js";
import records from "./records.js";
import texts from "./texts.js";

export const definitions: ReadonlyMap<string, RuleDefinition<object>> = new Map<string, RuleDefinition<object>>(
  [branches, choices, constants, context, disjunctions, frame, gates, helpers, indexes, lists, loops, mixtures, names, namespaces, numbers, parameters, patterns, positions, quantifiers, records, texts].map((rule) => [rule.id, rule]),
);
