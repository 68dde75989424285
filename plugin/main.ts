/** The process: it prints its port, serves the engine, and ends with it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { endWithEngine } from "./end-with-engine";
import { createLog } from "./log";
import { createMethods } from "./methods";
import { serve } from "./server";

/** They hold the stack's secrets in plain text, are of no use here, and would stand in a crash report. */
const CONFIGURATION = ["PULUMI_CONFIG", "PULUMI_CONFIG_SECRET_KEYS"];

async function main([address = ""]: string[]): Promise<void> {
  for (const name of CONFIGURATION) delete process.env[name];
  excludeEnvironment(process.report as Report | undefined);
  endWithEngine();
  const log = createLog(address);
  const schema = () => readFileSync(join(__dirname, "schema.json"), "utf8");
  const port = await serve(
    createMethods({ engineAddress: address, environment: process.env, log, schema }),
    log,
  );
  process.stdout.write(`${port}\n`);
}

/** From Node.js 22.13: diagnostic reports hold the environment, and so its tokens. */
interface Report {
  excludeEnv?: boolean;
}

function excludeEnvironment(report: Report | undefined): void {
  if (report && "excludeEnv" in report) report.excludeEnv = true;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
