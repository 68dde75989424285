/** Bad input: a check failure that names the property, and no request. The limits' edges: test/unit/*limits.test.ts. */
import { UNKNOWN } from "../../provider/lifecycle/check";
import { DIGEST } from "../support/provider";
import { bodiesOf } from "../support/scene";
import { deploymentAt, failureOf, newSetScene, setOf } from "../support/sets";
import type { SetScene } from "../support/sets";
import { everyKind, record, set, storage } from "./support/kinds";
import type { Kind } from "./support/kinds";

const propertiesOf = async (kind: Kind, scene: SetScene, more: object) =>
  (await kind.check(scene, { ...kind.inputs(), ...more })).map(({ property }) => property);

const HOSTILE = [".", "..", "", "acme/widgets", "/", "acme\0", "acme%2fwidgets", "%", "%2e%2e", "a\\..\\b/"];
const inPath = [
  ...everyKind.map(({ kind, of }) => ({ kind, of, field: "org" })),
  { kind: "DeploymentRecord", of: record, field: "cluster" },
  { kind: "ClusterDeploymentSet", of: set, field: "cluster" },
];

test.each(inPath)(
  "17. bad names and digests: the $field of a $kind cannot leave its place",
  async ({ of, field }) => {
    const scene = await newSetScene();
    for (const text of HOSTILE) {
      expect([text, await propertiesOf(of, scene, { [field]: text })]).toEqual([text, [field]]);
    }
    expect(scene.github.requests).toEqual([]);
  },
);

const digests: [string, string][] = [
  ["in upper case", DIGEST.toUpperCase()],
  ["of capital hexadecimal digits", `sha256:${"A1".repeat(32)}`],
  ["one digit short", DIGEST.slice(0, -1)],
  ["one digit long", `${DIGEST}0`],
  ["of another algorithm", `sha512:${"a1".repeat(64)}`],
  ["without its algorithm", "a1".repeat(32)],
  ["with a line break", `${DIGEST}\n`],
  ["of other letters", `sha256:${"g1".repeat(32)}`],
];

test.each(digests)("17. bad names and digests: a digest %s", async (_what, digest) => {
  const scene = await newSetScene();
  expect(await propertiesOf(record, scene, { digest })).toEqual(["digest"]);
  expect(await propertiesOf(storage, scene, { digest })).toEqual(["digest"]);
  const deployments = { web: { ...deploymentAt(0), digest } };
  expect(await propertiesOf(set, scene, { deployments })).toEqual(["deployments.web.digest"]);
  expect(scene.github.requests).toEqual([]);
});

const KEYS = ["url", "method", "headers", "baseUrl", "request", "constructor", "toString", "hasOwnProperty"];

test.each(KEYS)("18. hostile keys: the tag and the deployment %s are like any other", async (key) => {
  const scene = await newSetScene();
  const tags = { [key]: "https://example.com" };
  const entries = { [key]: deploymentAt(0, { tags }), web: deploymentAt(1) };
  const inputs = setOf(entries);
  expect(await scene.set.check(inputs, inputs)).toEqual({ inputs, failures: [] });
  await scene.set.create(inputs);
  await scene.another().set.create(setOf({ plain: deploymentAt(0), web: deploymentAt(1) }));
  const [hostile, plain] = scene.github.requests;
  expect(hostile).toMatchObject({ method: plain?.method, path: plain?.path });
  expect({ ...hostile?.headers, "content-length": "" }).toEqual({ ...plain?.headers, "content-length": "" });
  const text = (body: unknown) => JSON.stringify(body);
  expect(text(hostile?.body)).toBe(
    text(plain?.body).replace('"deployment_name":"plain"', `"deployment_name":"${key}","tags":${text(tags)}`),
  );
});

test.each(everyKind)("18. hostile keys: as an input of a $kind they are refused by name", async ({ of }) => {
  const scene = await newSetScene();
  for (const key of [...KEYS, "__proto__", "partial_success", "0"]) {
    const news = { ...of.inputs() };
    Object.defineProperty(news, key, { value: "https://example.com", enumerable: true });
    expect((await of.check(scene, news)).map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/is not a property of this resource; it has org, /),
    ]);
  }
  expect(scene.github.requests).toEqual([]);
});

const prototypeKey = (value: string) => JSON.parse(`{ "__proto__": ${value}, "team": "shop" }`) as object;

