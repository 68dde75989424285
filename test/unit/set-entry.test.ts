import { deploymentAt, without } from "../support/sets";
import { mapBounded } from "../../provider/runtime/map-bounded";
import { sameField } from "../../provider/lifecycle/diff";
import { sameEntry, withStatus } from "../../provider/cluster-deployment-set/entry";
import type { Recorded } from "../../provider/cluster-deployment-set/fields";

const bare = without({ ...deploymentAt(0) }, "status") as Recorded;

test("an entry that was saved without a status is declared as deployed", () => {
  expect(withStatus(bare)).toStrictEqual({ ...bare, status: "deployed" });
  expect(withStatus({ ...bare, status: "decommissioned" })).toStrictEqual({
    ...bare,
    status: "decommissioned",
  });
});

test("an entry is the same where what it says is, also where it does not say that it is deployed", () => {
  const deployed = { ...bare, status: "deployed" as const };
  const gone = { ...bare, status: "decommissioned" as const };
  expect([sameEntry(bare, deployed), sameEntry(deployed, bare), sameEntry(bare, bare)]).toEqual([
    true,
    true,
    true,
  ]);
  expect([sameEntry(bare, gone), sameEntry(gone, bare)]).toEqual([false, false]);
  expect([sameEntry(undefined, bare), sameEntry(bare, undefined)]).toEqual([false, false]);
  expect(sameEntry(bare, { ...bare, version: "2" })).toBe(false);
});

test("a field that is absent is compared like any other", () => {
  expect(sameField("org", undefined, undefined)).toBe(true);
  expect(sameField("org", "acme", undefined)).toBe(false);
  expect(sameField("registryUrl", undefined, "https://ghcr.io")).toBe(false);
  expect(sameField("registryUrl", "https://ghcr.io//", "https://ghcr.io")).toBe(true);
  expect(sameField("runtimeRisks", undefined, ["sensitive-data"])).toBe(false);
});

test("work is done for each item, never more at once than allowed, the results in the items' order", async () => {
  let [running, most] = [0, 0];
  const results = await mapBounded([5, 1, 4, 2, 3, 0, 6], 3, async (item) => {
    most = Math.max(most, ++running);
    for (let turn = 0; turn < item; turn++) await new Promise(setImmediate);
    running -= 1;
    return item * 10;
  });
  expect(results).toEqual([50, 10, 40, 20, 30, 0, 60]);
  expect(most).toBe(3);
  expect(await mapBounded([], 3, async () => 1)).toEqual([]);
});
