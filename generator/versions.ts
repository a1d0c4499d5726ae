/** The versions of a library and of its rules: data of the folder of rules, `versions.yaml`. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { Ajv } from "ajv";
import { load } from "js-yaml";

import { KUBERNETES_SCHEMA } from "../manifest/dialect.js";

/** A version and the day on which it came out, as YYYY-MM-DD. */
export interface Release {
  readonly version: string;
  readonly released: string;
}

export interface LibraryRelease extends Release {
  readonly name: string;
  /** SPDX identifier. */
  readonly license?: string;
}

export interface Versions {
  readonly library: LibraryRelease;
  /** By the rule's id; a rule that is not there was not released. */
  readonly rules: Readonly<Record<string, Release>>;
}

const version = { type: "string", pattern: String.raw`^\d+\.\d+\.\d+$` };
const released = { type: "string", pattern: String.raw`^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$` };

const isVersions = new Ajv({ allErrors: true }).compile<Versions>({
  type: "object",
  required: ["library", "rules"],
  additionalProperties: false,
  properties: {
    library: {
      type: "object",
      required: ["name", "version", "released"],
      additionalProperties: false,
      properties: { name: { type: "string", pattern: "^[a-z][a-z0-9-]*$" }, license: { type: "string", minLength: 1 }, version, released },
    },
    rules: {
      type: "object",
      additionalProperties: { type: "object", required: ["version", "released"], additionalProperties: false, properties: { version, released } },
    },
  },
});

/**
 * The versions of a folder of rules; undefined where it has no such file.
 * @throws Error where the file is malformed
 */
export function readVersions(folder: string): Versions | undefined {
  const file = join(folder, "versions.yaml").replaceAll("\\", "/");
  return existsSync(file) ? parseVersions(file, readFileSync(file, "utf8")) : undefined;
}

/** @param file names the file in errors */
export function parseVersions(file: string, yaml: string): Versions {
  const value: unknown = load(yaml, { schema: KUBERNETES_SCHEMA, filename: file });
  if (isVersions(value)) return value;
  const problems = (isVersions.errors ?? []).map(({ instancePath, message = "is not valid", params }) => `\`${instancePath}\` ${message} ${JSON.stringify(params)}`);
  throw new Error(`${file}: ${problems.join("; ")}`);
}

/** @throws Error where a rule has a version that does not exist: it was renamed or removed, and so was what people installed */
export function refuseStrangers(versions: Versions, ids: readonly string[]): void {
  const stranger = Object.keys(versions.rules).find((id) => !ids.includes(id));
  if (stranger !== undefined) throw new Error(`versions.yaml: there is no rule \`${stranger}\`\nhelp: remove its line; a removed rule is a new major version of the library`);
}
