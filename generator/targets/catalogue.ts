import type { Bundle } from "../bundles.js";
import type { CompiledRule } from "../compiled.js";
import type { LibraryRelease } from "../versions.js";
import { hasArtefact } from "./capabilities.js";
import { needsAccess } from "./known.js";
import { kindOf } from "./names.js";
import { yamlFile, type Files } from "./yaml.js";

/** Gator installs a template and, for a bundle, its Constraint; nothing else. */
const syncNote = (id: string): string => `Needs its SyncSet, which gator does not install: kubectl apply -f ${id}/syncset.yaml, beside this catalogue.`;

/**
 * The catalogue that `gator policy` reads: every released rule, and the bundles of such rules. Its paths are relative to the
 * catalogue and never lead upwards, as gator demands.
 */
export function catalogueFiles(rules: readonly CompiledRule[], bundles: readonly Bundle[], library: LibraryRelease, source: string): Files {
  const released = rules.filter((rule) => rule.meta.release !== undefined && hasArtefact(rule, "gatekeeper"));
  const isReleased = (rule: CompiledRule): boolean => released.some((other) => other.meta.id === rule.meta.id);
  const catalogue = {
    apiVersion: "gator.gatekeeper.sh/v1alpha1",
    kind: "PolicyCatalog",
    metadata: { name: library.name, version: `v${library.version}`, updatedAt: `${library.released}T00:00:00Z` },
    bundles: bundles.map(({ name, description, rules: bundled }) => ({
      name,
      description,
      policies: bundled.filter(({ rule }) => isReleased(rule)).map(({ rule }) => policyName(rule)),
    })),
    policies: released.map((rule) => policy(rule, bundles)),
  };
  return new Map([["gatekeeper/catalog.yaml", yamlFile(source, [catalogue])]]);
}

const policyName = ({ meta }: CompiledRule): string => kindOf(meta.id).toLowerCase();

function policy(rule: CompiledRule, bundles: readonly Bundle[]): object {
  const { id, description, release } = rule.meta;
  const names = bundles.filter((bundle) => bundle.rules.some((bundled) => bundled.rule.meta.id === id)).map(({ name }) => name);
  return {
    name: policyName(rule),
    version: `v${release?.version ?? ""}`,
    description: needsAccess(rule) ? `${description} ${syncNote(id)}` : description,
    category: "host-network",
    templatePath: `${id}/template.yaml`,
    ...(names.length === 0 ? {} : { bundleConstraints: Object.fromEntries(names.map((name) => [name, `bundles/${name}/constraints/${id}.yaml`])), bundles: names }),
  };
}
