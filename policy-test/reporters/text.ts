import picocolors from "picocolors";
import type { Excerpts } from "../excerpts.js";
import { printable } from "../printable.js";
import { placeOf } from "../problem.js";
import type { Finding, InputError, NotChecked, Report } from "../report.js";
import { wrap } from "../wrap.js";
import { closing } from "./closing.js";
import { fixLines, formatLines } from "./compact.js";
import { codeFrame } from "./frame.js";
import { labelOf, paint, type Label } from "./labels.js";
import { describePlace, describeWaiver, partsOf, reasonOf } from "./message.js";
import { groupByFile, type Place } from "./places.js";
import type { ReportContext } from "./reporter.js";
import { select } from "./select.js";

type Colours = ReturnType<typeof picocolors.createColors>;

/** Something at a place: a block of lines. */
interface Block extends Place {
  readonly label: Label;
  /** What stands behind the label. */
  readonly head: readonly string[];
  /** The rule that has found it, where one has. */
  readonly rule?: string;
  /** Names and texts below the lines of the file. */
  readonly notes: readonly (readonly [name: string, text: string])[];
}

/** The report for people: each finding with its lines of the file, what to write instead, and once for each rule why. */
export function formatText(report: Report, context: ReportContext): string {
  const colours = picocolors.createColors(context.colours);
  const selection = select(report, context);
  const { findings, notChecked } = selection;
  const blocks: Block[] = [...findings.map((finding) => findingBlock(finding)), ...notChecked.map((object) => notCheckedBlock(object)), ...report.inputErrors.map((error) => invalidBlock(error))];
  const explained = new Set<string>();
  const sections = groupByFile(blocks).flat().map((block) => {
    const why = block.rule === undefined ? [] : whyNotes(block.rule, context, explained);
    return formatBlock({ ...block, notes: [...block.notes, ...why] }, report.excerpts, colours);
  });
  const fixes = groupByFile(fixLines(report.fix)).map((lines) => formatLines(lines, colours));
  return [...sections, ...fixes, ...closing(report, context, selection, colours)].map((section) => `${section}\n`).join("\n");
}

function findingBlock(finding: Finding): Block {
  const { file, line, column, rule, constraint, waived } = finding;
  const { what, advice } = partsOf(finding.message);
  return {
    file,
    line,
    column,
    rule,
    label: labelOf(finding),
    head: [constraint === undefined ? rule : `${rule} (${constraint})`, what],
    notes: [
      ["in", describePlace(finding)],
      ...(advice === undefined ? [] : [["help", advice] as const]),
      ...(waived === undefined ? [] : [["waived", describeWaiver(waived)] as const]),
    ],
  };
}

function notCheckedBlock({ object, why, ...place }: NotChecked): Block {
  return { ...place, label: "not checked", head: [`${describePlace({ workload: object })}: ${why}`], notes: [] };
}

function invalidBlock({ message, ...place }: InputError): Block {
  return { ...place, label: "invalid", head: [message], notes: [] };
}

/** Why a rule exists, the first time that it is shown. */
function whyNotes(id: string, { rules, explain }: ReportContext, explained: Set<string>): Block["notes"] {
  const rule = rules.get(id);
  if (rule === undefined || explained.has(id)) return [];
  explained.add(id);
  return [["why", reasonOf(rule.description)], ...(explain ? [] : [["more", `policy-test explain ${id}`] as const])];
}

function formatBlock({ label, head, notes, ...place }: Block, excerpts: Excerpts | undefined, colours: Colours): string {
  const { file, line, column = 1 } = place;
  const lines = line === undefined ? undefined : excerpts?.get(file);
  const frame = line === undefined || lines === undefined ? [] : codeFrame(lines, line, column);
  const indent = "    ";
  return [
    [colours.bold(printable(placeOf(place))), paint(label, colours)(label), ...head.map((part) => printable(part))].join("  "),
    ...frame.map((row, index) => indent + (index === frame.length - 1 ? paint(label, colours)(row) : colours.dim(row))),
    ...notes.map(([name, text]) => `${indent}${colours.cyan(`${name}:`)} ${name === "why" ? wrap(printable(text), `${indent}     `).trimStart() : printable(text)}`),
  ].join("\n");
}
