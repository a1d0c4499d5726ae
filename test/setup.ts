/** Every run of the tests generates the same: a change is judged, not chance. `FAST_CHECK_SEED` asks for another run. */
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env["FAST_CHECK_SEED"] ?? 1) });
