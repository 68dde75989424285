/** `comment`: the summary of a preview as a comment of the pull request, kept up to date. */
import { appendFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { safeMessage } from "../../provider/runtime/untrusted-text";
import { choice } from "../arguments";
import type { Command } from "../arguments";
import { UserError } from "../errors";
import { readSource } from "../input";
import type { Io, Result } from "../io";
import { summarize } from "../summary";
import { onlyFile, PREVIEW } from "../summary/command";
import { MAX_COMMENT } from "../summary/options";
import { credentialsOf, targetOf } from "./target";
import { NotAllowedError } from "./send";
import { writeComment } from "./write";

const usage = `Usage: pulumi-artifact-metadata comment [<preview.json>] [options]

Writes the summary of a preview as a comment of the pull request. A later call replaces the comment.

  pulumi preview --json > preview.json
  pulumi-artifact-metadata comment preview.json

In a workflow on pull_request, GITHUB_TOKEN is all that it needs ("pull-requests: write"). If the token is not
allowed to comment, as in a pull request from a fork, the summary goes to the step's summary. A request
without an answer is retried three times.

Options:
  --repo <owner/name>  the repository; default GITHUB_REPOSITORY
  --pr <number>        the pull request; default the one of the workflow's event
  --key <text>         tells several comments of one pull request apart; default the project and the stack
  --title <text>       the first words of the headline, instead of "Records"
  --outcome <outcome>  success or failure: how the preview ended. The comment says that it failed, and so does
                       the exit code, also where the preview's JSON does not (a policy, no such stack)
  --dry-run            prints the comment and sends nothing
  --help               this text

Exit codes: 0, also if the token is not allowed to comment; 1 with --outcome failure; 2 if the arguments or the preview
cannot be used, or GitHub does not answer.
`;

const options = {
  repo: { type: "string" },
  pr: { type: "string" },
  key: { type: "string" },
  title: { type: "string" },
  outcome: { type: "string", default: "success" },
  "dry-run": { type: "boolean", default: false },
} as const;

/** For the marker, and the sentence about a preview that failed. */
const RESERVE = 2_000;

/** In a marker, each of its characters can become nine. */
const LONGEST_KEY = 100;

export const comment: Command = {
  summary: "writes that summary as a comment of the pull request",
  usage,
  async run(args, io) {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
    const failed = choice("--outcome", values.outcome, ["success", "failure"]) === "failure";
    const { bytes, from } = await readSource(onlyFile("comment", positionals), io.stdin, PREVIEW);
    const summary = summaryOrReason(bytes, from, values.title, failed);
    const marker = values.key === undefined ? firstLine(summary) : markerOf(values.key);
    const body = `${marker}\n${summary.slice(firstLine(summary).length + 1)}${failed ? failure(io.env) : ""}`;
    const exitCode = failed ? 1 : 0;
    if (values["dry-run"]) return { output: body, exitCode };
    return { ...(await publish(values, marker, body, io)), exitCode };
  },
};

function markerOf(key: string): string {
  if (key.length <= LONGEST_KEY)
    return `<!-- pulumi-artifact-metadata: ${encodeURIComponent(key.toWellFormed())} -->`;
  throw new UserError(`--key must have at most ${LONGEST_KEY} characters, not ${key.length}.`);
}

const firstLine = (text: string): string => text.split("\n", 1)[0] ?? "";

/** The comment of an earlier commit must not stand as it was where this one's preview cannot be read. */
function summaryOrReason(
  bytes: Uint8Array,
  from: string,
  title: string | undefined,
  failed: boolean,
): string {
  try {
    return summarize(bytes, from, { format: "markdown", title, maxLength: MAX_COMMENT - RESERVE });
  } catch (error) {
    if (!failed || !(error instanceof UserError)) throw error;
    return "<!-- pulumi-artifact-metadata: %2F -->\n";
  }
}

function failure({
  GITHUB_SERVER_URL: server,
  GITHUB_REPOSITORY: repo,
  GITHUB_RUN_ID: run,
}: Io["env"]): string {
  const address = `${server}/${repo}/actions/runs/${run}`;
  const log =
    server && repo && run && /^https:\/\/[\w./-]+$/.test(address) ? `[its log](${address})` : "its log";
  return `\n**The preview failed:** ${log} says why.\n`;
}

async function publish(
  values: { repo?: string; pr?: string },
  marker: string,
  body: string,
  io: Io,
): Promise<Result> {
  const target = { ...targetOf(values, io.env), ...credentialsOf(io.env) };
  const where = `the comment on ${target.repo}#${target.number}`;
  try {
    return {
      output: `${(await writeComment(target, marker, body, io)) === "created" ? "Wrote" : "Replaced"} ${where}.\n`,
    };
  } catch (error) {
    if (!(error instanceof NotAllowedError)) throw error;
    const isAdded = addToStepSummary(io.env.GITHUB_STEP_SUMMARY, body);
    const then = isAdded ? "The summary is in the step's summary." : "The summary follows.";
    io.stderr.write(
      `${safeMessage(`The token is not allowed to write ${where}: ${error.message} ${then}`)}\n`,
    );
    return { output: isAdded ? "" : body };
  }
}

/** False where there is no such file, or it cannot be written: nothing has failed for that. */
function addToStepSummary(file: string | undefined, body: string): boolean {
  if (!file) return false;
  try {
    appendFileSync(file, body);
    return true;
  } catch {
    return false;
  }
}