test("18. hostile keys: __proto__ is refused wherever a user may choose keys, and not dropped", async () => {
  const scene = await newSetScene();
  const entry = JSON.stringify(deploymentAt(0));
  const cases: [Kind, object, string][] = [
    [record, { tags: prototypeKey('"x"') }, "tags.__proto__"],
    [
      set,
      { deployments: { web: deploymentAt(0, { tags: prototypeKey('"x"') as Record<string, string> }) } },
      "deployments.web.tags.__proto__",
    ],
    [
      set,
      { deployments: JSON.parse(`{ "__proto__": ${entry}, "web": ${entry} }`) as object },
      "deployments.__proto__",
    ],
  ];
  for (const [kind, more, property] of cases)
    expect(await propertiesOf(kind, scene, more)).toEqual([property]);
  expect(scene.github.requests).toEqual([]);
});

const six = Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`tag-${index}`, "x"]));
const badTags: [string, object, string[]][] = [
  ["a control character in a value", { team: "a\u0007" }, ["team"]],
  ["a control character in a key", { "te\0am": "a" }, ['["te\\u0000am"]']],
  ["half a surrogate pair in a value", { team: "\ud800" }, ["team"]],
  ["half a surrogate pair in a key", { "\udc00": "a" }, ['["\\udc00"]']],
  ["an empty key", { "": "a" }, ['[""]']],
];

test.each(badTags)(
  "19. bad tags, contradictions, and a record declared twice: %s",
  async (_what, tags, keys) => {
    const scene = await newSetScene();
    const named = (prefix: string) =>
      keys.map((key) => (key.startsWith("[") ? prefix + key : `${prefix}.${key}`));
    expect(await propertiesOf(record, scene, { tags })).toEqual(named("tags"));
    const deployments = { web: { ...deploymentAt(0), tags } };
    expect(await propertiesOf(set, scene, { deployments })).toEqual(named("deployments.web.tags"));
    expect(scene.github.requests).toEqual([]);
  },
);

test("19. bad tags, contradictions, and a record declared twice: a sixth tag", async () => {
  const scene = await newSetScene();
  expect(await record.check(scene, { ...record.inputs(), tags: six })).toEqual([
    { property: "tags", reason: "has 6 tags; 5 are allowed" },
  ]);
  // GitHub names no limit for the entries of a set.
  expect(await propertiesOf(set, scene, { deployments: { web: { ...deploymentAt(0), tags: six } } })).toEqual(
    [],
  );
});

/** Every place of the inputs, as a path. */
function placesOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [path];
  const inside = Object.entries(value).flatMap(([key, part]) => placesOf(part, [...path, key]));
  return path.length === 0 ? inside : [path, ...inside];
}

function withUnknown(value: unknown, [key, ...rest]: string[]): unknown {
  if (key === undefined) return UNKNOWN;
  const entries = Object.entries(value as object).map(([name, part]: [string, unknown]) => [
    name,
    name === key ? withUnknown(part, rest) : part,
  ]);
  return Array.isArray(value) ? entries.map(([, part]) => part) : Object.fromEntries(entries);
}

test.each(everyKind)(
  "20. unknown values: at every place of a $kind they pass, and nothing is sent",
  async ({ of }) => {
    const scene = await newSetScene();
    const places = placesOf(of.inputs());
    expect(places.length).toBeGreaterThan(5);
    for (const place of places) {
      const news = withUnknown(of.inputs(), place) as object;
      expect([place, await of.check(scene, news)]).toEqual([place, []]);
    }
    expect(scene.github.requests).toEqual([]);
  },
);

test.each(everyKind.filter(({ of }) => of !== set))(
  "20. unknown values: what is invalid once it is known fails before the request of a $kind",
  async ({ of }) => {
    const scene = await newSetScene();
    const digest = { digest: "sha256:1" };
    expect(await propertiesOf(of, scene, { digest: UNKNOWN })).toEqual([]);
    expect(await propertiesOf(of, scene, digest)).toEqual(["digest"]);
    const provider = of === record ? scene.record : scene.storage;
    const error = await failureOf(provider.create({ ...of.inputs(), ...digest } as never));
    expect(error.message).toMatch(/digest must be "sha256:"/);
    expect(bodiesOf(scene.github)).toEqual([]);
  },
);

test("20. unknown values: what is invalid once it is known, in a set, fails its check", async () => {
  const scene = await newSetScene();
  const entries = (digest: string) => ({ deployments: { web: { ...deploymentAt(0), digest } } });
  expect(await propertiesOf(set, scene, entries(UNKNOWN))).toEqual([]);
  expect(await propertiesOf(set, scene, entries("sha256:1"))).toEqual(["deployments.web.digest"]);
  expect(scene.github.requests).toEqual([]);
});
