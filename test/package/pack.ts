/** The package as `npm pack` makes it of the files in git, and an empty project that has installed it. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
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

export interface Project {
  /** The empty project, with the package installed. */
  readonly folder: string;
  /** The files in git, with the package built among them. */
  readonly source: string;
  readonly packed: Packed;
  /** Runs a program in the project. */
  run(program: string, ...given: string[]): Promise<Output>;
  remove(): void;
}

/** Runs a program that must succeed. @throws Error with all that it says where it does not */
async function must(folder: string, program: string, ...given: string[]): Promise<string> {
  const { status, stdout, stderr } = await execute(program, given, folder);
  if (status !== 0) throw new Error(`${program} ${given.join(" ")}: exit code ${String(status)}\n${stdout}${stderr}`);
  return stdout;
}

/** Packs the files of this repository, built anew, and installs the result without development dependencies. */
export async function installPackage(): Promise<Project> {
  const temporary = mkdtempSync(join(tmpdir(), "package-"));
  const source = join(temporary, "source");
  const folder = join(temporary, "project");
  const listed = await must(root, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate");
  for (const path of listed.split("\0").filter((name) => name !== "")) {
    mkdirSync(dirname(join(source, path)), { recursive: true });
    copyFileSync(join(root, path), join(source, path));
  }
  symlinkSync(join(root, "node_modules"), join(source, "node_modules"));
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));

  const packed: unknown = JSON.parse(await must(source, "npm", "pack", "--json", "--pack-destination", temporary));
  if (!isPacked(packed)) throw new Error("npm pack says something else than it used to");
  await must(folder, "npm", "install", "--prefer-offline", "--no-audit", "--no-fund", join(temporary, packed[0].filename));
  return {
    folder,
    source,
    packed: packed[0],
    run: (program, ...given) => execute(program, given, folder),
    remove: () => rmSync(temporary, { recursive: true }),
  };
}
