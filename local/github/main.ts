/** The stand-in as a command, for trying by hand: `npx ts-node local/github/main.ts --port 8787 --attested all`. */
import { parseArgs } from "node:util";

import { startGitHub } from "./index";

const USAGE = `Usage: ts-node local/github/main.ts [options]

  --port N           default 8787
  --org NAME         an organisation that exists; may be repeated; default acme
  --token TOKEN      the token that may write; default: a new one, which is printed
  --attested DIGEST  a digest with a provenance attestation, or "all"; may be repeated
  --help`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "8787" },
      org: { type: "string", multiple: true, default: ["acme"] },
      token: { type: "string" },
      attested: { type: "string", multiple: true, default: [] },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new Error(`--port ${values.port} is no port`);
  const { org = [], attested = [] } = values;
  const github = await startGitHub({
    port,
    orgs: org,
    ...(values.token === undefined ? {} : { token: values.token }),
    attested: attested.includes("all") ? "all" : attested,
    onRequest: ({ method, path, status }) => console.log(`${status ?? "---"} ${method} ${path}`),
  });
  console.log(`export GITHUB_API_URL=${github.url}\nexport GITHUB_TOKEN=${github.token}`);
  process.once("SIGINT", () => void github.close());
  process.once("SIGTERM", () => void github.close());
}

main().catch((error: unknown) => {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exitCode = 1;
});
