/** In a copy with a mutant: that random requests show a difference is enough, whichever is the smallest of them. */
import fc from "fast-check";

fc.configureGlobal({ ...fc.readConfigureGlobal(), endOnFailure: true });
