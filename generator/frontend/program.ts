import { diagnosticInFile, type Diagnostic } from "../diagnostics.js";
import type { Sources } from "../sources.js";
import { describeTypeError } from "./type-errors.js";
import { ts } from "./typescript.js";

/** One program over all rule files, under the settings that the subset relies on. */
export function createProgram(files: readonly string[], { system, packageRoot }: Sources): ts.Program {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2023.d.ts"],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    strict: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    // Rules of other people import the kit by the package's name; the compiler needs its source.
    paths: { "hostnetwork-policies": [`${packageRoot}/policies/kit/index.ts`] },
  };
  return ts.createProgram({
    // What stands around every rule is compiled from its source too (frame.ts).
    rootNames: [...files, `${packageRoot}/policies/kit/frame.ts`],
    options,
    host: ts.createIncrementalCompilerHost(options, system),
  });
}

/** What TypeScript itself says of a file, as our diagnostics. */
export function typeErrors(program: ts.Program, file: ts.SourceFile): Diagnostic[] {
  const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
  const silenced = [...file.text.matchAll(/(?<=\/\/|\/\*|^\s*\*)\s*@ts-(?:ignore|expect-error|nocheck)\b/gm)].map(({ 0: text, index }) =>
    diagnosticInFile(file, index + text.length - text.trimStart().length, text.trimStart().length, "a rule relies on TypeScript's checks", "leave the comment out, and give the value a type that fits"),
  );
  const errors = found.map((each) => {
    const { what, help } = describeTypeError(each);
    return diagnosticInFile(each.file ?? file, each.start ?? 0, each.length ?? 1, what, help);
  });
  return [...silenced, ...errors];
}

/** The path of a file as people write it: relative to the working folder where it lies in it. */
export function displayPath(program: ts.Program, file: string): string {
  const folder = `${program.getCurrentDirectory().replaceAll("\\", "/").replace(/\/$/, "")}/`;
  return file.startsWith(folder) ? file.slice(folder.length) : file;
}
