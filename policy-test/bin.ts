#!/usr/bin/env node
import { main } from "./cli.js";
import { processIo } from "./io.js";

// `policy-test … | head` closes the pipe; that is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

process.exitCode = await main(process.argv.slice(2), processIo());
