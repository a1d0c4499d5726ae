/**
 * Builds the package when it is packed, or installed from git. `npm install -g git+…`, which is what pre-commit runs, hands its `-g` on to
 * the installation of our development dependencies, so that there are none: they are installed here then.
 */
import { execSync } from "node:child_process";
import { existsSync } from "node:fs";
import { env } from "node:process";

const run = (command) => execSync(command, { stdio: "inherit", env: { ...env, npm_config_global: "false", npm_config_location: "project" } });

if (!existsSync("node_modules/@types/node")) run("npm ci --include=dev --ignore-scripts --no-audit --no-fund");
run("npm run build --silent");
run("node dist/policy-test/suite/write-digests.js");
