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
  const operations = requests.map(({ operation }) => operation);
  expect(operations.filter((one) => one === "list-attestations")).toHaveLength(25);
  expect(operations.filter((one) => one === "list-attestations-bulk")).toHaveLength(1);
  expect(operations).toHaveLength(26);
  expect(github.deploymentRecords()).toEqual([]);
  // Pulumi checks one resource after the other, in no order that counts here.
  const named = warnings.filter((text) => text.includes("sha256:"));
  expect(named.length).toBeLessThanOrEqual(10);
  expect(warnings.length).toBeLessThanOrEqual(12);
  for (const text of warnings)
    expect(text).toMatch(
      /^verifyArtifacts: (no provenance attestation found for \d+ of \d+|more digests without)/,
    );
});

test("with error, the preview fails and names the property; one run asks for it by the environment", async () => {
  const { preview, github } = await mixedScene({ server: { attested: [digestOf("web")] } });
  const env = { ARTIFACT_METADATA_VERIFY_ARTIFACTS: "error" };
  const { errors } = await preview([single("web"), single("cart")], { env, exitCode: 1 });
  const cart = errors.filter((text) => text.includes("has no provenance attestation"));
  expect(cart).toHaveLength(1);
  expect(cart[0]).toContain("property digest");
  expect(cart[0]).toContain(digestOf("cart"));
  expect(cart[0]).toContain("Possible causes:");
  await preview([single("web")], { env });
  expect(github.deploymentRecords()).toEqual([]);
});
