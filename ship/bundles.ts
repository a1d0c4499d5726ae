/** The bundles of the library as OCI artefacts: what `kubectl apply -k` installs of a bundle, one object a file. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { load } from "js-yaml";

import { isObject, textsOf, type JsonObject } from "../generator/schema/json.js";
import type { LibraryRelease } from "../generator/versions.js";
import type { Artefact, Layer } from "./oci.js";

/** The folders of the library that have bundles; a bundle of Gatekeeper has two parts, of which the first is installed first. */
const engines = [
  { engine: "gatekeeper", parts: ["templates", "constraints"] },
  { engine: "kyverno", parts: [""] },
  { engine: "admission-policy", parts: [""] },
] as const;

/** What the folder of a kind of object is called in an artefact. */
const folders: Readonly<Record<string, string>> = {
  ClusterRole: "roles",
  ConstraintTemplate: "templates",
  SyncSet: "sync",
  ValidatingAdmissionPolicy: "policies",
  ValidatingAdmissionPolicyBinding: "bindings",
  ValidatingPolicy: "policies",
};

/** The name that Kyverno's own tools know for a policy in a registry. */
const KYVERNO_POLICY = "application/vnd.cncf.kyverno.policy.layer.v1+yaml";

/**
 * One artefact for each engine and bundle, sorted by tag.
 * @param folder of the library
 */
export function bundleArtefacts(folder: string, { name, version, license }: LibraryRelease): Artefact[] {
  // Bundles share most of their files.
  const known = new Map<string, Layer[]>();
  const layers = (file: string, engineFolder: string): Layer[] => {
    const found = known.get(file) ?? layersOf(file, engineFolder);
    known.set(file, found);
    return found;
  };
  return engines.flatMap(({ engine, parts }) =>
    readdirSync(join(folder, engine, "bundles")).map((bundle): Artefact => {
      const files = parts.flatMap((part) => resources(join(folder, engine, "bundles", bundle, part)));
      return {
        tag: `${engine}-${bundle}-${version}`,
        artifactType: `application/vnd.${name}.${engine}.v1`,
        annotations: {
          ...(license === undefined ? {} : { "org.opencontainers.image.licenses": license }),
          "org.opencontainers.image.title": `${name} ${engine} ${bundle}`,
          "org.opencontainers.image.version": version,
        },
        layers: files.flatMap((file) => layers(file, join(folder, engine))).sort((one, other) => (one.path < other.path ? -1 : 1)),
      };
    }),
  ).sort((one, other) => (one.tag < other.tag ? -1 : 1));
}

/** The files that a kustomization names, directly or by way of others. */
function resources(folder: string): string[] {
  const kustomization: unknown = load(readFileSync(join(folder, "kustomization.yaml"), "utf8"));
  const names = isObject(kustomization) ? textsOf(kustomization["resources"]) : [];
  if (names.length === 0) throw new Error(`${folder}/kustomization.yaml names no resources`);
  return names.flatMap((name) => {
    const path = join(folder, name);
    return existsSync(join(path, "kustomization.yaml")) ? resources(path) : [path];
  });
}

/** A layer for each document of a file; each starts with the line that says where the file comes from. */
function layersOf(file: string, engineFolder: string): Layer[] {
  const text = readFileSync(file, "utf8");
  const banner = `${text.split("\n", 1)[0] ?? ""}\n`;
  return text.split("\n---\n").map((part, index) => {
    const content = `${index === 0 ? "" : banner}${part.replace(/\n*$/, "\n")}`;
    const object: unknown = load(content);
    if (!isObject(object)) throw new Error(`${file} holds a document that is no object`);
    const path = `${folderOf(object, file)}/${ruleOf(file, engineFolder)}.yaml`;
    return object["kind"] === "ValidatingPolicy" ? { path, mediaType: KYVERNO_POLICY, content, annotations: kyvernoAnnotations(object) } : { path, mediaType: "application/yaml", content };
  });
}

function folderOf({ apiVersion, kind }: JsonObject, file: string): string {
  if (typeof apiVersion === "string" && apiVersion.startsWith("constraints.gatekeeper.sh/")) return "constraints";
  const folder = typeof kind === "string" ? folders[kind] : undefined;
  if (folder === undefined) throw new Error(`${file} holds a ${String(kind)}, for which an artefact has no folder\nhelp: add the kind to ship/bundles.ts`);
  return folder;
}

/** A bundle's own files are named as the rules; the others lie in the rule's folder. */
function ruleOf(file: string, engineFolder: string): string {
  const [first = "", ...rest] = file.slice(engineFolder.length + 1).split("/");
  return first === "bundles" ? (rest.at(-1) ?? "").replace(/\.yaml$/, "") : first;
}

function kyvernoAnnotations({ apiVersion, kind, metadata }: JsonObject): Readonly<Record<string, string>> {
  const name = isObject(metadata) ? metadata["name"] : undefined;
  return { "io.kyverno.image.apiVersion": String(apiVersion), "io.kyverno.image.kind": String(kind), "io.kyverno.image.name": String(name) };
}
