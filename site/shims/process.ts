/** What the schema generator asks of Node's `process` when it is loaded; TypeScript does not take this for Node's. */
Object.assign(globalThis, { process: { env: {}, stdout: {}, cwd: () => "/" } });

export {};
