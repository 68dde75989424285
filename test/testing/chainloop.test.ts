/** `startChainloop` of pulumi-artifact-metadata/testing, as a user's test has it. */
import { startChainloop } from "../../local/testing";
import type { TestChainloop } from "../../local/testing";
import { createRunContext } from "../../provider/create-run-context";
import { chainloopDeploymentProvider } from "../../provider/chainloop-deployment";
import { inputs } from "../support/chainloop";
import { configOf, DIGEST, OTHER_DIGEST } from "../support/provider";

let chainloop: TestChainloop;
beforeAll(
  async () => void (chainloop = await startChainloop({ now: () => Date.parse("2026-01-01T00:00:00Z") })),
);
beforeEach(() => chainloop.reset());
afterAll(() => chainloop.stop());

function create() {
  const host = createRunContext({ environment: {}, warn: () => undefined, sleep: async () => undefined });
  const config = Object.entries(chainloop.config).map(([key, { value }]) => [key, value]);
  host.configure(configOf(Object.fromEntries(config) as Record<string, string>));
  return chainloopDeploymentProvider(host).create(inputs());
}

test("what was written is shown in the words of the resource, with what another writer did since", async () => {
  await create();
  const { status, ...declared } = inputs();
  const { id, ...shown } = chainloop.deployments()[0] ?? { id: "" };
  expect(id).toMatch(/^[0-9a-f-]{36}$/);
  const times = { createdAt: "2026-01-01T00:00:00.000Z", updatedAt: "2026-01-01T00:00:00.000Z" };
  expect(shown).toEqual({ ...declared, ...times, status });

  const { environmentName, deploymentName, artifactName } = declared;
  chainloop.writeDeployment({ environmentName, deploymentName, artifactName, artifactDigest: OTHER_DIGEST });
  expect(chainloop.deployments().map(({ artifactDigest, status }) => [artifactDigest, status])).toEqual([
    [DIGEST, "SUPERSEDED"],
    [OTHER_DIGEST, "DEPLOYED"],
  ]);
  expect(() => chainloop.writeDeployment({ ...declared, deploymentName: "" })).toThrow(
    "deployment_name is empty",
  );
});

test("the requests are shown, and go wrong on demand", async () => {
  const fault = chainloop.fault({ requests: "write", answer: { status: 503 }, times: 2 });
  await create();
  expect(fault.hits).toBe(2);
  expect(chainloop.requests.map(({ method, path, status }) => [method, path, status])).toEqual([
    ["POST", "/v1/deployments", 503],
    ["POST", "/v1/deployments", 503],
    ["POST", "/v1/deployments", 200],
  ]);
  chainloop.fault({ answer: { status: 403, message: "permission denied" } });
  await expect(create()).rejects.toThrow('was answered with 403 "permission denied".');
  expect(chainloop.violations).toEqual([]);
});

test("its address and token are there for a process too", () => {
  expect(chainloop.environment).toEqual({
    CHAINLOOP_API_URL: chainloop.url,
    CHAINLOOP_TOKEN: chainloop.token,
  });
});
