/** `npm run new-rule -- ID`: writes a rule to start from, with its cases, and adds it to the lists of rules. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

import { Command, CommanderError } from "commander";

import { missingPackages } from "../needs.js";

interface Options {
  readonly rules: string;
}

function command(ownRules: string): Command {
  return new Command("new-rule")
    .description("Writes a rule to start from, with cases that pass.")
    .argument("<id>", "id of the rule: lower-case words joined by -")
    .option("--rules <dir>", "folder of the rules", ownRules)
    .allowExcessArguments(false)
    .exitOverride();
}

/** @returns the exit code: 0 written, 2 wrong usage or no such rule possible; nothing is written then */
async function main(given: readonly string[]): Promise<number> {
  const missing = missingPackages();
  if (missing !== undefined) {
    console.error(missing);
    return 2;
  }
  const { OWN_RULES, RefusedError, scaffold } = await import("./scaffold.js");
  try {
    const parsed = command(OWN_RULES).parse(given, { from: "user" });
    const root = process.cwd();
    const rules = relative(root, parsed.opts<Options>().rules).replaceAll("\\", "/") || ".";
    const changes = scaffold({ id: parsed.args[0] ?? "", rules, root });
    for (const { path, text, change } of changes) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
      console.log(`${change.padEnd(7)}  ${path}`);
    }
    console.log("\nnext: make the rule and its cases say what you mean, then generate and test");
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof RefusedError)) throw error;
    console.error(`error: ${error.message}`);
    if (error.help !== undefined) console.error(`help: ${error.help}`);
    return 2;
  }
}

process.exitCode = await main(process.argv.slice(2));
