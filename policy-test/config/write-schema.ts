/** `npm run generate:config-schema`: writes policy-test/config.schema.json. */
import { writeFileSync } from "node:fs";
import { packageAssets, readWasmManifest } from "../assets.js";
import { CONFIG_SCHEMA_FILE, configSchemaText } from "./schema-file.js";

writeFileSync(CONFIG_SCHEMA_FILE, configSchemaText(readWasmManifest(packageAssets().manifest)));
