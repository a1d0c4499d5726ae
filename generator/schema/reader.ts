/** The only file that knows ts-json-schema-generator. */
import {
  BaseError,
  createFormatter,
  createParser,
  DEFAULT_CONFIG,
  SchemaGenerator,
  symbolAtNode,
  ts,
  type CompletedConfig,
} from "ts-json-schema-generator";

import type { Sources } from "../sources.js";
import { isObject, type JsonObject } from "./json.js";
import type { SchemaProblem } from "./problem.js";

/** JSON Schemas (draft-07) of the interfaces in some files. */
export interface SchemaReader {
  /** The schema of the interface or type `name` in `file`; undefined where the file declares none. */
  read(file: string, name: string): ReadResult | undefined;
}

export type ReadResult =
  | { readonly ok: true; readonly schema: JsonObject }
  | { readonly ok: false; readonly problems: readonly SchemaProblem[] };

/**
 * Reads all files with one TypeScript program: creating it costs half a second, reading an interface some milliseconds.
 * The program is the library's own: it brings its own copy of TypeScript, whose internal flags differ from those of
 * the compiler's, so that a program of the compiler's would be misread.
 */
export function createReader(files: readonly string[], sources: Sources): SchemaReader {
  const config: CompletedConfig = {
    ...DEFAULT_CONFIG,
    // References then stand for recursion only.
    expose: "none",
    topRef: false,
    // The rules are checked by the compiler's front end.
    skipTypeCheck: true,
  };
  const program = programOf(files, sources);
  const generator = new SchemaGenerator(program, createParser(program, config), createFormatter(config), config);
  return {
    read: (file, name) => {
      const node = declarationOf(program, file, name);
      if (node === undefined) return undefined;
      try {
        const schema: unknown = generator.createSchemaFromNodes([node]);
        return { ok: true, schema: isObject(schema) ? schema : {} };
      } catch (error) {
        if (!(error instanceof BaseError)) throw error;
        return { ok: false, problems: [problemOf(error, node)] };
      }
    },
  };
}

function programOf(rootNames: readonly string[], { system }: Sources): ts.Program {
  const options: ts.CompilerOptions = {
    strict: true,
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2023.d.ts"],
    types: [],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    skipLibCheck: true,
    noEmit: true,
  };
  return ts.createProgram(rootNames, options, ts.createIncrementalCompilerHost(options, system));
}

function declarationOf(program: ts.Program, file: string, name: string): ts.Node | undefined {
  return program.getSourceFile(file)?.statements.find((statement) => symbolAtNode(statement)?.name === name);
}

function problemOf(error: BaseError, declaration: ts.Node): SchemaProblem {
  const { file, start } = error.diagnostic;
  const isInside = file === declaration.getSourceFile() && start !== undefined;
  return {
    property: isInside ? propertyAt(declaration, start) : "",
    message: `this type has no schema: ${error.message}`,
    help: "write a text, a number, a boolean, a union of literals, a list or a record of those",
  };
}

/** The names of the properties around a position, from the outermost. */
function propertyAt(declaration: ts.Node, position: number): string {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (position < node.getStart() || position >= node.getEnd()) return;
    const name = symbolAtNode(node)?.name;
    if (name !== undefined && !name.startsWith("__")) names.push(name);
    node.forEachChild(visit);
  };
  declaration.forEachChild(visit);
  return names.join(".");
}
