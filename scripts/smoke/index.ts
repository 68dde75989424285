/** `npm run smoke`: against GitHub itself, with a maintainer's token. See CONTRIBUTING.md. */
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { cliStack } from "../../local/cli-stack";
import { localStack } from "../../local/local-stack";
import { smoke } from "./smoke";

const USAGE = `Usage: npm run smoke -- --org <org> --digest <sha256:…> --write [options]

Writes records of one artifact to GitHub, answers what its documentation leaves open, runs a program's life cycle, and
decommissions what it has written. GitHub never deletes a record: what is retired stays in the organisation's history.

Options:
  --org <org>          an organisation in which that is welcome
  --digest <digest>    of an artifact with a provenance attestation there
  --write              yes, write. Without it, nothing is sent
  --name <name>        the artifact's name; default "smoke"
  --repository <name>  for an artifact without an attestation: the repository that it comes from
  --limit              also whether the limit for creating content applies: 85 writes, and then perhaps none for a minute
  --questions          only the questions, without the life cycle
  --engine pulumi      the life cycle on the Pulumi CLI instead of the local engine

The token is found as by the resources: GITHUB_TOKEN, a GitHub App's settings, or gh auth login.
`;

export interface SmokeArguments {
  org: string;
  digest: string;
  name: string;
  repository?: string;
  limit: boolean;
  questions: boolean;
  engine: string;
}

/** @throws Error that says what is missing, so that nothing is written by mistake */
export function parse(args: string[]): SmokeArguments | undefined {
  const { values } = parseArgs({
    args,
    options: {
      org: { type: "string" },
      digest: { type: "string" },
      name: { type: "string", default: "smoke" },
      repository: { type: "string" },
      limit: { type: "boolean", default: false },
      questions: { type: "boolean", default: false },
      engine: { type: "string", default: "local" },
      write: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const { org, digest, engine, write, help, ...others } = values;
  if (help) return undefined;
  if (org === undefined) throw new Error("--org is missing: the organisation to write to.");
  if (digest === undefined || !/^sha256:[0-9a-f]{64}$/.test(digest))
    throw new Error(
      "--digest must be sha256: and 64 hexadecimal digits, of an artifact with an attestation.",
    );
  if (engine !== "local" && engine !== "pulumi") throw new Error("--engine must be local or pulumi.");
  if (!write)
    throw new Error(
      `This writes about twenty records to ${org} on GitHub, and retires them. If it may, add --write.`,
    );
  return { org, digest, engine, ...others };
}

async function main(): Promise<number> {
  const given = parse(process.argv.slice(2));
  if (given === undefined) {
    console.log(USAGE);
    return 0;
  }
  const { org, digest, name, repository: githubRepository, engine, limit, questions: questionsOnly } = given;
  const environment = `pulumi-artifact-metadata-smoke-${new Date().toISOString().replace(/\D/g, "").slice(0, 14)}`;
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => {
      if (interrupted.signal.aborted) process.exit(130);
      console.log("Interrupted: what was written is being retired. Once more, and it stays.");
      interrupted.abort();
    });
  return smoke({
    target: { org, digest, name, githubRepository, environment },
    environment: process.env,
    newStack: engine === "pulumi" ? cliStack : localStack,
    clock: {
      now: Date.now,
      sleep: (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal }),
    },
    withLimit: limit,
    questionsOnly,
    signal: interrupted.signal,
    print: (line) => console.log(line),
  });
}

if (require.main === module)
  main().then(
    (exitCode) => (process.exitCode = exitCode),
    (error: unknown) => {
      console.error(`error: ${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
      process.exitCode = 2;
    },
  );
