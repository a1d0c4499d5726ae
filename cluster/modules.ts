import { execFileSync } from "node:child_process";
import { recipeOf, type EngineName } from "../engines/catalogue.js";
import { isMapping } from "../manifest/mapping.js";

/** The folder of an engine's source in Go's module cache; downloaded where it is not there. */
export function moduleFolder(name: EngineName): string {
  const { module, version } = recipeOf(name);
  const text = execFileSync("go", ["mod", "download", "-json", `${module}@v${version}`], { cwd: "/", encoding: "utf8" });
  const value: unknown = JSON.parse(text);
  const folder = isMapping(value) ? value["Dir"] : undefined;
  if (typeof folder !== "string") throw new Error(`go has no source of ${module} ${version}: ${text}`);
  return folder;
}
