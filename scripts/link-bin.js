// Puts this package's own command into node_modules/.bin, so that `npx policy-test` in a clone starts it at once.
// npm links the commands of dependencies only; without the link npx first packs and builds the clone a second time.
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const folder = join(root, "node_modules", ".bin");
mkdirSync(folder, { recursive: true });
for (const [name, path] of Object.entries(bin)) {
  const target = join(root, path);
  chmodSync(target, 0o755);
  // Windows has no symbolic links for ordinary users; npx then takes the slow way.
  if (process.platform === "win32") continue;
  rmSync(join(folder, name), { force: true });
  symlinkSync(relative(folder, target), join(folder, name));
}
