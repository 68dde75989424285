/** A record that moves between two providers of a program: each of them is a process. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startGitHub, testClock } from "../../local/github";
import type { GitHub, TestClock } from "../../local/github";
import type { PropertyMap } from "../../local/engine/types";
import { DIGEST, OTHER } from "./scene";
import { startPlugin } from "./support";
import type { Plugin, Saved } from "./support";

type Started = Awaited<ReturnType<typeof startPlugin>>;

let one: Started;
let other: Started;
let github: GitHub;
let clock: TestClock;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "locks-"));
  one = await startPlugin({ TMPDIR: folder });
  other = await startPlugin({ TMPDIR: folder }, one.engineAddress);
});
afterAll(async () => {
  await Promise.all([one.stop(), other.stop()]);
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  clock = testClock();
  github = await startGitHub({ attested: "all", now: clock.now });
});
afterEach(() => github.close());

/** Another run: nothing is known of the one before. */
const configure = () => {
  const settings = { org: "acme", token: github.token, baseUrl: github.url };
  return Promise.all([one.configure(settings, "one"), other.configure(settings, "other")]);
};

const where = { cluster: "eu", logicalEnvironment: "production" };
const web = { name: "web", digest: DIGEST };
const setOf = (deployments: PropertyMap): PropertyMap => ({ ...where, deployments });
const both = setOf({ web, api: { name: "api", digest: OTHER } });
const rest = setOf({ api: { name: "api", digest: OTHER } });

const checked = async (plugin: Plugin, type: string, news: PropertyMap) =>
  (await plugin.check(type, news)).inputs;

/** The set that one provider has, before the record moves to the other. */
async function setBefore(): Promise<Saved> {
  await configure();
  const saved = await one.create("ClusterDeploymentSet", await checked(one, "ClusterDeploymentSet", both));
  // What a process loads for its first write would decide which of the two comes first.
  const warm = { ...where, ...web, cluster: "us", deploymentName: "warm" };
  await other.create("DeploymentRecord", await checked(other, "DeploymentRecord", warm));
  clock.advance(60_000);
  await configure();
  github.fault({ when: "before", do: { delay: 800 }, times: Infinity });
  return saved;
}

const leave = async (saved: Saved) =>
  one.update("ClusterDeploymentSet", saved, await checked(one, "ClusterDeploymentSet", rest));
const arriveInRecord = async () => {
  const inputs = await checked(other, "DeploymentRecord", { ...where, ...web, deploymentName: "web" });
  await other.create("DeploymentRecord", inputs);
};
const arriveInSet = async () =>
  other.create("ClusterDeploymentSet", await checked(other, "ClusterDeploymentSet", setOf({ web })));

test.each([
  ["a record", "the removal", arriveInRecord],
  ["a record", "the write", arriveInRecord],
  ["a set", "the removal", arriveInSet],
  ["a set", "the write", arriveInSet],
])(
  "one that moves from a set to %s of another provider is deployed, where %s comes first",
  async (_what, first, arrive) => {
    const saved = await setBefore();
    const pair = [() => leave(saved), arrive];
    const [before, after] = first === "the removal" ? pair : pair.reverse();
    const running = before?.();
    await sleep(100);
    await Promise.all([running, after?.()]);
    const statuses = github
      .deploymentRecords()
      .filter(({ cluster }) => cluster === "eu")
      .map(({ deployment_name, status }) => `${deployment_name} ${status}`);
    expect(statuses.sort()).toEqual(["api deployed", "web deployed"]);
    expect(locks()).toEqual([]);
  },
);

const lockFolder = () => join(folder, readdirSync(folder)[0] ?? "");
const locks = () => readdirSync(lockFolder());

test("a lock of a process that has ended is taken over", async () => {
  const saved = await setBefore();
  let hasEnded = false;
  const writing = arriveInRecord().finally(() => (hasEnded = true));
  while (!hasEnded && locks().length === 0) await sleep(10);
  const [name = ""] = locks();
  await writing;
  // A number that no process has.
  writeFileSync(join(lockFolder(), name), "4194999");
  await leave(saved);
  expect(locks()).toEqual([]);
});

test("where there is no folder for locks, an error says so", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "no-folder-")), "file");
  writeFileSync(file, "");
  const plugin = await startPlugin({ TMPDIR: file });
  await plugin.configure({ org: "acme", token: github.token, baseUrl: github.url });
  const inputs = await checked(plugin, "DeploymentRecord", { ...where, ...web, deploymentName: "web" });
  await expect(plugin.create("DeploymentRecord", inputs)).rejects.toThrow("cannot be used for locks");
  await plugin.stop();
});
