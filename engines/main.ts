import { buildEngine } from "./build.js";
import { engineNames, isEngineName, recipeOf, type EngineName } from "./catalogue.js";
import type { Engine } from "./find.js";

/**
 * `npm run engines [-- NAME…]`: finds or builds the named engines, without a name all that tests need. Progress goes to stderr, the
 * table of engines to stdout. Exit code 2 if one cannot be had.
 */
async function main(requested: readonly string[]): Promise<void> {
  const engines: Engine[] = [];
  for (const name of requested.length === 0 ? engineNames.filter((each) => recipeOf(each).onlyByName !== true) : parseNames(requested)) {
    engines.push(await buildEngine(name, (line) => process.stderr.write(`${line}\n`)));
  }
  process.stdout.write(formatTable(engines));
}

function parseNames(names: readonly string[]): readonly EngineName[] {
  return names.map((name) => {
    if (!isEngineName(name)) {
      throw new Error(`there is no engine \`${name}\`\nhelp: the engines are ${engineNames.join(", ")}`);
    }
    return name;
  });
}

function formatTable(engines: readonly Engine[]): string {
  const rows = [["NAME", "VERSION", "PATH"], ...engines.map(({ name, version, path }) => [name, version, path])];
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const widths = [width(0), width(1), 0];
  return rows.map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}\n`).join("");
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
