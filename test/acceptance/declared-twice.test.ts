/** One record has one declaration: a second one is an error that names both, and nothing is sent. */
import { mixedScene, set, single, type Thing } from "./support/mixed";
import { stackTraces } from "./support/stacks";

const RECORD = 'DeploymentRecord "web"';
const cases: [string, Thing[], string][] = [
  ["two records", [single("web"), single("web", {}, "again")], `${RECORD} and DeploymentRecord "again"`],
  [
    "a record and a set",
    [single("web"), set("fleet", ["api", "web"])],
    `${RECORD} and ClusterDeploymentSet "fleet"`,
  ],
  [
    "two sets, whatever the organisation's case",
    [set("one", ["web"]), set("two", ["web"], { org: "ACME" })],
    'ClusterDeploymentSet "one" and ClusterDeploymentSet "two"',
  ],
];

test.each(cases)(
  "19. bad tags, contradictions, and a record declared twice: %s of one identity",
  async (what, things, named) => {
    const { preview, up, github } = await mixedScene();
    // What an update says is the same for all.
    const runs = what === cases[0]?.[0] || process.env.LONG ? [preview, up] : [preview];
    for (const run of runs) {
      const { errors, output } = await run(things, { exitCode: 1 });
      expect(errors.join("\n")).toMatch(`${named} declare the same deployment record`);
      expect(stackTraces(output)).toEqual([]);
      if (run === preview) expect(github.requests).toEqual([]);
    }
    // In an update the first of the two may have been written, and nothing of the second.
    expect(github.requests.length).toBeLessThanOrEqual(1);
  },
);

test("what is unknown in the preview is found in the update, before the second one is written", async () => {
  const { preview, up, github } = await mixedScene();
  const first = single("first");
  const cluster = { $prefix: "c-", of: { $output: "first.recordId" } };
  const things = [first, single("web", { cluster }), single("web", { cluster }, "again")];
  expect((await preview(things)).requests).toEqual([]);
  const { errors } = await up(things, { exitCode: 1 });
  expect(errors.join("\n")).toMatch(/"web" and DeploymentRecord "again" declare the same deployment record/);
  const written = github.deploymentRecords().map(({ deployment_name }) => deployment_name);
  expect(written.filter((name) => name === "web").length).toBeLessThanOrEqual(1);
  const bodies = github.requests.map(({ body }) => (body as { deployment_name?: string }).deployment_name);
  expect(bodies.filter((name) => name === "web").length).toBeLessThanOrEqual(1);
});
