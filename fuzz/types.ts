/** The types that random rules are made of, and what can be read of them. */
import { viewTable, type RecordName } from "../policies/kit/view.js";

/** A field that a random rule can read. */
export interface Readable {
  readonly name: string;
  /** `boolean`, `integer`, `text`, `map`, a record, or a list of them; `closed` is a text of a known set. */
  readonly type: string;
  /** A list that has a bound, so that its positions can be asked for. */
  readonly bounded: boolean;
}

const closed = new Set(["dnsPolicy", "protocol"]);

function readable([record, name]: readonly [RecordName, string]): Readable[] {
  const field = viewTable[record][name];
  switch (field?.type) {
    case undefined:
      return [];
    case "boolean":
    case "integer":
    case "map":
      return [{ name, type: field.type, bounded: false }];
    case "text":
      return [{ name, type: closed.has(name) ? "closed" : "text", bounded: false }];
    case "source":
      return [{ name, type: "closed", bounded: false }];
    case "numberOrText":
      return [{ name, type: "text", bounded: false }];
    case "quantities":
      return [{ name, type: "quantities", bounded: false }];
    case "texts":
      return [{ name, type: "text[]", bounded: field.limit !== undefined }];
    case "records":
      return [{ name, type: `${field.record}[]`, bounded: field.limit !== undefined || field.single === true }];
    case "view":
      return [{ name, type: field.record, bounded: false }];
    case "listed":
      return [{ name, type: `unordered ${field.record}`, bounded: false }];
  }
}

const isRecordName = (type: string): type is RecordName => Object.hasOwn(viewTable, type);

/** The fields of a record of the view; none of anything else. */
export function fieldsOf(type: string): readonly Readable[] {
  return isRecordName(type) ? Object.keys(viewTable[type]).flatMap((name) => readable([type, name])) : [];
}

/** The type of the elements of a list; undefined for what is none. */
export function elementOf(type: string): string | undefined {
  return type.endsWith("[]") ? type.slice(0, -2) : undefined;
}

/** As TypeScript spells it in the parameters and results of helper functions. */
export function spelled(type: string): string {
  const element = elementOf(type);
  if (element !== undefined) return `readonly ${spelled(element)}[]`;
  return { integer: "number", text: "string" }[type] ?? type;
}

/** Records that helper functions can take: what the interfaces of the kit are called. */
export const recordTypes = ["Workload", "Pod", "Container", "Port", "EnvVar", "VolumeMount", "Volume", "Probe", "Owner"] as const;

/** The parameters that random rules have, of which each gets those that it uses. */
export const parameterTable: Readonly<Record<string, { readonly type: string; readonly source: string }>> = {
  count: { type: "integer", source: "/** @default 2 */\n  count: number;" },
  port: { type: "integer", source: "/**\n   * @minimum 1\n   * @maximum 65535\n   * @default 8080\n   */\n  port: number;" },
  total: { type: "integer", source: "/**\n   * @minimum -9007199254740991\n   * @maximum 9007199254740991\n   * @default 1000000000000000\n   */\n  total: number;" },
  flag: { type: "boolean", source: "/** @default true */\n  flag: boolean;" },
  word: { type: "text", source: '/**\n   * @maxLength 30\n   * @default "agent"\n   */\n  word: string;' },
  mode: { type: "closed", source: '/** @default "long" */\n  mode: "long" | "short" | "";' },
  names: { type: "text[]", source: '/**\n   * @maxItems 4\n   * @default ["agent", ""]\n   */\n  names: string[];' },
  numbers: { type: "integer[]", source: "/**\n   * @maxItems 4\n   * @default [80, 8080]\n   */\n  numbers: number[];" },
  items: { type: "Item[]", source: "/**\n   * @maxItems 3\n   * @default []\n   */\n  items: Item[];" },
  labels: { type: "map", source: "/**\n   * @maxProperties 3\n   * @default {}\n   */\n  labels: Record<string, string>;" },
};

/** The elements of the parameter `items`. Some of their fields may be absent. */
export const itemSource = `export interface Item {
  /** @maxLength 30 */
  name: string;
  port?: number;
  isOpen?: boolean;
  /** @maxItems 2 */
  words?: string[];
}
`;
export const itemFields: readonly { readonly name: string; readonly type: string; readonly isOptional: boolean }[] = [
  { name: "name", type: "text", isOptional: false },
  { name: "port", type: "integer", isOptional: true },
  { name: "isOpen", type: "boolean", isOptional: true },
  { name: "words", type: "text[]", isOptional: true },
];
