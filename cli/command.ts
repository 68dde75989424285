/** Which command is called, and what happens when it fails. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ProviderError } from "../provider/runtime/errors";
import { safeMessage } from "../provider/runtime/untrusted-text";
import type { Command } from "./arguments";
import { comment } from "./comment/command";
import { UserError } from "./errors";
import type { Io, Result } from "./io";
import { report } from "./report/command";
import { summary } from "./summary/command";

const commands = new Map<string, Command>([
  ["summary", summary],
  ["comment", comment],
  ["report", report],
]);

const USAGE = `Usage: pulumi-artifact-metadata <command> [options]

Commands:
${[...commands].map(([name, { summary }]) => `  ${name.padEnd(8)}  ${summary}`).join("\n")}

Options:
  --help     this text; after a command, that command's
  --version  the version
`;

/** @returns the exit code */
export async function runCommand(args: string[], io: Io): Promise<number> {
  try {
    const { output, exitCode = 0 } = await resultOf(args, io);
    io.stdout.write(output);
    return exitCode;
  } catch (error) {
    const message = messageOf(error, args[0]);
    if (message === undefined) throw error;
    io.stderr.write(`error: ${safeMessage(message)}\n`);
    return 2;
  }
}

async function resultOf([name, ...args]: string[], io: Io): Promise<Result> {
  if (name === "--help" || name === "-h") return { output: USAGE };
  if (name === "--version") return { output: `${version()}\n` };
  const command = commands.get(name ?? "");
  if (command === undefined) throw new UserError(`${unknown(name)} See pulumi-artifact-metadata --help.`);
  if (args.includes("--help") || args.includes("-h")) return { output: command.usage };
  if (args.includes("--version")) return { output: `${version()}\n` };
  return command.run(args, io);
}

function unknown(name: string | undefined): string {
  const words = [...commands.keys()];
  const known = `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
  return name === undefined
    ? `A command is missing: ${known}.`
    : `There is no command ${JSON.stringify(name)}; use ${known}.`;
}

function messageOf(error: unknown, command = ""): string | undefined {
  if (error instanceof UserError || error instanceof ProviderError) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  if (!String(code).startsWith("ERR_PARSE_ARGS")) return undefined;
  const [sentence = ""] = message.split(". ");
  return `${sentence.replace(/\.?$/, ".")} See pulumi-artifact-metadata ${command} --help.`;
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
  throw new UserError("The package is incomplete: its package.json is missing. Install it again.");
}
