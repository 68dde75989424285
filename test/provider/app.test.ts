/** GitHub App credentials: a token for the installation, fetched once and renewed. */
import { inspect } from "node:util";
import { newAppScene, KEY, OTHER_KEY } from "../support/app";
import type { AppScene } from "../support/app";
import { listDeploymentRecords } from "../../provider/github/deployment-records";
import { DIGEST, recordInputs } from "../support/provider";
import { failureOf, requestsOf, WRITE } from "../support/scene";

const LOOKUP = "GET /orgs/acme/installation";
const TOKEN = "POST /app/installations/77/access_tokens";
const MINUTE = 60_000;

const create = ({ provider }: AppScene, deploymentName = "web", org = "acme") =>
  provider.create(recordInputs({ deploymentName, org, cluster: undefined }));

const withoutWrites = ({ github }: AppScene) => requestsOf(github).filter((request) => request !== WRITE);

test("many first operations find the installation, fetch one token, and all use it", async () => {
  const scene = await newAppScene();
  await Promise.all(Array.from({ length: 15 }, (_, index) => create(scene, `web-${index}`)));
  expect(withoutWrites(scene).slice(0, 2)).toEqual([LOOKUP, TOKEN]);
  expect(scene.github.requests.filter(({ path }) => path.includes("app/"))).toHaveLength(1);
  expect(scene.github.deploymentRecords()).toHaveLength(15);
  expect(scene.github.violations).toEqual([]);
});

test("an installation that is given is not looked up", async () => {
  const scene = await newAppScene({ config: { appInstallationId: "77" } });
  await create(scene);
  await create(scene, "other");
  expect(requestsOf(scene.github)).toEqual([TOKEN, WRITE, WRITE]);
});

test("each organisation has a token of its own, whatever the case of its name", async () => {
  const installations = [
    { id: 77, org: "acme" },
    { id: 78, org: "umbrella" },
  ];
  const scene = await newAppScene({ app: { installations }, server: { orgs: ["acme", "umbrella"] } });
  for (const org of ["acme", "umbrella", "ACME", "Umbrella"]) await create(scene, org, org);
  expect(scene.github.requests.filter(({ status }) => status === 201)).toHaveLength(2);
  expect(scene.github.requests.filter(({ path }) => path.endsWith("/deployment-record"))).toHaveLength(4);
});

test("28. GitHub App: a token is renewed before it ends", async () => {
  const scene = await newAppScene();
  await create(scene);
  scene.wait(50 * MINUTE);
  await create(scene, "second");
  expect(withoutWrites(scene)).toEqual([LOOKUP, TOKEN]);
  scene.wait(6 * MINUTE);
  await create(scene, "third");
  expect(scene.github.requests.filter(({ status }) => status === 201)).toHaveLength(2);
  const writes = scene.github.requests.filter(({ path }) => path.endsWith("/deployment-record"));
  expect(writes.map(({ status }) => status)).toEqual([200, 200, 200]);
});

test("28. GitHub App: tokens that have expired already by GitHub's clock are not asked for without end", async () => {
  const scene = await newAppScene({ app: { tokenSeconds: -60 }, config: { appInstallationId: "77" } });
  await create(scene).catch(() => undefined);
  expect(withoutWrites(scene).length).toBeLessThanOrEqual(2);
  expect(requestsOf(scene.github).filter((request) => request === WRITE).length).toBeGreaterThan(0);
});

test("a token that holds for a moment only is used for half of it", async () => {
  const scene = await newAppScene({ app: { tokenSeconds: 120 }, config: { appInstallationId: "77" } });
  await create(scene);
  scene.wait(50_000);
  await create(scene, "second");
  scene.wait(20_000);
  await create(scene, "third");
  expect(requestsOf(scene.github)).toEqual([TOKEN, WRITE, WRITE, TOKEN, WRITE]);
});

describe("a token that GitHub refuses all the same", () => {
  const refused = { when: "before", do: { status: 401, body: { message: "Bad credentials" } } } as const;
  const match = { operation: "create-artifact-deployment-record" } as const;

  test("28. GitHub App: is renewed, and the write is sent again", async () => {
    const scene = await newAppScene({ config: { appInstallationId: "77" } });
    scene.github.fault({ ...refused, match });
    await create(scene);
    expect(requestsOf(scene.github)).toEqual([TOKEN, WRITE, TOKEN, WRITE]);
  });

  test("is renewed once, and then it is an error", async () => {
    const scene = await newAppScene({ config: { appInstallationId: "77" } });
    scene.github.fault({ ...refused, match, times: 9 });
    expect((await failureOf(create(scene))).message).toMatch(/401 "Bad credentials"/);
    expect(requestsOf(scene.github)).toEqual([TOKEN, WRITE, TOKEN, WRITE]);
  });

  test("is renewed once for all operations that it failed", async () => {
    const scene = await newAppScene({ config: { appInstallationId: "77" } });
    scene.github.fault({ ...refused, match, times: 3 });
    const inputs = ["a", "b", "c"].map((name) =>
      recordInputs({ deploymentName: name, cluster: name, org: "acme" }),
    );
    await Promise.all(inputs.map((one) => scene.provider.create(one)));
    expect(requestsOf(scene.github).filter((request) => request === TOKEN)).toHaveLength(2);
    expect(scene.github.deploymentRecords()).toHaveLength(3);
  });
});

