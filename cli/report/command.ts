/** `report`: what the states of stacks say about records. */
import { parseArgs } from "node:util";
import { safeMessage } from "../../provider/runtime/untrusted-text";
import { choice } from "../arguments";
import type { Command } from "../arguments";
import { UserError } from "../errors";
import { readSource } from "../input";
import type { Io, Result } from "../io";
import { check } from "./check";
import { toCsv } from "./csv";
import { filtered } from "./filter";
import type { Filters } from "./filter";
import { inventoryOf } from "./inventory";
import { toJson } from "./json";
import { toMarkdown } from "./markdown";
import { openLists } from "./lists";
import { parseState, STATE } from "./read-state";
import { toText } from "./text";
import type { Inventory } from "./types";

const usage = `Usage: pulumi-artifact-metadata report [<state.json> ...] [options]

Lists which artifacts run where and which are stored where, from the states of any number of stacks.

  pulumi stack export > state.json
  pulumi-artifact-metadata report state.json

Without a file, or with -, it reads standard input.

Options:
  --format <format>     text (default), markdown, json or csv
  --environment <name>  only this logical environment; on Chainloop, this environment
  --cluster <name>      only this cluster
  --name <name>         only this deployment or artifact
  --digest <digest>     only this digest; its first digits are enough
  --all                 also records that are decommissioned, superseded or deleted
  --check               compares the records with GitHub and Chainloop: which digests have no attestation, which
                        records are not listed there, or otherwise
  --help                this text

A filter can be repeated: what matches one of them is listed. In names, * stands for any characters.

--check needs a token, as pulumi up does (GITHUB_TOKEN, GITHUB_API_URL, a GitHub App's settings, or gh auth login), with
"Artifact metadata: read" and "Attestations: read"; for Chainloop's records CHAINLOOP_TOKEN.

Exit codes: 0; 1 if --check finds a difference; 2 if the arguments or a file cannot be used, or something could not be
compared.
`;

const options = {
  format: { type: "string", default: "text" },
  environment: { type: "string", multiple: true, default: [] as string[] },
  cluster: { type: "string", multiple: true, default: [] as string[] },
  name: { type: "string", multiple: true, default: [] as string[] },
  digest: { type: "string", multiple: true, default: [] as string[] },
  all: { type: "boolean", default: false },
  check: { type: "boolean", default: false },
} as const;

const FORMATS = ["text", "markdown", "json", "csv"] as const;
type Format = (typeof FORMATS)[number];

export const report: Command = {
  summary: "lists what runs where and what is stored where, from exported states",
  usage,
  async run(args, io) {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
    const format = choice("--format", values.format, FORMATS);
    const inventory = filtered(await readStates(positionals, io), filtersOf(values));
    if (!values.check) return { output: inFormat(format, inventory, io) };
    return checked(format, inventory, io);
  },
};

async function checked(format: Format, inventory: Inventory, io: Io): Promise<Result> {
  const print = (message: string) => void io.stderr.write(`${safeMessage(message)}\n`);
  const lists = openLists({ environment: io.env, warn: print, info: print });
  const found = await check(inventory, lists, Boolean(io.env.CHAINLOOP_TOKEN));
  for (const problem of found.problems) print(`error: ${problem}`);
  const differs = (found.inventory.check?.differing ?? 0) > 0;
  const exitCode = found.problems.length > 0 ? 2 : differs ? 1 : 0;
  return { output: inFormat(format, found.inventory, io), exitCode };
}

async function readStates(files: string[], { stdin }: Io): Promise<Inventory> {
  const states = [];
  // One after the other: a state of a large fleet takes 50 MB.
  for (const file of files.length > 0 ? files : ["-"])
    states.push(parseState(await readSource(file, stdin, STATE)));
  return inventoryOf(states);
}

function filtersOf(filters: Filters): Filters {
  const wrong = filters.digest.find((digest) => !/^(sha256:)?[0-9a-f]{7,64}$/.test(digest));
  if (wrong !== undefined)
    throw new UserError(
      `--digest must be 7 to 64 hexadecimal digits in lower case, not ${JSON.stringify(wrong)}.`,
    );
  return filters;
}

function inFormat(format: Format, inventory: Inventory, { stdout, env }: Io): string {
  if (format === "json") return toJson(inventory);
  if (format === "csv") return toCsv(inventory);
  if (format === "markdown") return toMarkdown(inventory);
  if (!stdout.isTTY) return toText(inventory, {});
  return toText(inventory, { columns: stdout.columns, colour: !env.NO_COLOR && env.TERM !== "dumb" });
}
