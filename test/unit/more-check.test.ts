import { z } from "zod";
import { holdsUnknown, parseOrThrow, UNKNOWN } from "../../provider/lifecycle/check";
import { deploymentAt, newSetScene, setOf } from "../support/sets";

async function checkOf(deployments: unknown) {
  const scene = await newSetScene();
  const news = { ...setOf({}), deployments } as ReturnType<typeof setOf>;
  const { inputs, failures } = await scene.set.check({} as typeof news, news);
  return { deployments: (inputs as { deployments?: unknown }).deployments, failures };
}

test.each([
  [undefined, "is required"],
  [null, "is required"],
  ["web", "must be a map"],
  [[deploymentAt(0)], "must be a map"],
])("deployments that are %j fail with the reason", async (value, reason) => {
  const { deployments, failures } = await checkOf(value);
  expect(failures).toEqual([{ property: "deployments", reason }]);
  expect(deployments).toEqual(value ?? undefined);
});

test.each([["ghcr.io/acme/web"], [null], [[]]])(
  "an entry that is %j is told what an entry has",
  async (entry) => {
    const { deployments, failures } = await checkOf({ "shop-web": entry });
    expect(failures).toEqual([
      {
        property: 'deployments["shop-web"]',
        reason: expect.stringMatching(/^must have name, digest, version, .*, tags, /) as string,
      },
    ]);
    expect(deployments).toEqual({ "shop-web": entry });
  },
);

test("what an entry does not have is refused at the entry, also what Pulumi keeps of the provider", async () => {
  const entry = { ...deploymentAt(0), __provider: "code", image: "web" };
  const { failures } = await checkOf({ web: entry });
  expect(failures).toEqual(
    ["image", "__provider"].sort().map((name) => ({
      property: `deployments.web.${name}`,
      reason: expect.stringMatching(
        /^is not a property of deployments\.web; it has name, digest, /,
      ) as string,
    })),
  );
});

test("a deployment whose name is not allowed is told so, and is checked all the same", async () => {
  const { failures } = await checkOf({ "": { ...deploymentAt(0), digest: "a" } });
  expect(failures).toEqual([
    { property: 'deployments[""]', reason: expect.stringMatching(/^its name must have 1 to/) as string },
    { property: 'deployments[""].digest', reason: expect.stringMatching(/sha256/) as string },
  ]);
});

test("an unknown value is found at any depth, and null holds none", () => {
  expect([UNKNOWN, [UNKNOWN], { a: [{ b: UNKNOWN }] }].map(holdsUnknown)).toEqual([true, true, true]);
  expect([null, undefined, 1, "", { a: null, b: [null] }].map(holdsUnknown)).not.toContain(true);
});

test("what no check has seen fails with all of its problems", () => {
  const schema = z.object({ org: z.string("must be a text"), digest: z.string("must be a digest") });
  expect(() => parseOrThrow("set", schema, { org: 1 })).toThrow(
    "The set is not valid: org must be a text; digest must be a digest.",
  );
  expect(parseOrThrow("set", schema, { org: "acme", digest: "a", more: 1 })).toEqual({
    org: "acme",
    digest: "a",
  });
});
