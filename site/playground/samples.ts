/** What the playground offers to start from; made from the repository when the site is built. */
import type { Question } from "./question.js";

export interface Sample extends Question {
  /** The rule whose page shows it; absent for one of the folder `examples/`. */
  readonly rule?: string;
  readonly name: string;
}
