import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { deploymentTable, printTable } from "../../local/github";
import { deployment, DIGEST, OTHER_DIGEST, serve } from "./client";

const ROOT = join(__dirname, "..", "..");

function run(...args: string[]) {
  const command = [require.resolve("ts-node/dist/bin"), "--transpile-only", "local/github/main.ts", ...args];
  const child = spawn(process.execPath, command, { cwd: ROOT });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output.stderr += chunk.toString()));
  const ended = once(child, "close").then(([code]) => ({ code: code as unknown, ...output }));
  /** Waits until standard output matches; where the command ends first, the match fails. */
  const printed = async (pattern: RegExp) => {
    while (!pattern.test(output.stdout) && child.exitCode === null)
      await Promise.race([once(child.stdout, "data"), ended]);
    return pattern.exec(output.stdout);
  };
  return { child, ended, printed };
}

test("the command prints what to set, then a line for each request, and ends on a signal", async () => {
  const { child, ended, printed } = run(
    "--port",
    "0",
    "--org",
    "one",
    "--org",
    "two",
    "--attested",
    DIGEST,
    "--token",
    "mine",
  );
  try {
    const url = (
      await printed(/^export GITHUB_API_URL=(http:\/\/127\.0\.0\.1:\d+)\nexport GITHUB_TOKEN=mine\n/)
    )?.[1];
    const write = (org: string, digest: string) =>
      fetch(`${url}/orgs/${org}/artifacts/metadata/deployment-record`, {
        method: "POST",
        body: JSON.stringify(deployment({ digest })),
        headers: {
          accept: "application/vnd.github+json",
          authorization: "Bearer mine",
          "content-type": "application/json",
          "x-github-api-version": "2022-11-28",
          connection: "close",
        },
      });
    expect([(await write("two", DIGEST)).status, (await write("acme", DIGEST)).status]).toEqual([200, 404]);
    expect((await write("one", OTHER_DIGEST)).status).toBe(404);
    await printed(/404[^]*404.*\n/);
  } finally {
    child.kill("SIGTERM");
  }
  const { code, stdout, stderr } = await ended;
  expect([code, stderr]).toEqual([0, ""]);
  const path = (org: string) => `POST /orgs/${org}/artifacts/metadata/deployment-record`;
  expect(stdout.trim().split("\n").slice(2)).toEqual([
    `200 ${path("two")}`,
    `404 ${path("acme")}`,
    `404 ${path("one")}`,
  ]);
});

test("the command says how it is used, and why it does not start", async () => {
  const blocker = createServer().listen(0, "127.0.0.1");
  await once(blocker, "listening");
  const { port } = blocker.address() as AddressInfo;
  const [help, taken] = await Promise.all([run("--help").ended, run("--port", String(port)).ended]);
  blocker.close();
  expect([help.code, help.stderr]).toEqual([0, ""]);
  expect(help.stdout).toMatch(/^Usage: .*--port N .*--attested DIGEST /s);
  expect([taken.code, taken.stdout]).toEqual([1, ""]);
  expect(taken.stderr).toMatch(/EADDRINUSE.*\n\nUsage: /);
});

test("a table shows each record, as wide as it needs", async () => {
  const { github } = await serve();
  expect(deploymentTable(github.deploymentRecords())).toBe("(no deployment records)");
  const more = {
    status: "decommissioned" as const,
    physical_environment: "eu-west-1",
    cluster: "prod",
    version: "1.4.2",
    tags: { team: "shop", tier: "1" },
    runtime_risks: ["internet-exposed"],
  };
  github.writeDeployment("acme", { ...deployment({ deployment_name: "shop-web" }), ...more });
  github.writeDeployment("acme", { ...deployment(), status: "deployed" });
  const table = deploymentTable(github.deploymentRecords());
  expect(table.split("\n")).toEqual([
    "DEPLOYMENT  ENVIRONMENT           CLUSTER  NAME              VERSION  DIGEST        STATUS          TAGS, RISKS",
    "shop-web    production/eu-west-1  prod     ghcr.io/acme/web  1.4.2    aaaaaaaaaaaa  decommissioned  team=shop tier=1 internet-exposed",
    "web         production            -        ghcr.io/acme/web  1.4.2    aaaaaaaaaaaa  deployed        -",
  ]);
  const log = jest.spyOn(console, "log").mockReturnValue();
  printTable(github.deploymentRecords());
  expect(log.mock.calls).toEqual([[table]]);
  log.mockRestore();
});