test.each([
  ["behind", 10 * MINUTE],
  ["ahead of", -10 * MINUTE],
])("28. GitHub App: a clock ten minutes %s GitHub's is corrected", async (_what, skew) => {
  const scene = await newAppScene({ skew });
  await create(scene);
  await create(scene, "second");
  expect(scene.github.deploymentRecords()).toHaveLength(2);
  const refused = scene.github.requests.filter(({ status }) => status === 401);
  expect(refused.map(({ method, path }) => `${method} ${path}`)).toEqual([LOOKUP, TOKEN]);
  expect(scene.warnings).toEqual([]);
});

/** Whatever is shown of an error holds nothing of the key, the tokens, or a JSON Web Token. */
function expectNoSecret(error: Error): void {
  const shown = `${error.message}\n${inspect(error, { depth: 9, showHidden: true })}`;
  for (const { privateKey } of [KEY, OTHER_KEY])
    for (const line of privateKey.split("\n").slice(1, -2)) expect(shown).not.toContain(line);
  expect(shown).not.toMatch(/BEGIN|eyJ|ghs_/);
}

describe("what is wrong is said once, without a secret", () => {
  test.each([
    [
      { appPrivateKey: OTHER_KEY.privateKey },
      "acme",
      /401 "A JSON web token could not be decoded".*key of the App 1234/,
    ],
    [{ appId: "4321" }, "acme", /404 "Integration not found".*The App 4321 is not installed in acme/],
    [{}, "umbrella", /404 "Not Found".*The App 1234 is not installed in umbrella/],
    [{ appInstallationId: "78" }, "acme", /404 "Not Found".*has no installation 78.*appInstallationId/],
  ])("28. GitHub App: a wrong key or App is a clear error (%#)", async (config, org, message) => {
    const scene = await newAppScene({ config });
    for (let tries = 0; tries < 3; tries++) {
      const error = await failureOf(create(scene, "web", org));
      expect(error.message).toMatch(message);
      expect(error.stack).toBe("");
      expectNoSecret(error);
    }
    expect(scene.github.requests).toHaveLength(1);
  });

  test("a refresh does not take an App that is not installed for records that may not be seen", async () => {
    const scene = await newAppScene();
    const { id, outs } = await create(scene);
    const other = await newAppScene({ app: { installations: [] } });
    const error = await failureOf(other.provider.read(id, outs));
    expect(error.message).toMatch(/not installed/);
  });

  test("a failure that may pass is not kept", async () => {
    const scene = await newAppScene({ config: { appInstallationId: "77" } });
    scene.github.fault({ when: "before", do: { status: 502 }, times: 4 });
    expect((await failureOf(create(scene))).message).toMatch(/access_tokens did not succeed: 502.*4 times/);
    await create(scene);
    expect(requestsOf(scene.github)).toEqual([...Array<string>(5).fill(TOKEN), WRITE]);
  });

  test("an answer without a token is one", async () => {
    const scene = await newAppScene({ config: { appInstallationId: "77" } });
    scene.github.fault({ when: "after", do: { json: { token: "ghs_secret secret", expires_at: "soon" } } });
    const error = await failureOf(create(scene));
    expect(error.message).toMatch(/access_tokens.*not what the API describes: token/);
    expectNoSecret(error);
  });
});

test("GitHub's answer to the App may take until the deadline, and no longer", async () => {
  const scene = await newAppScene({ config: { timeoutSeconds: "1" } });
  scene.github.fault({ when: "before", do: "never-answer", times: 9 });
  expect((await failureOf(create(scene))).message).toMatch(/timeoutSeconds, 1 s/);
  expect(requestsOf(scene.github)).toEqual([LOOKUP]);
});

test("who waits for a token that another operation asks for is not kept past its own deadline", async () => {
  const scene = await newAppScene({ config: { timeoutSeconds: "60" } });
  scene.github.fault({ when: "before", do: "never-answer", times: 9 });
  const client = scene.host.github();
  scene.wait(59_900);
  const error = await failureOf(listDeploymentRecords(client, "acme", DIGEST));
  expect(error.message).toMatch(/^GET .*deployment-records was not sent: the deadline passed.*60 s/);
});
