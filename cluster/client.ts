/** Requests to the API server of the cluster. */
import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { join } from "node:path";
import { isMapping } from "../manifest/mapping.js";

export interface Response {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** The texts of the `Warning` headers, in their order. */
  readonly warnings: readonly string[];
}

export interface Client {
  /** @param path below the server: `/api/v1/namespaces?dryRun=All` */
  send(method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE", path: string, body?: unknown): Promise<Response>;
  close(): void;
}

/** Where the server listens, the token to show, the folder with its certificate, and whom to act as, with the admin's rights. */
export interface Connection {
  readonly server: string;
  readonly token: string;
  readonly folder: string;
  readonly user?: string;
}

export function createClient({ server, token, folder, user }: Connection): Client {
  const identity: Readonly<Record<string, string>> = user === undefined ? {} : { "impersonate-user": user, "impersonate-group": "system:masters" };
  const agent = new Agent({ keepAlive: true, maxSockets: 16, ca: readFileSync(join(folder, "certs", "apiserver.crt")) });
  const client: Client = {
    send: (method, path, body) =>
      new Promise((resolve, reject) => {
        const text = body === undefined ? undefined : JSON.stringify(body);
        const contentType = method === "PATCH" ? "application/merge-patch+json" : "application/json";
        const sent = request(`${server}${path}`, { method, agent, headers: { ...identity, authorization: `Bearer ${token}`, accept: "application/json", "content-type": contentType, ...lengthOf(text) } }, (answer) => {
          const chunks: Buffer[] = [];
          answer.on("data", (chunk: Buffer) => chunks.push(chunk));
          answer.on("error", reject);
          answer.on("end", () => {
            const given = Buffer.concat(chunks).toString("utf8");
            resolve({ status: answer.statusCode ?? 0, body: parsed(given), warnings: warningsOf(answer.rawHeaders) });
          });
        });
        sent.on("error", (error) => {
          // The server has closed a connection that lay idle, just as it was used again: it has not seen the request.
          if (sent.reusedSocket && "code" in error && error.code === "ECONNRESET") resolve(client.send(method, path, body));
          else reject(error);
        });
        sent.end(text);
      }),
    close: () => {
      agent.destroy();
    },
  };
  return client;
}

/** Node sends the body of a DELETE without its length, and the server takes it for the next request. */
const lengthOf = (text: string | undefined): Readonly<Record<string, string>> => (text === undefined ? {} : { "content-length": String(Buffer.byteLength(text)) });

/** What the server says; a text that is no JSON (`ok`) becomes a message. */
function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isMapping(value) ? value : { message: text };
  } catch {
    return { message: text };
  }
}

/** `299 - "text"`: the quoted part (RFC 7234, 5.5). */
function warningsOf(rawHeaders: readonly string[]): string[] {
  return rawHeaders.flatMap((name, index) => {
    if (index % 2 === 1 || name.toLowerCase() !== "warning") return [];
    const quoted = /^\d{3} \S+ "((?:[^"\\]|\\.)*)"/.exec(rawHeaders[index + 1] ?? "")?.[1];
    return quoted === undefined ? [] : [Buffer.from(quoted.replace(/\\(.)/g, "$1"), "latin1").toString("utf8")];
  });
}
