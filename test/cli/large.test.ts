/** A report on 20,000 deployments, in a process that has 300 MB for its objects. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { set, state } from "./states";
import { digest, fleet } from "./support";

const onLong = process.env.LONG ? test : test.skip;

const folder = mkdtempSync(join(tmpdir(), "report-large-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CLUSTERS = 20;
const COUNT = 1_000;

function largeState(): object {
  const names = Array.from(
    { length: COUNT },
    (_, index) => `namespace-${index % 30}-deployment-${index}-container`,
  );
  const entry = { name: "ghcr.io/acme/service", version: "1.4.2", digest: digest("a"), status: "deployed" };
  const deployments = Object.fromEntries(names.map((name) => [name, entry]));
  const records = Object.fromEntries(names.map((name) => [name, "1000 77 2026-03-09T16:40:00Z"]));
  const clusters = Array.from({ length: CLUSTERS }, (_, index) => `prod-${index}`);
  return state(
    ...clusters.map((cluster) =>
      set(deployments, { name: cluster, outputs: { ...fleet, cluster, deployments, records } }),
    ),
  );
}

onLong.each(["text", "markdown", "json", "csv"])("20,000 entries fit, as %s", (format) => {
  const file = join(folder, "state.json");
  writeFileSync(file, JSON.stringify(largeState(), undefined, 4));
  const cli = resolve(__dirname, "../../dist/cli/index.js");
  const args = ["--max-old-space-size=300", cli, "report", file, "--format", format];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout.match(/namespace-0-deployment-0-container/g)).toHaveLength(CLUSTERS);
});
