/** Serves the built site on loopback, below a path, as a plain static server would. */
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

export const built = fileURLToPath(new URL("../.vitepress/dist", import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".txt": "text/plain; charset=utf-8",
  ".svg": "image/svg+xml",
};

export interface Served {
  /** Ends with a slash. */
  readonly address: string;
  /** Paths that were asked for and are there, with their size as a server would send it. */
  readonly sent: Map<string, number>;
  /** Paths that were asked for and are not there. */
  readonly missing: string[];
  readonly close: () => Promise<void>;
}

/** @param prefix the path below which the site lies; starts and ends with a slash */
export async function serve(prefix: string): Promise<Served> {
  if (!existsSync(join(built, "index.html"))) throw new Error("there is no built site; run `npm run site`");
  const sent = new Map<string, number>();
  const missing: string[] = [];
  const server = createServer(({ url = "/" }, response) => {
    const path = normalize(decodeURIComponent(new URL(url, "http://localhost").pathname));
    const file = join(built, path.slice(prefix.length) + (path.endsWith("/") ? "index.html" : ""));
    // Browsers ask for it where a text file is shown, which cannot name an icon.
    if (path === "/favicon.ico") {
      response.writeHead(204).end();
      return;
    }
    if (!path.startsWith(prefix) || !existsSync(file)) {
      missing.push(path);
      response.writeHead(404, { "content-type": "text/html" }).end(readFileSync(join(built, "404.html")));
      return;
    }
    const content = readFileSync(file);
    const packed = gzipSync(content);
    sent.set(path.slice(prefix.length), packed.byteLength);
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream", "content-encoding": "gzip" }).end(packed);
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") reject(new Error("the server has no port"));
      else resolve(address.port);
    });
  });
  return { address: `http://127.0.0.1:${String(port)}${prefix}`, sent, missing, close: () => closed(server) };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
