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

/** Only `npm run test:long` has the time. */
const testLong = process.env.LONG ? test : test.skip;

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

/** What one provider has before the record moves to the other. */
async function before(type: string, news: PropertyMap): Promise<Saved> {
  await configure();
  const saved = await one.create(type, await checked(one, type, news));
  // What a process loads for its first write would decide which of the two comes first.
  const warm = { ...where, ...web, cluster: "us", deploymentName: "warm" };
  await other.create("DeploymentRecord", await checked(other, "DeploymentRecord", warm));
  clock.advance(60_000);
  await configure();
  github.fault({ when: "before", do: { delay: 800 }, times: Infinity });
  return saved;
}
const setBefore = () => before("ClusterDeploymentSet", both);

const leave = async (saved: Saved) =>
  one.update("ClusterDeploymentSet", saved, await checked(one, "ClusterDeploymentSet", rest));
const single = { ...where, ...web, deploymentName: "web" };
const arriveInRecord = async () => {
  const inputs = await checked(other, "DeploymentRecord", single);
  await other.create("DeploymentRecord", inputs);
};
const arriveInSet = async () =>
  other.create("ClusterDeploymentSet", await checked(other, "ClusterDeploymentSet", setOf({ web })));

interface Move {
  setUp: () => Promise<Saved>;
  leave: (saved: Saved) => Promise<unknown>;
  arrive: () => Promise<unknown>;
  deployed: string[];
}
const moves: Record<string, Move> = {
  "a set to a record": {
    ...{ setUp: setBefore, leave, arrive: arriveInRecord },
    deployed: ["api deployed", "web deployed"],
  },
  "a set to another set": {
    ...{ setUp: setBefore, leave, arrive: arriveInSet },
    deployed: ["api deployed", "web deployed"],
  },
  "a record to a set": {
    setUp: () => before("DeploymentRecord", single),
    leave: (saved) => one.remove("DeploymentRecord", saved),
    arrive: arriveInSet,
    deployed: ["web deployed"],
  },
};

/** @param lead How many milliseconds before the write the removal begins; negative: after it. */
async function expectDeployed({ setUp, leave, arrive, deployed }: Move, lead: number): Promise<void> {
  const saved = await setUp();
  const steps = [() => leave(saved), arrive];
  const [first, second] = lead > 0 ? steps : steps.reverse();
  const running = first?.();
  await sleep(Math.abs(lead));
  await Promise.all([running, second?.()]);
  const statuses = github
    .deploymentRecords()
    .filter(({ cluster }) => cluster === "eu")
    .map(({ deployment_name, status }) => `${deployment_name} ${status}`);
  expect([lead, ...statuses.sort()]).toEqual([lead, ...deployed]);
  expect(locks()).toEqual([]);
}

describe.each(Object.entries(moves))("what moves from %s of another provider is deployed", (_what, move) => {
  test("where the removal begins first", () => expectDeployed(move, 100));
  test("where the write begins first", () => expectDeployed(move, -100));

  testLong(
    "20 times of 20, whatever the time between them",
    async () => {
      for (let run = 0; run < 20; run++) {
        await expectDeployed(move, run % 2 === 0 ? 1 + run * 50 : -run * 50);
        await github.close();
        github = await startGitHub({ attested: "all", now: clock.now });
      }
    },
    300_000,
  );
});

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
