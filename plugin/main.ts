/** The process: it prints its port, serves the engine, and ends with it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { endWithEngine } from "./end-with-engine";
import { createLog } from "./log";
import { createMethods } from "./methods";
import { serve } from "./server";

/** Plain-text secrets that a crash report would contain: those of the stack and of Pulumi, which are not used here, and ours. */
const SECRETS = [
  ...["PULUMI_CONFIG", "PULUMI_CONFIG_SECRET_KEYS", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_ACCESS_TOKEN"],
  ...["GITHUB_TOKEN", "GH_TOKEN", "GITHUB_APP_PEM_FILE", "CHAINLOOP_TOKEN"],
];

async function main([address = ""]: string[]): Promise<void> {
  const environment = { ...process.env };
  for (const name of SECRETS) delete process.env[name];
  excludeEnvironment(process.report as Report | undefined);
  endWithEngine();
  const log = createLog(address);
  const schema = () => readFileSync(join(__dirname, "schema.json"), "utf8");
  const port = await serve(createMethods({ engineAddress: address, environment, log, schema }), log);
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
