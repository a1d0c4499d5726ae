import type { Problem } from "../problem.js";
import type { Finding, Waived } from "../report.js";

export interface Message {
  /** What is wrong, and what comes of it. */
  readonly what: string;
  /** What to write instead; absent where the message does not say. */
  readonly advice?: string;
}

/** The parts of a rule's message, which is written "what is wrong, and why it matters; what to write instead". */
export function partsOf(message: string): Message {
  const end = message.lastIndexOf("; ");
  return end === -1 ? { what: message } : { what: message.slice(0, end), advice: message.slice(end + 2) };
}

/** A notice with what to do about it. */
export function noticeText({ message, help }: Problem): string {
  return help === undefined ? message : `${message}; ${help}`;
}

/** Why a finding is accepted, and until when. */
export function describeWaiver({ reason, expires }: Waived): string {
  return expires === undefined ? reason : `${reason} (until ${expires})`;
}

/** `Deployment shop/web, container "nginx"`. */
export function describePlace({ workload, container }: Pick<Finding, "workload" | "container">): string {
  const { kind, namespace, name } = workload;
  const object = `${kind} ${namespace === "" ? name : `${namespace}/${name}`}`;
  return container === undefined ? object : `${object}, container "${container}"`;
}

/** Why a rule exists: the first sentence of its description, or as many as it takes to say something. */
export function reasonOf(description: string): string {
  const [paragraph = ""] = description.split(/\n\s*\n/);
  let reason = "";
  for (const sentence of paragraph.replace(/\s+/g, " ").split(/(?<=[^.]\.) (?=[A-Z])/)) {
    if (reason.length >= 80) break;
    reason = reason === "" ? sentence : `${reason} ${sentence}`;
  }
  return reason;
}
