/** Where the rest of the code base gets the real policy engines. */
export { buildEngine } from "./build.js";
export { type EngineName } from "./catalogue.js";
export { findEngine, requireEngine, type Engine } from "./find.js";
