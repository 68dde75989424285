import { DIGEST, recordInputs } from "../support/provider";
import { CODE, startHost, URN, withCode } from "../support/provider-host";
import { failureOf, newScene, requestsOf, WRITE } from "../support/scene";
import type { PropertyMap } from "../../local/engine/types";
import type { SceneOptions } from "../support/scene";

const CANARY = "github_pat_canary0123456789";

async function hostScene(options: SceneOptions = {}) {
  const scene = await newScene({ ...options, server: { token: CANARY, ...options.server } });
  const { github } = scene;
  return {
    ...scene,
    ...(await startHost({ baseUrl: github.url, ...options.config }, { token: github.token })),
  };
}

const declared = () =>
  withCode(recordInputs({ version: "1.4.2", tags: { team: "shop" }, runtimeRisks: ["internet-exposed"] }));
const more = { urn: URN, oldInputs: {}, ignoreChanges: [] };

/** A stack trace, in any of its forms. */
const trace = /^\s+at |node:internal|\.[jt]s:\d+/m;

test("a record lives its life in the host: check, create, diff, update, read, delete", async () => {
  const { provider, github, shown } = await hostScene();
  const { inputs, failures } = await provider.check({ urn: URN, olds: {}, news: declared() });
  expect(failures).toEqual([]);
  expect(inputs).toEqual(declared());

  const { id, properties } = await provider.create({ urn: URN, properties: inputs });
  const [record] = github.deploymentRecords();
  expect(properties).toMatchObject({ digest: DIGEST, recordId: record?.id, __provider: CODE });

  const news = { ...inputs, version: "1.5.0" };
  expect(await provider.diff({ ...more, id, olds: properties, news: inputs })).toMatchObject({
    changes: "none",
  });
  expect(await provider.diff({ ...more, id, olds: properties, news })).toMatchObject({ changes: "some" });
  expect(
    await provider.diff({ ...more, id, olds: properties, news: { ...news, cluster: "prod-us" } }),
  ).toEqual({ changes: "some", replaces: ["cluster"], deleteBeforeReplace: false });

  const updated = await provider.update({ ...more, id, olds: properties, news });
  expect(updated.properties).toEqual({ ...properties, version: "1.5.0" });
  const read = await provider.read({ id, urn: URN, properties: updated.properties, inputs: news });
  expect(read).toEqual({ id, properties: updated.properties, inputs: news });
  await provider.delete({ id, urn: URN, properties: updated.properties, oldInputs: news });
  // This run has declared the record itself, so its removal is a move, and nothing is written.
  expect(requestsOf(github).filter((request) => request === WRITE)).toHaveLength(2);
  expect(shown).toEqual([]);

  const next = await startHost({ baseUrl: github.url }, { token: github.token });
  await next.provider.delete({ id, urn: URN, properties: updated.properties, oldInputs: news });
  expect(github.deploymentRecords()).toMatchObject([{ status: "decommissioned" }]);
  expect(next.shown).toEqual([]);
});

test("a check's failures name the property and stand alone", async () => {
  const { provider, github } = await hostScene();
  const news = { ...declared(), digest: "sha256:1", tags: { "a b": 1 } };
  const { failures } = await provider.check({ urn: URN, olds: {}, news });
  expect(failures).toEqual([
    { property: "digest", reason: 'must be "sha256:" and 64 hexadecimal digits in lower case' },
    { property: 'tags["a b"]', reason: "must be a string" },
  ]);
  expect(github.requests).toEqual([]);
});

test("a warning is shown as one", async () => {
  const { provider, github, shown } = await hostScene();
  github.fault({ when: "after", do: { json: { total_count: 0 } } });
  await provider.create({ urn: URN, properties: declared() });
  expect(shown).toHaveLength(1);
  expect(`${shown[0]?.severity} ${shown[0]?.message}`).toMatch(
    /warning: .*contains no record|^warning .*contains no/,
  );
});

test("errors are shown without a stack trace, and without the token", async () => {
  const { provider, github, shown } = await hostScene();
  const { id, properties } = await provider.create({ urn: URN, properties: declared() });
  const old = { id, urn: URN, properties, inputs: declared(), oldInputs: {}, ignoreChanges: [] };
  github.fault({ when: "before", do: { status: 401, body: { message: "Bad credentials" } }, times: 2 });
  const refused = [
    await failureOf(provider.create({ urn: URN, properties: declared() })),
    await failureOf(provider.update({ ...old, olds: properties, news: declared() })),
  ];
  github.fault({ when: "after", do: "html", times: 9 });
  const broken = [
    await failureOf(provider.read(old)),
    await failureOf(provider.read({ ...old, id: "nonsense" })),
    await failureOf(provider.create({ urn: URN, properties: { ...declared(), digest: "sha256:1" } })),
    await failureOf(provider.diff({ ...old, id: "nonsense", olds: properties, news: declared() })),
    await failureOf(provider.delete({ ...old, id: "nonsense" })),
  ];
  for (const { message } of refused) expect(message).toMatch(/401 "Bad credentials"/);
  expect(broken.map(({ message }) => message)).toEqual([
    expect.stringMatching(/cut off, or it is not JSON/),
    expect.stringMatching(/"nonsense" is not the ID/),
    expect.stringMatching(/digest must be/),
    expect.stringMatching(/"nonsense" is not the ID/),
    expect.stringMatching(/"nonsense" is not the ID/),
  ]);
  const all = [...refused, ...broken]
    .map(({ message }) => message)
    .concat(shown.map(({ message }) => message));
  expect(all.join("\n")).not.toMatch(trace);
  expect(all.join("\n")).not.toContain(CANARY);
});

test("30. 1,000 concurrent first calls: in the host, with a wrong setting every one of many fails, and nothing is sent", async () => {
  const { provider, github, shown } = await hostScene({ config: { timeoutSeconds: "soon" } });
  const calls = Array.from({ length: 20 }, (_, index) =>
    index % 2
      ? provider.create({ urn: URN, properties: declared() })
      : provider.check({ urn: URN, olds: {}, news: declared() }),
  );
  for (const error of await Promise.all(calls.map((call) => failureOf(call))))
    expect(error.message).toBe(
      "configuration artifact-metadata:timeoutSeconds must be a whole number of seconds, from 1 to 99999.",
    );
  expect(github.requests).toEqual([]);
  expect(shown.map(({ message }) => message).join("")).not.toMatch(trace);
});

test("a large id, and a record without anything that may be absent, can be carried", async () => {
  const { provider } = await hostScene({ server: { firstId: 2n ** 53n + 1n } });
  const bare = recordInputs({ physicalEnvironment: undefined, cluster: undefined });
  const news = JSON.parse(JSON.stringify(withCode(bare))) as PropertyMap;
  const { inputs } = await provider.check({ urn: URN, olds: {}, news });
  const { properties } = await provider.create({ urn: URN, properties: inputs });
  expect(BigInt(properties.recordId as string)).toBeGreaterThan(2n ** 53n);
});
