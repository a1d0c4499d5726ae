/** The one door to TypeScript's compiler API: it is loaded here and nowhere else. */
import ts from "typescript";

export { ts };
