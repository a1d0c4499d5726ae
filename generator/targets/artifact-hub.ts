/** What Artifact Hub shows of a policy, as a file beside it. Its digest is that of the policy's own file. */
import { createHash } from "node:crypto";

import type { CompiledRule } from "../compiled.js";
import type { LibraryRelease } from "../versions.js";
import { annotations } from "./kyverno.js";
import { yamlFile, type Files } from "./yaml.js";

const engines = [
  { engine: "gatekeeper", title: "Gatekeeper", policy: (_id: string) => "template.yaml", extra: () => ({}) },
  { engine: "kyverno", title: "Kyverno", policy: (id: string) => `${id}.yaml`, extra: kyvernoAnnotations },
] as const;

/**
 * The packages of the released rules.
 * @param files the library that they are part of
 */
export function artifactHubFiles(rules: readonly CompiledRule[], files: Files, library: LibraryRelease): Files {
  return new Map(
    rules.flatMap((rule) =>
      engines.flatMap(({ engine, title, policy, extra: extraOf }): [string, string][] => {
        const { id, file, release } = rule.meta;
        const text = files.get(`${engine}/${id}/${policy(id)}`);
        if (release === undefined || text === undefined) return [];
        const description = rule.meta.description.split("\n")[0] ?? rule.meta.title;
        const metadata = {
          version: release.version,
          name: id,
          displayName: rule.meta.title,
          createdAt: `${release.released}T00:00:00Z`,
          description,
          digest: createHash("sha256").update(text).digest("hex"),
          ...(library.license === undefined ? {} : { license: library.license }),
          keywords: ["hostNetwork", engine, "kubernetes", "networking", "security"],
          provider: { name: library.name },
          readme: readmeOf(rule, title),
          install: `\`\`\`shell\nkubectl apply -k library/${engine}/${id}\n\`\`\`\n`,
          ...extraOf(rule),
        };
        return [[`${engine}/${id}/artifacthub-pkg.yml`, yamlFile(file, [metadata])]];
      }),
    ),
  );
}

function kyvernoAnnotations(rule: CompiledRule): object {
  const own = annotations(rule, "validating-policy", "1.17.0");
  return {
    annotations: {
      "kyverno/category": own["policies.kyverno.io/category"],
      "kyverno/kubernetesVersion": own["kyverno.io/kubernetes-version"],
      "kyverno/subject": own["policies.kyverno.io/subject"],
      "kyverno/version": own["policies.kyverno.io/minversion"],
    },
  };
}

function readmeOf({ meta }: CompiledRule, engine: string): string {
  const limitations = meta.limitations.map((line) => `- ${line}\n`).join("");
  return (
    `# ${meta.title}\n\n${meta.description}\n\n` +
    `Severity ${meta.severity}; by default it ${meta.enforcement === "deny" ? "denies" : "warns"}. For ${engine}.\n` +
    (limitations === "" ? "" : `\nWhat it does not find, or finds wrongly:\n\n${limitations}`)
  );
}
