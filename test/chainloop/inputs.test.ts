/** What is refused at preview, and how it is told; which settings are read from where. */
import type { Inputs } from "../../provider/chainloop-deployment";
import { chainloopIdentity } from "../../provider/chainloop-deployment/identity";
import { readChainloopSettings } from "../../provider/config/chainloop";
import { UNKNOWN } from "../../provider/lifecycle/check";
import { create, inputs, newRun, newScene } from "../support/chainloop";
import { configOf, DIGEST } from "../support/provider";

async function check(news: object) {
  const { inputs: checked, failures = [] } = await newRun({}).provider.check(inputs(), news as Inputs);
  return { checked, failures };
}

test("the kind and the status have defaults, which stand in the inputs", async () => {
  const given = { ...inputs(), kind: undefined, status: undefined };
  expect(await check(given)).toEqual({ checked: inputs(), failures: [] });
});

const required = "is required";
const oneCharacter = "must have at least one character";
const kinds = 'must be "CONTAINER_IMAGE" or "HELM_CHART"';
const digest = 'must be "sha256:" and 64 hexadecimal digits in lower case';
const status =
  "must be left out: it is deployed as long as it is declared, and decommissioned when it is removed";

test.each<[object, string, string]>([
  [{ environmentName: undefined }, "environmentName", required],
  [{ environmentName: "" }, "environmentName", oneCharacter],
  [{ environmentName: 7 }, "environmentName", "must be a string"],
  [{ deploymentName: null }, "deploymentName", required],
  [{ deploymentName: "a\u0000b" }, "deploymentName", "contains a control character"],
  [{ artifactName: "\ud800" }, "artifactName", "contains an unpaired surrogate"],
  [{ artifactVersion: "" }, "artifactVersion", oneCharacter],
  [{ artifactDigest: undefined }, "artifactDigest", required],
  [{ artifactDigest: DIGEST.toUpperCase() }, "artifactDigest", digest],
  [{ artifactDigest: "latest" }, "artifactDigest", digest],
  [{ kind: "HELM" }, "kind", kinds],
  [{ kind: "ARTIFACT_KIND_UNSPECIFIED" }, "kind", kinds],
  [{ status: "DECOMMISSIONED" }, "status", status],
])("%j is refused, and the property named", async (more, property, reason) => {
  const { failures } = await check({ ...inputs(), ...more });
  expect(failures).toEqual([{ property, reason }]);
});

test("what is no property of this resource is refused", async () => {
  const { failures } = await check({ ...inputs(), digest: DIGEST });
  expect(failures.map(({ property }) => property)).toEqual(["digest"]);
  expect(failures[0]?.reason).toMatch(
    /^is not a property of this resource; it has environmentName, deploymentName,/,
  );
});

test("lengths are Chainloop's own matter", async () => {
  const long = "𝒜".repeat(5_000);
  const more = { environmentName: long, deploymentName: long, artifactName: long, artifactVersion: long };
  expect((await check({ ...inputs(), ...more })).failures).toEqual([]);
  const scene = await newScene();
  await create(scene, inputs(more));
  expect(scene.chainloop.deployments()).toHaveLength(1);
});

test("what is not known in a preview passes, and is checked before it is sent", async () => {
  for (const name of Object.keys(inputs()))
    expect((await check({ ...inputs(), [name]: UNKNOWN })).failures).toEqual([]);
  const scene = await newScene();
  await expect(scene.provider.create(inputs({ artifactDigest: "latest" }))).rejects.toThrow(
    `The Chainloop deployment is not valid: artifactDigest ${digest}.`,
  );
  expect(scene.chainloop.requests).toEqual([]);
});

test.each(["production/web", "production//CONTAINER_IMAGE", "a/b/c/d", "a/%zz/CONTAINER_IMAGE"])(
  "%j is no ID",
  (id) => {
    expect(() => chainloopIdentity.parse(id)).toThrow(
      `"${id}" is not the ID of a Chainloop deployment. It has 3 parts, percent-encoded: ` +
        `environmentName/deploymentName/kind; for example production/shop-web-web/CONTAINER_IMAGE`,
    );
  },
);

test("an ID with a kind that there is not is refused before anything is asked", async () => {
  const scene = await newScene();
  await expect(scene.provider.read("production/web/IMAGE", {} as never)).rejects.toThrow(`kind ${kinds}`);
  expect(scene.chainloop.requests).toEqual([]);
});

