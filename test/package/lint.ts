/** What publint and are-the-types-wrong say of a packed package. */
import { readFileSync } from "node:fs";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

/** What are-the-types-wrong finds in every package of ES modules alone; test/package/package.test.ts has the proof that the second works. */
const ofModulesAlone: ReadonlySet<string> = new Set<string>([
  // `moduleResolution: node10` knows no `exports`, which every Node of `engines` obeys; TypeScript 6 has deprecated it.
  "NoResolution node10",
  // That `require` gets a module: every Node of `engines` can (20.19 and later), and `module: nodenext` compiles it.
  "CJSResolvesToESM node16-cjs",
]);

/** One line for each problem, of any severity. */
export async function lintTarball(tarball: string): Promise<string[]> {
  const data = Uint8Array.from(readFileSync(tarball));
  const { messages, pkg } = await publint({ pack: { tarball: data.buffer }, level: "suggestion", strict: true });
  const types = await checkPackage(createPackageFromTarballData(data));
  if (types.types === false) return ["are-the-types-wrong: the package has no types"];
  return [
    ...messages.map((message) => `publint: ${message.type}: ${formatMessage(message, pkg, { color: false }) ?? message.code}`),
    ...types.problems.flatMap((problem) => {
      const resolution = "resolutionKind" in problem ? problem.resolutionKind : "";
      const place = "entrypoint" in problem ? problem.entrypoint : "fileName" in problem ? problem.fileName : problem.typesFileName;
      return ofModulesAlone.has(`${problem.kind} ${resolution}`) ? [] : [`are-the-types-wrong: ${problem.kind}: ${place} ${resolution}`.trimEnd()];
    }),
  ];
}
