/** The life of a record: every step leaves exactly the records that are declared, with no write too many. */
import { changed, decommissioned, record, stored, type Args } from "./support/declarations";
import { onLong } from "./support/long";
import { newScene } from "./support/scene";

test("a record is created, kept, and decommissioned when it is taken out", async () => {
  const web = record("web", { tags: { team: "shop" }, runtimeRisks: ["internet-exposed"] });
  const api = record("api");
  const { preview, up, destroy, records } = await newScene();

  expect(await preview([web, api])).toMatchObject({ plan: ["create api", "create web"], requests: [] });
  expect(records()).toEqual([]);

  expect(await up()).toMatchObject({ plan: ["create api", "create web"], written: 2 });
  expect(records()).toEqual([stored(api), stored(web)]);

  expect(await up()).toMatchObject({ plan: [], requests: [] });
  expect(await preview()).toMatchObject({ plan: [], requests: [] });

  expect(await preview([web])).toMatchObject({ plan: ["delete api"], requests: [] });
  expect(await up([web])).toMatchObject({ plan: ["delete api"], writes: 1, warnings: [] });
  expect(records()).toEqual([decommissioned(api), stored(web)]);
  expect(await up([web])).toMatchObject({ plan: [], requests: [] });

  expect(await destroy()).toMatchObject({ plan: ["delete web"], writes: 1, warnings: [] });
  expect(records()).toEqual([decommissioned(api), decommissioned(web)]);
});

describe("a change", () => {
  const full = {
    tags: { team: "shop", tier: "web" },
    runtimeRisks: ["internet-exposed", "sensitive-data"],
    githubRepository: "source",
  };
  /** By the name of the field that changes. */
  const updates: Record<string, Partial<Args>> = {
    name: { name: "ghcr.io/acme/renamed" },
    digest: { digest: `sha256:${"d9".repeat(32)}` },
    version: { version: "1.0.1" },
    status: { status: "decommissioned" },
    "tag-changed": { tags: { team: "web", tier: "web" } },
    "tag-removed": { tags: { team: "shop" } },
    "tags-removed": { tags: undefined },
    risks: { runtimeRisks: ["lateral-movement"] },
    "risks-removed": { runtimeRisks: undefined },
    repository: { githubRepository: "other" },
  };
  const replacements: Record<string, Partial<Args>> = {
    org: { org: "globex" },
    logical: { logicalEnvironment: "staging" },
    physical: { physicalEnvironment: "us-east-1" },
    "physical-removed": { physicalEnvironment: undefined },
    cluster: { cluster: "prod-us" },
    "cluster-removed": { cluster: undefined },
    deployment: { deploymentName: "shop-renamed" },
  };
  const cases = (changes: Record<string, Partial<Args>>) => {
    const names = Object.keys(changes).sort();
    const before = names.map((name) => record(name, full));
    return { names, before, after: before.map((each) => changed(each, changes[each.name] ?? {})) };
  };

  test("of each field that does not identify the record updates it in place", async () => {
    const { names, before, after } = cases(updates);
    const { preview, up, records } = await newScene();
    await up(before);

    const plan = names.map((name) => `update ${name}`);
    expect(await preview(after)).toMatchObject({ plan, requests: [] });
    expect(await up()).toMatchObject({ plan, written: names.length, warnings: [] });
    expect(records()).toEqual(after.map((each) => stored(each)));
    expect(await up()).toMatchObject({ plan: [], requests: [] });
  });

  onLong("of each field that identifies the record replaces it", async () => {
    const { names, before, after } = cases(replacements);
    const { preview, up, records } = await newScene();
    await up(before);

    const planned = await preview(after);
    expect(planned.plan.filter((step) => step.startsWith("replace "))).toEqual(
      names.map((name) => `replace ${name}`),
    );
    expect(planned.requests).toEqual([]);
    expect(await up()).toMatchObject({ written: 2 * names.length, warnings: [] });
    const expected = [...before.map(decommissioned), ...after.map((each) => stored(each))];
    expect(sorted(records())).toEqual(sorted(expected));
    expect(await up()).toMatchObject({ plan: [], requests: [] });
  });

  onLong("of the organisation's case, or of the risks' order, is none", async () => {
    const web = record("web", { ...full, org: "acme" });
    const { preview, up, records } = await newScene();
    await up([web]);

    const same = changed(web, { org: "ACME", runtimeRisks: [...full.runtimeRisks].reverse() });
    expect(await preview([same])).toMatchObject({ plan: [], requests: [] });
    expect(await up()).toMatchObject({ plan: [], requests: [] });
    expect(records()).toEqual([stored(web)]);
  });
});

test("22. renamed, moved or replaced: a renamed resource keeps its record deployed, exactly once", async () => {
  const web = record("web", { tags: { team: "shop" } });
  const { up, records } = await newScene();
  await up([web]);

  const renamed = { ...web, name: "storefront" };
  const { plan, warnings } = await up([renamed]);
  expect(plan).toEqual(["create storefront", "delete web"]);
  expect(warnings).toEqual([]);
  expect(records()).toEqual([stored(web)]);
  expect(await up()).toMatchObject({ plan: [], requests: [] });
});

const sorted = <T>(list: T[]): T[] =>
  [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
