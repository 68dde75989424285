/** GitHub App credentials: by whose clock a token holds, for whom, and what a refusal means. */
import { newAppScene } from "../support/app";
import type { AppScene } from "../support/app";
import { recordInputs } from "../support/provider";
import { failureOf, requestsOf } from "../support/scene";

const LOOKUP = "GET /orgs/acme/installation";
const TOKEN = "POST /app/installations/77/access_tokens";
const MINUTE = 60_000;
const given = { config: { appInstallationId: "77" } };

const create = ({ provider }: AppScene, deploymentName = "web", org = "acme") =>
  provider.create(recordInputs({ deploymentName, org, cluster: undefined }));

test.each([8 * MINUTE, -8 * MINUTE])(
  "by a clock that differs by %i ms, a token is renewed before GitHub refuses it",
  async (skew) => {
    const scene = await newAppScene({ ...given, skew });
    await create(scene);
    const before = scene.github.requests.length;
    scene.wait(52 * MINUTE);
    await create(scene, "second");
    expect(scene.github.requests).toHaveLength(before + 1);
    scene.wait(5 * MINUTE);
    await create(scene, "third");
    const later = scene.github.requests.slice(before).filter(({ path }) => !path.includes("/app/"));
    expect(later.map(({ status }) => status)).toEqual([200, 200]);
    const tokens = scene.github.requests.filter(
      ({ path, status }) => path.includes("/app/") && status === 201,
    );
    expect(tokens).toHaveLength(2);
  },
);

test("an installation that is given has one token, whatever the organisation", async () => {
  const scene = await newAppScene(given);
  await create(scene);
  await failureOf(create(scene, "web", "umbrella"));
  expect(requestsOf(scene.github).filter((request) => request === TOKEN)).toHaveLength(1);
});

test("an installation that is suspended is named", async () => {
  const scene = await newAppScene();
  const suspended = { status: 403, body: { message: "This installation has been suspended" } };
  scene.github.fault({ match: { method: "POST" }, when: "before", do: suspended });
  const { message } = await failureOf(create(scene));
  expect(message).toMatch(
    /403 "This installation has been suspended".*The installation 77 of the App 1234 is suspended/,
  );
  expect(requestsOf(scene.github)).toEqual([LOOKUP, TOKEN]);
});

test("a removal that waited for a new token is decided again", async () => {
  const scene = await newAppScene(given);
  const { org, cluster: _, ...inputs } = recordInputs({ deploymentName: "web" });
  const { name, digest, status } = inputs;
  const place = { logical_environment: inputs.logicalEnvironment, deployment_name: "web" };
  const body = { name, digest, status, ...place, physical_environment: inputs.physicalEnvironment };
  const { updated_at } = scene.github.writeDeployment(org, body);
  const expired = { status: 401, body: { message: "Bad credentials" } };
  scene.github.fault({ match: { path: /deployment-record$/ }, when: "before", do: expired });
  const limit = { status: 429, headers: { "retry-after": "30" } };
  scene.github.fault({ match: { path: /access_tokens$/, nth: 2 }, when: "before", do: limit });
  const push = scene.pauses.push.bind(scene.pauses);
  scene.pauses.push = (milliseconds) => {
    scene.wait(milliseconds);
    scene.github.writeDeployment(org, body);
    return push(milliseconds);
  };
  await scene.provider.delete("acme/production/eu-west-1//web", { ...inputs, updatedAt: updated_at });
  expect(scene.pauses).toHaveLength(1);
  expect(scene.github.deploymentRecords().map(({ status }) => status)).toEqual(["deployed"]);
  expect(scene.warnings.join("\n")).toMatch(/was left as it is: it was written at/);
});
