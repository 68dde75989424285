import { createRunContext } from "../../provider/create-run-context";
import { storageRecordProvider } from "../../provider/storage-record";
import { checkAnything, configOf, newProvider, recordInputs } from "../support/provider";
import { libfoo } from "../support/storage";

// What GitHub's description allows and this package refuses, because it cannot be carried, shown or told apart.
const texts = [
  "org",
  "name",
  "digest",
  "version",
  "logicalEnvironment",
  "physicalEnvironment",
  "cluster",
  "deploymentName",
  "githubRepository",
];

async function failuresOf(news: Record<string, unknown>) {
  return (await checkAnything((await newProvider()).provider, { ...recordInputs(), ...news })).failures;
}
async function storageFailuresOf(news: Record<string, unknown>) {
  const host = createRunContext({ environment: {}, warn: () => undefined });
  host.configure(configOf({}));
  return (await storageRecordProvider(host).check?.(libfoo, { ...libfoo, ...news }))?.failures;
}
const refusal = (property: string, reason: RegExp) => ({
  property,
  reason: expect.stringMatching(reason) as string,
});

test.each(texts)("%s: an empty text is refused, also where it is optional", async (name) => {
  expect(await failuresOf({ [name]: "" })).toEqual([refusal(name, /must have 1 to|must be "sha256:"/)]);
});

describe.each(["org", "cluster"])("%s goes into the request's path", (name) => {
  const hostile = [".", "..", "acme/widgets", "/", "acme%2fwidgets", "%", "%00", "acme\0", "../acme"];
  test.each(hostile.map((text) => [JSON.stringify(text), text]))("%s is refused", async (_shown, text) => {
    expect(await failuresOf({ [name]: text })).toEqual([refusal(name, /^must |control character/)]);
  });
});

test.each(["acme corp", "acme.inc", "acmé", "a".repeat(101)])("org: %s is no login", async (org) => {
  expect(await failuresOf({ org })).toEqual([refusal("org", /login|100/)]);
});

test.each(["v1...", "a.b", "…", "prod eu", "prod?x#y", "\\", "x".repeat(128)])(
  "cluster: %s is allowed",
  async (cluster) => expect(await failuresOf({ cluster })).toEqual([]),
);

describe.each(texts)("%s", (name) => {
  test.each(["\0", "\u0007", "\n", "\r", "\t", "\u001b", "\u007f", "\u0085"])(
    "the control character %j is refused wherever it stands",
    async (control) => {
      for (const text of [`${control}ab`, `a${control}b`, `ab${control}`])
        expect(await failuresOf({ [name]: text })).toEqual([refusal(name, /^(contains a control|must be)/)]);
    },
  );

  test.each(["\ud800", "\udc00", "\udc00\ud800"])("half a surrogate pair, %j, is refused", async (half) => {
    for (const text of [half, `a${half}`, `${half}a`])
      expect(await failuresOf({ [name]: text })).toEqual([refusal(name, /^(contains an unpaired|must )/)]);
  });
});

describe("tags", () => {
  test("a key is named by its path, and why it is refused", async () => {
    expect(await failuresOf({ tags: { "": "x" } })).toEqual([refusal('tags[""]', /key is empty/)]);
    expect(await failuresOf({ tags: { "a\nb": "x" } })).toEqual([
      refusal('tags["a\\nb"]', /key contains a control character/),
    ]);
    expect(await failuresOf({ tags: { "a\ud800": "x" } })).toEqual([
      refusal('tags["a\\ud800"]', /key contains an unpaired surrogate/),
    ]);
  });

  test("a value that cannot be carried is named by its key", async () => {
    expect(await failuresOf({ tags: { plain: "a\0b", "with space": "\ud800", fine: "" } })).toEqual([
      refusal("tags.plain", /^contains a control character/),
      refusal('tags["with space"]', /^contains an unpaired surrogate/),
    ]);
  });

  test.each(["url", "method", "headers", "baseUrl", "request", "constructor", "toString", "__provider"])(
    "the key %s is a tag like any other",
    async (key) => {
      const { inputs, failures } = await checkAnything((await newProvider()).provider, {
        ...recordInputs(),
        tags: { [key]: "x" },
      });
      expect(failures).toEqual([]);
      expect(inputs.tags).toStrictEqual({ [key]: "x" });
    },
  );

  test("the key __proto__ is refused, not dropped: JavaScript cannot keep it", async () => {
    const tags: unknown = JSON.parse('{ "__proto__": "x", "team": "shop" }');
    expect(await failuresOf({ tags })).toEqual([refusal("tags.__proto__", /^cannot be a tag's key$/)]);
  });
});

test.each(["physical_environment", "Cluster", "recordId", "status ", "constructor", "0", "a.b"])(
  "%s is no property, and the refusal names those that are",
  async (name) => {
    const path = /^[A-Za-z_]+$/.test(name) ? name : `[${JSON.stringify(name)}]`;
    expect(await failuresOf({ [name]: "x" })).toEqual([
      refusal(path, /it has org, name, .*githubRepository$/),
    ]);
  },
);

test("every failure of a record is reported at once", async () => {
  const failures = await failuresOf({
    name: "",
    digest: "sha256:1234",
    status: "running",
    runtimeRisks: ["internet-exposed", "none", "internet-exposed", 5],
    tags: { a: 1, b: 2 },
    clusters: "x",
  });
  expect(failures.map(({ property }) => property)).toEqual([
    "name",
    "digest",
    "status",
    "tags.a",
    "tags.b",
    "runtimeRisks[1]",
    "runtimeRisks[3]",
    "clusters",
  ]);
});

test("no reason repeats the value: it may be a secret", async () => {
  const secret = "hunter2";
  const values: Record<string, unknown> = {
    ...Object.fromEntries(texts.map((name) => [name, `${secret}/\0${secret.repeat(60)}`])),
    status: secret,
    runtimeRisks: [secret, secret],
    tags: Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`key${index}`, `${secret}\0`])),
  };
  const failures = await failuresOf(values);
  expect(failures.length).toBeGreaterThanOrEqual(texts.length + 3);
  expect(JSON.stringify(failures)).not.toContain(secret);
});

test.each([
  ["artifactUrl", "http://reg.example.com/?of=https://reg.example.com", /^must begin with https:/],
  ["artifactUrl", "https://[reg", /^must be a URL$/],
])("a storage record's %s: %s is refused", async (name, value, reason) => {
  expect(await storageFailuresOf({ [name]: value })).toEqual([refusal(name, reason)]);
});

test("a risk that is none: all that there are are named", async () => {
  expect(await failuresOf({ runtimeRisks: ["public"] })).toEqual([
    refusal(
      "runtimeRisks[0]",
      / "critical-resource", "internet-exposed", "lateral-movement", "sensitive-data"$/,
    ),
  ]);
});
