/** What js-yaml alone needs for a folder: `node dist/bench/parse.js FOLDER`. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { loadAll } from "js-yaml";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("name a folder");
let documents = 0;
for (const file of readdirSync(folder).sort()) documents += loadAll(readFileSync(join(folder, file), "utf8")).length;
console.log(documents);
