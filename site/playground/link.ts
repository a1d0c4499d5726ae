/** Links that hold what is on the page. It stands behind the `#`, which browsers send to nobody. */
import type { Question } from "./question.js";

/** The form of what follows; an old link must never be read as something else. */
const VERSION = "v1.";
/** No text may take the memory of whoever opens a link. */
const MAX_CHARACTERS = 2_000_000;

export async function fragmentOf({ manifest, config, bundle, rules }: Question): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify([manifest, config, bundle, rules]));
  const packed = new Uint8Array(await new Response(through(bytes, new CompressionStream("deflate-raw"))).arrayBuffer());
  return `#${VERSION}${base64url(packed)}`;
}

/**
 * @returns undefined for a fragment that is none of ours
 * @throws Error for one that is, but is broken
 */
export async function questionIn(fragment: string): Promise<Question | undefined> {
  const text = fragment.replace(/^#/, "");
  if (!text.startsWith(VERSION)) return undefined;
  try {
    return questionOf(JSON.parse(await unpacked(bytesOf(text.slice(VERSION.length)))));
  } catch (error) {
    throw new Error("this link is broken: a part of it is missing or was changed", { cause: error });
  }
}

async function unpacked(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const reader = through(bytes, new DecompressionStream("deflate-raw")).pipeThrough(new TextDecoderStream("utf-8", { fatal: true })).getReader();
  let text = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += part.value;
    if (text.length > MAX_CHARACTERS) throw new Error("too long");
  }
  return text;
}

function through(bytes: Uint8Array<ArrayBuffer>, transform: CompressionStream | DecompressionStream): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new Blob([bytes]).stream().pipeThrough(transform);
}

function questionOf(value: unknown): Question {
  const parts: readonly unknown[] = Array.isArray(value) ? value : [];
  const [manifest, config, bundle, rules] = parts;
  if (typeof manifest !== "string" || typeof config !== "string" || typeof bundle !== "string" || !isTexts(rules)) throw new Error("not a question");
  return { manifest, config, bundle, rules };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function base64url(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
}
