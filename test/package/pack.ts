/** The package as `npm pack` makes it of the files in git, and empty projects that have installed it. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { inject } from "vitest";
import { execute, type Output } from "../engines/process.js";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** What `npm pack --json` says. */
export interface Packed {
  readonly filename: string;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

const isPacked = new Ajv().compile<[Packed]>({
  type: "array",
  minItems: 1,
  items: {
    type: "object",
    required: ["filename", "unpackedSize", "files"],
    properties: {
      filename: { type: "string" },
      unpackedSize: { type: "number" },
      files: { type: "array", items: { type: "object", required: ["path", "size"], properties: { path: { type: "string" }, size: { type: "number" } } } },
    },
  },
});

export interface PackedPackage {
  /** The files in git, with the package built among them. */
  readonly source: string;
  readonly tarball: string;
  readonly packed: Packed;
}

export interface Project extends PackedPackage {
  /** The empty project, with the package installed. */
  readonly folder: string;
  /** Runs a program in the project. */
  run(program: string, ...given: string[]): Promise<Output>;
  remove(): void;
}

/** Runs a program that must succeed. @throws Error with all that it says where it does not */
export async function must(folder: string, program: string, ...given: string[]): Promise<string> {
  const { status, stdout, stderr } = await execute(program, given, folder);
  if (status !== 0) throw new Error(`${program} ${given.join(" ")}: exit code ${String(status)}\n${stdout}${stderr}`);
  return stdout;
}

/** Packs the files of this repository, built anew, into a folder. */
export async function pack(temporary: string): Promise<PackedPackage> {
  const source = join(temporary, "source");
  const listed = await must(root, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate");
  for (const path of listed.split("\0").filter((name) => name !== "")) {
    mkdirSync(dirname(join(source, path)), { recursive: true });
    copyFileSync(join(root, path), join(source, path));
  }
  symlinkSync(join(root, "node_modules"), join(source, "node_modules"));
  return { source, ...(await packFolder(source, temporary)) };
}

/** `npm pack` of a folder that has a package, with the scripts that build it or without. */
export async function packFolder(source: string, destination: string, ...more: readonly string[]): Promise<Omit<PackedPackage, "source">> {
  const packed: unknown = JSON.parse(await must(source, "npm", "pack", "--json", "--pack-destination", destination, ...more));
  if (!isPacked(packed)) throw new Error("npm pack says something else than it used to");
  return { tarball: join(destination, packed[0].filename), packed: packed[0] };
}

/** Installs the package, as the tests' set-up has packed it, into an empty project, without development dependencies. */
export async function installPackage(): Promise<Project> {
  const temporary = mkdtempSync(join(tmpdir(), "package-"));
  const folder = join(temporary, "project");
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const given = inject("package");
  await must(folder, "npm", "install", "--prefer-offline", "--no-audit", "--no-fund", given.tarball);
  return {
    ...given,
    folder,
    run: (program, ...words) => execute(program, words, folder),
    remove: () => rmSync(temporary, { recursive: true }),
  };
}
