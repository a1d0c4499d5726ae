/** `npm run ship [-- OUT]`: writes what registries and catalogues take, below OUT (default: dist/release). */
import { defaultOut, ship } from "./ship.js";

const [out = defaultOut, ...more] = process.argv.slice(2);
if (more.length > 0 || out.startsWith("-")) {
  process.stderr.write("usage: npm run ship [-- OUT]\n");
  process.exitCode = 2;
} else {
  try {
    for (const tag of ship(out)) process.stdout.write(`${out}/oci:${tag}\n`);
  } catch (error) {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  }
}
