/** The cases that a rule's page shows. */
import type { JsonObject } from "../schema/json.js";
import type { Case } from "./cases.js";
import { prose } from "./parameter-rows.js";
import { yamlOf } from "./yaml.js";

/** A part of an example, in a block of its own. */
interface Part {
  /** The field of the request that it is, or `parameters`: how whoever reads the page back knows. */
  readonly key: string;
  /** What stands above the block; empty for the object itself. */
  readonly title: string;
  readonly yaml: string;
}

export interface Example {
  /** The case's name, as a heading. */
  readonly name: string;
  readonly parts: readonly Part[];
  readonly messages: readonly string[];
}

export interface Examples {
  readonly avoid: readonly Example[];
  readonly prefer: readonly Example[];
}

/** The cases that are marked; of an outcome without any, the shortest. */
export function examplesOf(cases: readonly Case[]): Examples {
  return {
    avoid: chosen(cases.filter((one) => one.violations.length > 0)).map(exampleOf),
    prefer: chosen(cases.filter((one) => one.violations.length === 0)).map(exampleOf),
  };
}

function chosen(cases: readonly Case[]): readonly Case[] {
  const marked = cases.filter((one) => one.example === true);
  if (marked.length > 0) return marked;
  const length = (one: Case): number => partsOf(one).reduce((sum, part) => sum + part.yaml.length, one.offline === undefined ? 0 : 1_000_000);
  return cases.toSorted((one, other) => length(one) - length(other)).slice(0, 1);
}

function exampleOf(one: Case): Example {
  return { name: headingOf(one.name), parts: partsOf(one), messages: one.violations.map(({ message }) => message) };
}

/** A plain first word starts with a capital; a name such as `hostPID` stays what it is. */
const headingOf = (name: string): string => prose(name).replace(/^[a-z]+(?![\w])/, (word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`);

const titles: Readonly<Record<string, string>> = {
  object: "",
  oldObject: "Before the update:",
  namespaceObject: "In the Namespace:",
  inventory: "In the cluster stands also:",
  parameters: "With the parameters:",
};

/** All that the outcome hangs on. The operation follows from whether there is an old object. */
function partsOf({ request, parameters }: Case): Part[] {
  const { operation: _, ...rest } = request;
  const given = Object.keys(parameters).length === 0 ? {} : { parameters };
  return Object.entries<unknown>({ ...rest, ...given }).map(([key, value]) => ({
    key,
    title: titles[key] ?? `With ${key}:`,
    yaml: yamlOf(value as JsonObject), // a case is read from YAML: what it holds is a mapping or a list
  }));
}
