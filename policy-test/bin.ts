#!/usr/bin/env node
import { main } from "./cli.js";
import { processIo } from "./io.js";

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") return; // `policy-test … | head` closes the pipe; that is no error
  process.stderr.write(`error: the report cannot be written to standard output: ${error.message}\n`);
  process.exit(2);
});

process.exitCode = await main(process.argv.slice(2), processIo());
