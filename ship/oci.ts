/** An OCI image layout: artefacts as a registry stores them, in a folder. What it holds depends on the content alone. */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A file of an artefact. */
export interface Layer {
  /** Where a client writes it, below the folder that it pulls into. */
  readonly path: string;
  readonly mediaType: string;
  readonly content: string | Uint8Array;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Artefact {
  /** What the layout calls it. */
  readonly tag: string;
  /** Absent where the configuration says it. */
  readonly artifactType?: string;
  /** For clients that ask for one. */
  readonly config?: { readonly mediaType: string; readonly content: string };
  readonly annotations: Readonly<Record<string, string>>;
  readonly layers: readonly Layer[];
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const INDEX = "application/vnd.oci.image.index.v1+json";
/** The specification's own empty value, for artefacts that need no configuration. */
const EMPTY = { mediaType: "application/vnd.oci.empty.v1+json", content: "{}" };

/** Writes a layout of the artefacts into `folder`, which is new or empty. */
export function writeLayout(folder: string, artefacts: readonly Artefact[]): void {
  mkdirSync(join(folder, "blobs", "sha256"), { recursive: true });
  const blob = (mediaType: string, content: string | Uint8Array): Descriptor => {
    const hex = createHash("sha256").update(content).digest("hex");
    writeFileSync(join(folder, "blobs", "sha256", hex), content);
    return { mediaType, digest: `sha256:${hex}`, size: Buffer.byteLength(content) };
  };
  const manifests = artefacts.map(({ tag, artifactType, config = EMPTY, annotations, layers }) => {
    const type = artifactType === undefined ? {} : { artifactType };
    const manifest = {
      schemaVersion: 2,
      mediaType: MANIFEST,
      ...type,
      config: blob(config.mediaType, config.content),
      layers: layers.map((layer) => ({ ...blob(layer.mediaType, layer.content), annotations: { ...layer.annotations, "org.opencontainers.image.title": layer.path } })),
      annotations,
    };
    return { ...blob(MANIFEST, JSON.stringify(manifest)), ...type, annotations: { "org.opencontainers.image.ref.name": tag } };
  });
  writeFileSync(join(folder, "oci-layout"), `${JSON.stringify({ imageLayoutVersion: "1.0.0" })}\n`);
  writeFileSync(join(folder, "index.json"), `${JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests }, null, 2)}\n`);
}
