/** Part of building the package: what it knows of the library, which is not in it. */
import { writeDigests } from "./known.js";

writeDigests();
