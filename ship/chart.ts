/** The Helm chart: the archive that `helm package` would make, but of the same bytes each time, and as an OCI artefact. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

import ignore from "ignore";
import { load } from "js-yaml";

import { isObject } from "../generator/schema/json.js";
import { KUBERNETES_SCHEMA } from "../manifest/dialect.js";
import type { Artefact } from "./oci.js";
import { tarball } from "./tar.js";

export interface PackedChart {
  /** As Helm names it: `NAME-VERSION.tgz`. */
  readonly file: string;
  readonly content: Uint8Array;
  readonly artefact: Artefact;
}

/**
 * Packs the chart in `folder`, without what its .helmignore names.
 * @throws Error where its version is another than that of the library
 */
export function packChart(folder: string, version: string): PackedChart {
  const chart: unknown = load(readFileSync(join(folder, "Chart.yaml"), "utf8"), { schema: KUBERNETES_SCHEMA });
  if (!isObject(chart) || typeof chart["name"] !== "string") throw new Error(`${folder}/Chart.yaml names no chart`);
  if (chart["version"] !== version) throw new Error(`${folder}/Chart.yaml has version ${String(chart["version"])}, the library ${version}\nhelp: make them equal`);
  const ignored = ignore().add(readFileSync(join(folder, ".helmignore"), "utf8"));
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .filter((path) => !ignored.ignores(path))
    .sort();
  const { name } = chart;
  const content = tarball(paths.map((path) => [`${name}/${path}`, readFileSync(join(folder, path))]));
  const file = `${name}-${version}.tgz`;
  const artefact: Artefact = {
    tag: `chart-${version}`,
    // What Helm takes for a chart, and nothing else.
    config: { mediaType: "application/vnd.cncf.helm.config.v1+json", content: JSON.stringify(chart) },
    annotations: { "org.opencontainers.image.title": name, "org.opencontainers.image.version": version },
    layers: [{ path: file, mediaType: "application/vnd.cncf.helm.chart.content.v1.tar+gzip", content }],
  };
  return { file, content, artefact };
}
