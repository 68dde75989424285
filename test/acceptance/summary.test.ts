/** The summary of a preview says what the up then does: to each record of the server, and to no other. */
import type { GitHub } from "../../local/github";
import { summaryOf } from "../../cli/summary";
import type { Step } from "./support/scene";
import { entry, mixedScene, set, single, type Thing } from "./support/mixed";
import { digestOf } from "./support/declarations";

const stored = (name: string, more: object = {}): Thing => ({
  kind: "StorageRecord",
  name,
  args: { name, version: "1.0.0", digest: digestOf(name), registryUrl: "https://reg.example.com", ...more },
});

const fleet = (entries: object) => set("fleet", [], { deployments: entries });

const before = [
  ...[single("web"), single("api"), single("same"), single("renamed", {}, "old-name"), single("joins")],
  ...[single("gone"), single("moves-out"), stored("libfoo"), stored("libold")],
  fleet({ mailer: entry("mailer"), leaves: entry("leaves"), ends: entry("ends"), stays: entry("stays") }),
];
const after = [
  ...[single("web", { version: "1.1.0", digest: digestOf("web 1.1.0") }), single("same")],
  ...[single("api", { deploymentName: "server" }), single("renamed", {}, "new-name"), single("leaves")],
  ...[single("moves-out", { cluster: "prod-us" }), stored("libfoo", { status: "eol" }), stored("libnew")],
  single("new", { digest: { $digest: { $output: "libnew.recordId" } } }),
  fleet({
    mailer: entry("mailer", { tags: { team: "mail" } }),
    joins: entry("joins"),
    stays: entry("stays"),
  }),
];

/** Each record of the server, with all that was written of it. */
function recordsOn(github: GitHub): Map<string, object> {
  const deployments = github.deploymentRecords().map((record): [string, object] => {
    const { cluster, deployment_name, name, version, digest, status, tags } = record;
    return [`${deployment_name} in ${cluster}`, { name, version, digest, status, tags }];
  });
  const storage = github
    .storageRecords()
    .map(({ name, version, status }): [string, object] => [`${name} stored`, { version, status }]);
  return new Map([...deployments, ...storage]);
}

/** What the command reads of a preview that is an event in each line, as the engine has them. */
const outcomesOf = ({ events }: Step) =>
  summaryOf(Buffer.from(events.map((event) => JSON.stringify(event)).join("\n")), "the preview").changes.map(
    ({ kind, place, name, action, after }) => ({
      record: kind === "storage" ? `${String(name)} stored` : `${String(name)} in ${String(place.cluster)}`,
      action,
      digest: after?.digest,
    }),
  );

test("each record that changes is in the summary with what happens to it, the others are not", async () => {
  const { up, preview, github } = await mixedScene();
  await up(before);
  const old = recordsOn(github);
  const changes = outcomesOf(await preview(after));
  await up(after);
  const now = recordsOn(github);

  const differing = [...now.keys()].filter(
    (key) => JSON.stringify(old.get(key)) !== JSON.stringify(now.get(key)),
  );
  const moved = changes.filter(({ action }) => action === "moved").map(({ record }) => record);
  expect(changes.map(({ record }) => record).sort()).toEqual([...differing, ...moved].sort());
  expect(moved.sort()).toEqual(["joins in prod-eu", "leaves in prod-eu", "renamed in prod-eu"]);

  const statuses = {
    "end of life": "eol",
    stored: "active",
    decommissioned: "decommissioned",
    deleted: "deleted",
  };
  for (const { record, action, digest } of changes) {
    const expected = (statuses as Record<string, string>)[action] ?? "deployed";
    expect([record, now.get(record)]).toEqual([record, expect.objectContaining({ status: expected })]);
    if (typeof digest === "string" && !record.endsWith("stored"))
      expect(now.get(record)).toMatchObject({ digest });
  }
});
