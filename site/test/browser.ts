/** Starts Debian's Chromium, or whichever the variable CHROMIUM names. */
import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** @throws Error that says how to get one, where there is none */
export function startBrowser(): Promise<Browser> {
  const named = process.env["CHROMIUM"];
  const path = named ?? PLACES.find((place) => existsSync(place));
  if (path === undefined || !existsSync(path)) {
    throw new Error(`there is no Chromium at ${named ?? PLACES.join(", ")}; install it (\`apt-get install -y --no-install-recommends chromium fonts-liberation\`), or name yours in the variable CHROMIUM`);
  }
  // Chromium's own sandbox refuses to run as root, as which containers and CI run.
  return chromium.launch({ executablePath: path, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
}
