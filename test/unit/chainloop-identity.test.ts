import fc from "fast-check";
import type { ChainloopAnswer } from "../../provider/chainloop/schemas";
import { chainloopIdentity, findDeployment } from "../../provider/chainloop-deployment/identity";
import type { ChainloopIdentity } from "../../provider/chainloop-deployment/identity";

const identity: ChainloopIdentity = {
  environmentName: "production",
  deploymentName: "web",
  kind: "CONTAINER_IMAGE",
};

/** `DEPLOYED 1`: the status, and the second in which it was written; `-`: no status. */
function recordOf(text: string): ChainloopAnswer {
  const [status = "", second = ""] = text.split(" ");
  return {
    id: text,
    environment_name: "production",
    deployment_name: "web",
    artifact: { kind: "CONTAINER_IMAGE", name: undefined, digest: "sha256:a", version: undefined },
    artifact_id: undefined,
    environment_id: undefined,
    status: status === "-" ? undefined : status,
    created_at: undefined,
    updated_at: `2026-01-01T00:00:0${second}Z`,
    last_seen_at: undefined,
  };
}

test.each([
  [["SUPERSEDED 3", "DEPLOYED 1", "DECOMMISSIONED 4"], "DEPLOYED 1"],
  [["DEPLOYED 1", "DEPLOYED 2"], "DEPLOYED 2"],
  [["PAUSED 1", "DEPLOYED 2", "PAUSED 3"], "DEPLOYED 2"],
  [["SUPERSEDED 3", "PAUSED 1", "- 2"], "- 2"],
  [["SUPERSEDED 3", "DECOMMISSIONED 4"], "DECOMMISSIONED 4"],
  [["DECOMMISSIONED 1", "SUPERSEDED 3"], "SUPERSEDED 3"],
  [[], undefined],
])("of %j, %s says what runs there", (records, found) => {
  expect(findDeployment(identity, records.map(recordOf))?.id).toBe(found);
  expect(findDeployment(identity, records.map(recordOf).reverse())?.id).toBe(found);
});

test.each([{ environment_name: "Production" }, { deployment_name: "Web" }])("%j is another one", (other) => {
  expect(findDeployment(identity, [{ ...recordOf("DEPLOYED 1"), ...other }])).toBeUndefined();
});

test("an ID and its identity say the same, whatever the names are", () => {
  const name = fc.string({ unit: "grapheme", minLength: 1 });
  const any = fc.record({
    environmentName: name,
    deploymentName: name,
    kind: fc.constantFrom("CONTAINER_IMAGE" as const, "HELM_CHART" as const),
  });
  fc.assert(
    fc.property(any, (one) => {
      expect(chainloopIdentity.parse(chainloopIdentity.format(one))).toEqual(one);
    }),
  );
});
