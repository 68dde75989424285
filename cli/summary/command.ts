/** `summary`: which records a preview changes. */
import { parseArgs } from "node:util";
import { choice } from "../arguments";
import type { Command } from "../arguments";
import { UserError } from "../errors";
import { readSource } from "../input";
import type { Expected } from "../input";
import { summarize } from ".";
import { MAX_COMMENT, MIN_LENGTH } from "./options";

const usage = `Usage: pulumi-artifact-metadata summary [<preview.json>] [options]

Summarizes in Markdown which deployment and storage records a preview changes.

  pulumi preview --json > preview.json
  pulumi-artifact-metadata summary preview.json

Without a file, or with -, it reads standard input.

Options:
  --format <format>   markdown (default), text or json
  --title <text>      the first words of the headline, instead of "Records"
  --max-length <n>    for markdown: the most characters; what is left out is counted in the last line.
                      Default ${MAX_COMMENT}, what a comment on GitHub can hold; at least ${MIN_LENGTH}
  --help              this text

Exit codes: 0; 2 if the arguments or the preview cannot be used. The summary of a preview that failed says so.
`;

export const PREVIEW: Expected = { what: "preview", command: "pulumi preview --json" };

export const summary: Command = {
  summary: "summarizes which records a preview changes",
  usage,
  async run(args, { stdin }) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        format: { type: "string", default: "markdown" },
        title: { type: "string" },
        "max-length": { type: "string", default: String(MAX_COMMENT) },
      },
    });
    const { bytes, from } = await readSource(onlyFile("summary", positionals), stdin, PREVIEW);
    const format = choice("--format", values.format, ["markdown", "text", "json"]);
    const maxLength = lengthOf(values["max-length"]);
    return { output: summarize(bytes, from, { format, title: values.title, maxLength }) };
  },
};

export function onlyFile(command: string, [file = "-", ...more]: string[]): string {
  if (more.length === 0) return file;
  throw new UserError(
    `${command} takes one file, not ${more.length + 1}. See pulumi-artifact-metadata ${command} --help.`,
  );
}

function lengthOf(text: string): number {
  const length = Number(text);
  if (/^\d+$/.test(text) && length >= MIN_LENGTH) return length;
  throw new UserError(
    `--max-length must be a number of characters, at least ${MIN_LENGTH}, not ${JSON.stringify(text)}.`,
  );
}
