/** Texts that somebody's mistake has made of a good manifest: bytes, lines or structure have changed. The same for the same seed. */
import { dump, loadAll } from "js-yaml";
import { seeded, type Random } from "../../bench/random.js";
import { KUBERNETES_SCHEMA } from "../../manifest/dialect.js";

export interface Malformed {
  readonly name: string;
  readonly bytes: Uint8Array;
}

type Mutation = (text: string, random: Random) => string | Uint8Array;

const STRAY_BYTES = [0x00, 0x09, 0x0b, 0x0d, 0x1b, 0x22, 0x25, 0x26, 0x27, 0x2a, 0x3a, 0x5b, 0x5d, 0x7b, 0x7c, 0x7d, 0x85, 0xc3, 0xff];
const STRAY_LINES = ["---", "...", "\t", "<<<<<<< HEAD", "=======", ">>>>>>> branch", "{{- end }}", "%YAML 1.2", "- ", "  <<: *no", "? [a]", "a: |", "# \u2028b: c", "kind: Pod", "  hostNetwork: false", "}", "&x", "!!set"];

const onBytes = (change: (bytes: number[], at: number, random: Random) => void): Mutation => (text, random) => {
  const bytes = [...Buffer.from(text)];
  change(bytes, random.between(0, bytes.length - 1), random);
  return Uint8Array.from(bytes);
};
const onLines = (change: (lines: string[], at: number, random: Random) => void): Mutation => (text, random) => {
  const lines = text.split("\n");
  change(lines, random.between(0, lines.length - 1), random);
  return lines.join("\n");
};

type Holder = Record<string, unknown>;

/** Every mapping of a value, with the names that it holds. */
function* mappings(value: unknown): Generator<Holder> {
  if (value === null || typeof value !== "object") return;
  if (!Array.isArray(value) && Object.keys(value).length > 0) yield value as Holder; // a mapping that was just read
  for (const child of Object.values(value)) yield* mappings(child);
}

const onStructure = (change: (holder: Holder, name: string, random: Random) => void): Mutation => (text, random) => {
  const documents = loadAll(text, { schema: KUBERNETES_SCHEMA });
  const holder = random.pick([...mappings(documents)]);
  change(holder, random.pick(Object.keys(holder)), random);
  const texts = documents.map((document) => (random.chance(30) ? `${JSON.stringify(document, null, random.pick([0, 2]))}\n` : dump(document)));
  return texts.join("---\n");
};
const rename = (holder: Holder, from: string, to: string): void => {
  const { [from]: value } = holder;
  Reflect.deleteProperty(holder, from);
  holder[to] = value;
};

const mutations: Readonly<Record<string, Mutation>> = {
  "a byte is another": onBytes((bytes, at, random) => void (bytes[at] = random.pick(STRAY_BYTES))),
  "a bit is turned": onBytes((bytes, at, random) => void (bytes[at] = (bytes[at] ?? 0) ^ (1 << random.between(0, 7)))),
  "a byte more": onBytes((bytes, at, random) => void bytes.splice(at, 0, random.pick(STRAY_BYTES))),
  "some bytes less": onBytes((bytes, at, random) => void bytes.splice(at, random.between(1, 40))),
  "cut off": onBytes((bytes, at) => void bytes.splice(at)),
  "a piece twice": onBytes((bytes, at, random) => void bytes.splice(at, 0, ...bytes.slice(at, at + random.between(1, 200)))),
  "a line less": onLines((lines, at) => void lines.splice(at, 1)),
  "a line twice": onLines((lines, at) => void lines.splice(at, 0, lines[at] ?? "")),
  "a line elsewhere": onLines((lines, at, random) => void lines.splice(random.between(0, lines.length), 0, ...lines.splice(at, 1))),
  "a stray line": onLines((lines, at, random) => void lines.splice(at, 0, random.pick(STRAY_LINES))),
  "a line further in": onLines((lines, at, random) => void (lines[at] = `${" ".repeat(random.between(1, 4))}${lines[at] ?? ""}`)),
  "a line further out": onLines((lines, at) => void (lines[at] = (lines[at] ?? "").replace(/^ {1,2}/, ""))),
  "a line with a tab": onLines((lines, at) => void (lines[at] = (lines[at] ?? "").replace(/^ */, "\t"))),
  "a line without its space": onLines((lines, at) => void (lines[at] = (lines[at] ?? "").replace(": ", ":"))),
  "a line in quotes": onLines((lines, at) => void (lines[at] = (lines[at] ?? "").replace(/: (.+)$/, ': "$1"'))),
  "two lines in one": onLines((lines, at) => void lines.splice(at, 2, `${lines[at] ?? ""}${lines[at + 1] ?? ""}`)),
  "a value that is a text": onStructure((holder, name) => void (holder[name] = JSON.stringify(holder[name] ?? null))),
  "a value in a list": onStructure((holder, name) => void (holder[name] = [holder[name]])),
  "a value in a mapping": onStructure((holder, name) => void (holder[name] = { value: holder[name] })),
  "a value that is another": onStructure((holder, name, random) => void (holder[name] = random.pick([null, "", 0, -1, 1e20, true, [], {}, [[]], "true"]))),
  "a name in another case": onStructure((holder, name) => {
    rename(holder, name, name === name.toLowerCase() ? name.toUpperCase() : name.toLowerCase());
  }),
  "a name with a slip": onStructure((holder, name, random) => {
    const at = random.between(0, name.length - 1);
    rename(holder, name, name.slice(0, at) + name.slice(at + 1));
  }),
  "a value less": onStructure((holder, name) => void Reflect.deleteProperty(holder, name)),
  "a value deep down": onStructure((holder, name, random) => {
    for (let level = random.between(100, 400); level > 0; level--) holder[name] = { a: holder[name] };
  }),
};

/** @param sources good manifests by name; every mutation is made as often as any other, give or take one */
export function malformed(sources: Readonly<Record<string, string>>, count: number, seed: number): Malformed[] {
  const random = seeded(seed);
  const kinds = Object.entries(mutations);
  const names = Object.keys(sources);
  return Array.from({ length: count }, (_, index) => {
    const [kind = "", mutate] = kinds[index % kinds.length] ?? [];
    const source = random.pick(names);
    const made = mutate?.(sources[source] ?? "", random) ?? "";
    return { name: `${String(index)}: ${source}, ${kind}`, bytes: typeof made === "string" ? Buffer.from(made) : made };
  });
}