test("the configuration comes before the environment, and Chainloop's own address is the default", () => {
  const shared = { timeoutSeconds: 300, verifyOwnership: true };
  expect(readChainloopSettings(configOf({}), {})).toEqual({
    ...shared,
    url: "https://api.app.chainloop.dev",
  });
  const environment = {
    CHAINLOOP_TOKEN: "from-environment",
    CHAINLOOP_API_URL: "https://chainloop.example.com/api/",
  };
  expect(readChainloopSettings(configOf({}), environment)).toEqual({
    ...shared,
    url: "https://chainloop.example.com/api",
    token: "from-environment",
  });
  const config = {
    "artifact-metadata:chainloopToken": "from-config",
    "artifact-metadata:chainloopUrl": "http://127.0.0.1:8787",
    "artifact-metadata:timeoutSeconds": "7",
    "artifact-metadata:verifyOwnership": "false",
  };
  expect(readChainloopSettings(configOf(config), environment)).toEqual({
    ...{ timeoutSeconds: 7, verifyOwnership: false },
    url: "http://127.0.0.1:8787",
    token: "from-config",
  });
});

test("a proxy is used for Chainloop too", () => {
  const { proxy } = readChainloopSettings(configOf({}), {
    HTTPS_PROXY: "http://proxy:8080",
    NO_PROXY: "a.example",
  });
  expect(proxy).toEqual({ variable: "HTTPS_PROXY", url: "http://proxy:8080" });
});

test.each([
  [{ chainloopUrl: "http://chainloop.example.com" }, "chainloopUrl must begin with https://"],
  [{ chainloopUrl: "ftp://x" }, "chainloopUrl must be a URL such as https://api.app.chainloop.dev"],
  [
    { chainloopUrl: "https://u:p@x.example" },
    "chainloopUrl must not contain a user name, password, query or fragment",
  ],
  [
    { chainloopToken: "a b" },
    "chainloopToken contains a space, a line break or another character that is not allowed in a token",
  ],
  [{ chainloopToken: "" }, "chainloopToken is empty"],
  [{ timeoutSeconds: "0" }, "timeoutSeconds must be a whole number of seconds, from 1 to 99999"],
  [{ verifyOwnership: "no" }, "verifyOwnership must be true or false"],
])("%j is refused at preview, and the setting named", async (config, message) => {
  const { provider } = newRun(config);
  await expect(provider.check(inputs(), inputs())).rejects.toThrow(
    `configuration artifact-metadata:${message}.`,
  );
});

test("a wrong setting of Chainloop's in the environment is nothing to programs without it", () => {
  const { host } = newRun({}, { CHAINLOOP_API_URL: "chainloop:443" });
  expect(() => host.settings()).not.toThrow();
  expect(() => host.chainloopSettings()).toThrow(
    "environment variable CHAINLOOP_API_URL must be a URL such as https://api.app.chainloop.dev.",
  );
});

test("a wrong setting of GitHub's is nothing to programs that have Chainloop alone", async () => {
  const scene = await newScene();
  const config = { chainloopUrl: scene.chainloop.url, chainloopToken: scene.chainloop.token };
  const environment = { GITHUB_API_URL: "github:443", GITHUB_APP_ID: "7" };
  const { host, provider } = newRun(config, environment);
  expect(() => host.settings()).toThrow("environment variable GITHUB_API_URL must be a URL");
  expect((await provider.check(inputs(), inputs())).failures).toEqual([]);
  const { id, outs } = await provider.create(inputs());
  await provider.read(id, outs);
  await newRun(config, environment).provider.delete(id, outs as never);
  expect(scene.chainloop.deployments()).toMatchObject([{ status: "DECOMMISSIONED" }]);
});

test("a token is needed by who writes, and by nobody else", async () => {
  const run = newRun({});
  const { failures } = await run.provider.check(inputs(), inputs());
  expect(failures).toEqual([]);
  await expect(run.provider.create(inputs())).rejects.toThrow(
    "There is no Chainloop token. Set one with `pulumi config set --secret artifact-metadata:chainloopToken …`, or in " +
      "the environment variable CHAINLOOP_TOKEN.",
  );
});
