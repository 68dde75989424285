/** `verifyArtifacts` in a preview, as a pull request has it. */
import { digestOf } from "./support/declarations";
import { mixedScene, set, single } from "./support/mixed";

test("the preview of many resources says in few lines what is not attested, and succeeds", async () => {
  const { preview, github } = await mixedScene({
    server: { attested: [digestOf("web"), digestOf("shop-0")] },
    config: { "artifact-metadata:verifyArtifacts": "true" },
  });
  const records = Array.from({ length: 24 }, (_, index) => single(`single-${index}`));
  const things = [single("web"), ...records, set("fleet", ["shop-0", "shop-1", "shop-2"])];
  const { warnings, requests, plan } = await preview(things);
  expect(plan).toHaveLength(26);
  expect(requests.map(({ operation }) => operation)).toEqual(Array(28).fill("list-attestations"));
  expect(github.deploymentRecords()).toEqual([]);
  // Pulumi checks one resource after the other, in no order that counts here.
  const named = warnings.filter((text) => text.includes("sha256:"));
  expect(named.length).toBeLessThanOrEqual(10);
  expect(warnings.length).toBeLessThanOrEqual(12);
  for (const text of warnings)
    expect(text).toMatch(/^verifyArtifacts: no provenance attestation found for \d+ of \d+/);
});
