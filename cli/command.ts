/** What the command does with its arguments, whatever its streams are. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { UserError } from "./errors";
import { summarize } from "./summary";
import { MAX_COMMENT, MIN_LENGTH, isFormat } from "./summary/options";
import type { SummaryOptions } from "./summary/options";

export interface Streams {
  stdin: AsyncIterable<Uint8Array> & { isTTY?: boolean };
  stdout: { write: (text: string) => unknown };
  stderr: { write: (text: string) => unknown };
}

const USAGE = `Usage: pulumi-artifact-metadata summary [<preview.json>] [options]

Says in Markdown which deployment and storage records a preview changes: for a comment on a pull request.

  pulumi preview --json > preview.json
  pulumi-artifact-metadata summary preview.json

Without a file, or with -, it reads standard input.

Options:
  --format <format>   markdown (default), text or json
  --title <text>      the headline's first words, in place of "Records"
  --max-length <n>    for markdown: at most this many characters, and how many rows were left out.
                      Default ${MAX_COMMENT}, what a comment on GitHub can hold; at least ${MIN_LENGTH}
  --help              this text
  --version           the version

Exit code: 0; 2 where the arguments or the preview cannot be used. A preview that failed is summarized as such.
`;

/** @returns the exit code */
export async function runCommand(args: string[], streams: Streams): Promise<number> {
  try {
    streams.stdout.write(await outputOf(args, streams));
    return 0;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    streams.stderr.write(`error: ${error.message}\n`);
    return 2;
  }
}

async function outputOf(args: string[], { stdin }: Streams): Promise<string> {
  const { values, positionals } = parse(args);
  if (values.help) return USAGE;
  if (values.version) return `${version()}\n`;
  const [command, file = "-", ...more] = positionals;
  if (command !== "summary") throw new UserError(`${unknown(command)}. See pulumi-artifact-metadata --help.`);
  if (more.length > 0)
    throw new UserError(
      `summary takes one file, not ${more.length + 1}. See pulumi-artifact-metadata --help.`,
    );
  const options = summaryOptions(values);
  const [bytes, from] = file === "-" ? [await readAll(stdin), "standard input"] : [readPreview(file), file];
  return summarize(bytes, from, options);
}

const unknown = (command: string | undefined) =>
  command === undefined ? "A command is missing: summary" : `There is no command ${JSON.stringify(command)}`;

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        format: { type: "string", default: "markdown" },
        title: { type: "string" },
        "max-length": { type: "string", default: String(MAX_COMMENT) },
        help: { type: "boolean", short: "h" },
        version: { type: "boolean" },
      },
    });
  } catch (error) {
    const [sentence = ""] = (error as Error).message.split(". ");
    throw new UserError(`${sentence.replace(/\.?$/, ".")} See pulumi-artifact-metadata --help.`);
  }
}

type Values = ReturnType<typeof parse>["values"];

function summaryOptions({ format, title, "max-length": length }: Values): SummaryOptions {
  if (!isFormat(format))
    throw new UserError(`--format must be markdown, text or json, not ${JSON.stringify(format)}.`);
  const maxLength = Number(length);
  if (!/^\d+$/.test(length) || maxLength < MIN_LENGTH)
    throw new UserError(
      `--max-length must be a number of characters, at least ${MIN_LENGTH}, not ${JSON.stringify(length)}.`,
    );
  return { format, title, maxLength };
}

async function readAll(stdin: Streams["stdin"]): Promise<Uint8Array> {
  if (stdin.isTTY) throw new UserError("Name the file of a preview: pulumi preview --json > preview.json");
  const chunks: Uint8Array[] = [];
  for await (const chunk of stdin) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function readPreview(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason =
      code === "ENOENT"
        ? "does not exist"
        : code === "EISDIR"
          ? "is a folder"
          : `cannot be read (${message})`;
    throw new UserError(`${file} ${reason}. Write the preview first: pulumi preview --json > ${file}`);
  }
}

/** The package's own: two folders up from here, built or not it is the nearest package.json that has this name. */
function version(): string {
  for (const up of ["..", "../.."]) {
    try {
      const { name, version } = JSON.parse(readFileSync(join(__dirname, up, "package.json"), "utf8")) as {
        name?: string;
        version: string;
      };
      if (name === "pulumi-artifact-metadata") return version;
    } catch {
      // Not here: one further up.
    }
  }
  throw new UserError("The package is not whole: its package.json is missing. Install it once more.");
}
