import type { RecordAnswer } from "../../provider/github/schemas";
import { findRecord, isRecordOf, laneOf } from "../../provider/deployment-record/identity";
import type { DeploymentIdentity } from "../../provider/deployment-record/identity";
import { createKeyedQueue } from "../../provider/lifecycle/keyed-queue";
import { takenOver } from "../../provider/lifecycle/ownership";
import { DIGEST } from "../support/provider";

const identity: DeploymentIdentity = {
  org: "acme",
  logicalEnvironment: "production",
  physicalEnvironment: "eu-west-1",
  cluster: "prod-eu",
  deploymentName: "web",
};
const live = (more: Partial<RecordAnswer> = {}): RecordAnswer => ({
  id: "1",
  digest: DIGEST,
  logical_environment: "production",
  physical_environment: "eu-west-1",
  cluster: "prod-eu",
  deployment_name: "web",
  tags: undefined,
  runtime_risks: undefined,
  created_at: undefined,
  updated_at: undefined,
  attestation_id: undefined,
  ...more,
});

const OURS = "2026-01-01T12:00:00Z";

test.each([
  ["was written when we wrote it", OURS, OURS, false],
  [
    "was written when we wrote it, in another spelling of the time",
    "2026-01-01T13:00:00.000+01:00",
    OURS,
    false,
  ],
  ["was written before: a list may lag behind", "2026-01-01T11:59:59Z", OURS, false],
  ["was written a second later", "2026-01-01T12:00:01Z", OURS, true],
  ["was written years later", "2030-01-01T12:00:00Z", OURS, true],
  ["does not say when it was written", undefined, OURS, true],
  ["says something that is no time", "yesterday", OURS, true],
  ["was written, and we do not know when we did", OURS, undefined, true],
])("a live record that %s", (_what, theirs, ours, taken) => {
  const reason = takenOver(live({ updated_at: theirs }), ours);
  expect(reason !== undefined).toBe(taken);
});

test("a record that is not listed for our digest may be another writer's", () => {
  expect(takenOver(undefined, OURS)).toMatch(/does not list it for the digest/);
});

test("the reason names both times", () => {
  const reason = takenOver(live({ updated_at: "2026-01-02T00:00:00Z" }), OURS);
  expect(reason).toContain("2026-01-02T00:00:00Z");
  expect(reason).toContain(OURS);
});

test.each([
  ["the same", {}, true],
  ["another environment", { logical_environment: "Production" }, false],
  ["another place", { physical_environment: "eu-west-2" }, false],
  ["no place", { physical_environment: undefined }, false],
  ["another cluster", { cluster: "prod-us" }, false],
  ["an empty cluster", { cluster: "" }, false],
  ["another deployment", { deployment_name: "web2" }, false],
])("a listed record with %s", (_what, more, ours) => {
  expect(isRecordOf(identity, live(more))).toBe(ours);
});

test.each([undefined, ""])(
  "a record without place and cluster is found where the answer has %j",
  (absent) => {
    const bare = { org: "acme", logicalEnvironment: "production", deploymentName: "web" };
    expect(isRecordOf(bare, live({ physical_environment: absent, cluster: absent }))).toBe(true);
    expect(isRecordOf(bare, live())).toBe(false);
  },
);

test("of several live records of one identity, the one written last is taken", () => {
  const at = (id: string, time?: string) => live({ id, updated_at: time });
  const records = [
    at("1", "2026-01-02T00:00:00Z"),
    at("2"),
    at("3", "2026-01-03T00:00:00Z"),
    at("4"),
    at("5", "2026-01-01T00:00:00Z"),
    live({ id: "6", updated_at: "2027-01-01T00:00:00Z", deployment_name: "other" }),
  ];
  for (let turn = 0; turn < records.length; turn++) {
    records.push(...records.splice(0, 1));
    expect(findRecord(identity, records)?.id).toBe("3");
    expect(findRecord(identity, [...records].reverse())?.id).toBe("3");
  }
  expect(findRecord(identity, [])).toBeUndefined();
});

test("records of one cluster share a lane, whatever their environments", () => {
  expect(laneOf({ ...identity, logicalEnvironment: "x", physicalEnvironment: undefined })).toBe(
    laneOf(identity),
  );
  expect(laneOf({ ...identity, org: "ACME", deploymentName: "x" })).toBe(laneOf(identity));
  expect(laneOf({ ...identity, cluster: "prod-us" })).not.toBe(laneOf(identity));
  expect(laneOf({ ...identity, org: "other" })).not.toBe(laneOf(identity));
});

test("records without a cluster share the lane of their environments", () => {
  const bare = { ...identity, cluster: undefined };
  expect(laneOf({ ...bare, deploymentName: "x" })).toBe(laneOf(bare));
  expect(laneOf({ ...bare, logicalEnvironment: "x" })).not.toBe(laneOf(bare));
  expect(laneOf({ ...bare, physicalEnvironment: undefined })).not.toBe(laneOf(bare));
  expect(laneOf(bare)).not.toBe(laneOf(identity));
});

describe("a lane", () => {
  const tick = () => new Promise((resolve) => setImmediate(resolve));

  test("runs one after the other, in the order of arrival", async () => {
    const lanes = createKeyedQueue();
    const seen: string[] = [];
    const work = (name: string, ticks: number) =>
      lanes("lane", async () => {
        seen.push(`${name} begins`);
        for (let i = 0; i < ticks; i++) await tick();
        seen.push(`${name} ends`);
        return name;
      });
    expect(await Promise.all([work("a", 3), work("b", 0), work("c", 1)])).toEqual(["a", "b", "c"]);
    expect(seen).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
  });

  test("does not wait for another lane", async () => {
    const lanes = createKeyedQueue();
    let open = () => {};
    const slow = lanes("one", () => new Promise<void>((resolve) => (open = resolve)));
    expect(await lanes("two", async () => "done")).toBe("done");
    open();
    await slow;
  });

  test("goes on after a failure, which only its own caller sees", async () => {
    const lanes = createKeyedQueue();
    const results = await Promise.allSettled([
      lanes("lane", async () => "first"),
      lanes("lane", () => Promise.reject(new Error("refused"))),
      lanes("lane", () => {
        throw new Error("thrown at once");
      }),
      lanes("lane", async () => "last"),
    ]);
    expect(
      results.map((one) => (one.status === "fulfilled" ? one.value : (one.reason as Error).message)),
    ).toEqual(["first", "refused", "thrown at once", "last"]);
  });

  test("keeps the order also for what comes while it runs, and after it was idle", async () => {
    const lanes = createKeyedQueue();
    const seen: number[] = [];
    const work = (number: number) =>
      lanes("lane", async () => {
        await tick();
        seen.push(number);
      });
    const first = work(1);
    await tick();
    const second = work(2);
    await Promise.all([first, second]);
    await tick();
    await Promise.all([work(3), work(4)]);
    expect(seen).toEqual([1, 2, 3, 4]);
  });
});
