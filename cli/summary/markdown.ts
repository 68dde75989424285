/** The summary as a comment on a pull request. */
import { code, entities } from "./escape";
import type { SummaryOptions } from "./options";
import { fit, lengthOf } from "./limit";
import type { Line } from "./limit";
import type { Change, Summary } from "./types";
import { cells, clip, columns, headline, LONGEST_MESSAGE, placeName } from "./words";
import type { Style } from "./words";

const style: Style = { quote: code, special: (words) => `*${entities(words)}*` };
/** Not in code: GitHub looks for mentions and references after the entities have become characters. */
const apart = (text: string): string => entities(text).replace(/&#(64|35);/g, "$&&#8203;");
const titleStyle: Style = { ...style, special: apart };

export function toMarkdown(summary: Summary, { title, maxLength }: SummaryOptions): string {
  const { changes, errors, warnings } = summary;
  const table: Line[] = [
    { text: marker(summary) },
    { text: `### ${headline(summary, title, titleStyle)}` },
    ...changes.flatMap((change, index) => tableLines(change, changes[index - 1])),
  ];
  const said = [...messages("Errors", errors), ...messages("Warnings", warnings)];
  // The table comes first, and long messages take no more of its room than this.
  const share = Math.min(lengthOf(said), Math.floor(maxLength / 4));
  const shown = fit(table, maxLength - share);
  return shown + fit(said, maxLength - shown.length);
}

/** Not seen; by it a workflow finds the comment again that it wrote before. */
const marker = ({ project, stack }: Summary): string =>
  `<!-- pulumi-artifact-metadata: ${encodeURIComponent(`${project ?? ""}/${stack ?? ""}`.toWellFormed()).slice(0, 200)} -->`;

const MESSAGES = 10;

function messages(words: string, all: string[]): Line[] {
  const shown = all.slice(0, MESSAGES).map((message, index): Line => ({
    lead: index === 0 ? `\n**${words}:**\n` : undefined,
    text: `- ${code(clip(message, LONGEST_MESSAGE))}`,
    counts: "message",
  }));
  return all.length > MESSAGES ? [...shown, { text: `- …and ${all.length - MESSAGES} more` }] : shown;
}

/** A row; the first one of an environment brings the heading and the table's head with it. */
function tableLines(change: Change, previous: Change | undefined): Line[] {
  const place = placeName(change, style);
  const isFirst =
    previous === undefined || place !== placeName(previous, style) || change.kind !== previous.kind;
  const head = columns[change.kind];
  const lead = [`\n#### ${place}\n`, row(head), row(head.map(() => "---"))].join("\n");
  return [{ lead: isFirst ? lead : undefined, text: row(cells(change, style)), counts: change.action }];
}

const row = (of: string[]): string => `| ${of.join(" | ")} |`;
