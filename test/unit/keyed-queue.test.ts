import { laneOf } from "../../provider/deployment-record/identity";
import { storageLane } from "../../provider/storage-record/identity";

const place = { org: "acme", logicalEnvironment: "production" };

test("writes to one cluster share a lane, whatever their environments and the organisation's case", () => {
  const lane = laneOf({ ...place, cluster: "prod-eu" });
  expect(
    laneOf({ org: "ACME", logicalEnvironment: "staging", physicalEnvironment: "eu", cluster: "prod-eu" }),
  ).toBe(lane);
  expect(laneOf({ ...place, cluster: "prod-us" })).not.toBe(lane);
});

test("records without a cluster share the lane of both of their environments", () => {
  const eu = { ...place, physicalEnvironment: "eu" };
  expect(laneOf({ ...eu, deploymentName: "web" })).toBe(laneOf({ ...eu, deploymentName: "api" }));
  const lanes = [
    place,
    eu,
    { ...place, physicalEnvironment: "us" },
    { ...eu, logicalEnvironment: "staging" },
  ];
  expect(new Set(lanes.map(laneOf)).size).toBe(lanes.length);
});

test("storage records share the lane of their digest, apart from all deployments", () => {
  const record = { org: "acme", digest: "sha256:a", registryUrl: "https://ghcr.io", name: "web" };
  const lane = storageLane(record);
  expect(storageLane({ ...record, org: "Acme", name: "api" })).toBe(lane);
  expect(storageLane({ ...record, digest: "sha256:b" })).not.toBe(lane);
  expect(laneOf({ org: "storage", logicalEnvironment: "acme", cluster: "sha256:a" })).not.toBe(lane);
});
