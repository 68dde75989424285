/**
 * The whole life of two records: the program of the top-level Pulumi.yaml, on the local engine or the Pulumi CLI,
 * against a local GitHub. It compares the server's records with what they should be after each step, and fails where
 * they are not.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { cliStack } from "./cli-stack";
import { isRecord, showChanges } from "./demo/show";
import { ATTESTED, CONFIG, ORG, steps } from "./demo/steps";
import type { Step } from "./demo/steps";
import { startGitHub } from "./github";
import type { GitHub } from "./github";
import { localStack } from "./local-stack";
import type { RunResult } from "./stack";

export interface DemoOptions {
  engine: "local" | "pulumi";
  /** Also all of Pulumi's output. */
  verbose: boolean;
  print: (text: string) => void;
}

export async function demo({ engine, verbose, print }: DemoOptions): Promise<void> {
  const github = await startGitHub({ orgs: [ORG] });
  for (const attested of ATTESTED) github.attest(ORG, attested);
  const stack = (engine === "pulumi" ? cliStack : localStack)({
    projectDir: join(__dirname, ".."),
    // The program's types are checked by `npm test`; here it is to start quickly.
    env: { GITHUB_API_URL: github.url, PULUMI_NODEJS_TRANSPILE_ONLY: "true" },
    config: CONFIG,
    secretConfig: { "artifact-metadata:token": github.token },
  });
  let shown = "";
  try {
    for (const [index, step] of steps.entries()) {
      print(`\n${index + 1}. ${step.title}\n   ${step.why}`);
      const result = await step.run(stack, github);
      if (result && verbose) print(`\n${result.output.trimEnd()}\n`);
      else if (result) print(showChanges(result.steps).trimEnd());
      const problem = problemOf(step, result, github);
      if (problem !== undefined) throw new Error(`The demo did not come out as it should: ${problem}.`);
      const before = shown;
      shown = recordsOf(github).join("\n     ");
      if (shown !== before) print(`\n   On GitHub:\n     ${shown}`);
    }
    print("\nDone: after every step, the server had the records that the program declares.");
  } finally {
    await stack.remove();
    await github.close();
  }
}

/** Why the step did not come out as it should. */
function problemOf(step: Step, result: RunResult | void, github: GitHub): string | undefined {
  if (result && result.exitCode !== 0) return `exit code ${result.exitCode}\n${result.output}`;
  const changed = result?.steps.filter(isRecord).length;
  if (changed !== step.changes) return `${changed} resources changed instead of ${step.changes}`;
  const records = recordsOf(github);
  const wrong = JSON.stringify(records) !== JSON.stringify(step.records);
  return wrong ? `the server has ${JSON.stringify(records)}` : undefined;
}

function recordsOf(github: GitHub): string[] {
  return github.deploymentRecords(ORG).map(({ deployment_name, version, status, tags }) => {
    const pairs = Object.entries(tags).map(([key, value]) => `${key}=${value}`);
    return [deployment_name, version, status, ...pairs].join(" ");
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { engine: { type: "string", default: "local" }, verbose: { type: "boolean", default: false } },
  });
  const { engine, verbose } = values;
  if (engine !== "local" && engine !== "pulumi") throw new Error("--engine must be `local` or `pulumi`.");
  await demo({ engine, verbose, print: (text) => text !== "" && console.log(text) });
}

if (require.main === module)
  main().catch((error: unknown) => {
    console.error(`\n${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  });
