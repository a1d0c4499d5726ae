/** `npm run fuzz`: starts main.ts, which uses the tests' own generators and runners, and so runs from the sources as the tests do. */
import process from "node:process";

import { createViteServer } from "vitest/node";

const server = await createViteServer({
  configFile: false,
  appType: "custom",
  logLevel: "error",
  server: { middlewareMode: true, watch: null, ws: false },
  optimizeDeps: { noDiscovery: true },
});
try {
  const { main } = await server.ssrLoadModule("/fuzz/main.ts");
  process.exitCode = await main(process.argv.slice(2));
} finally {
  await server.close();
}
