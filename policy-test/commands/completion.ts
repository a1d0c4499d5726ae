import type { Command } from "commander";
import { readWasmManifest, type Assets } from "../assets.js";
import { bashCompletion } from "../completion/bash.js";
import { fishCompletion } from "../completion/fish.js";
import { commandLineOf } from "../completion/model.js";
import { zshCompletion } from "../completion/zsh.js";
import type { Io } from "../io.js";
import { formats } from "../reporters/reporter.js";

const SHELLS = { bash: bashCompletion, fish: fishCompletion, zsh: zshCompletion } as const;

/** `policy-test completion`: a script that teaches a shell the command line. */
export function completionCommand(shell: keyof typeof SHELLS, program: Command, io: Io, assets: Assets): number {
  io.stdout.write(SHELLS[shell](commandLineOf(program, readWasmManifest(assets.manifest), Object.keys(formats))));
  return 0;
}
