/** Pulumi's own resource options, on records. */
import {
  changed,
  component,
  decommissioned,
  digestOf,
  record,
  stored,
  urnOf,
  type RecordDeclaration,
} from "./support/declarations";
import { newScene } from "./support/scene";
import { onLong } from "./support/long";

test("a protected record is not removed until it is unprotected", async () => {
  const web = record("web", {}, { protect: true });
  const { up, records } = await newScene();
  await up([web]);

  const { errors, requests } = await up([], { exitCode: 1 });
  expect(errors.join("\n")).toMatch(/protect/);
  expect(requests).toEqual([]);
  expect(records()).toEqual([stored(web)]);

  const unprotected = { ...web, options: { protect: false } };
  expect(await up([unprotected])).toMatchObject({ plan: [], requests: [] });
  expect(await up([])).toMatchObject({ plan: ["delete web"], writes: 1 });
  expect(records()).toEqual([decommissioned(web)]);
});

onLong("each option does what it does for other resources", async () => {
  const retained = record("retained", {}, { retainOnDelete: true });
  const ignoring = record("ignoring", { tags: { team: "shop" } }, { ignoreChanges: ["tags", "version"] });
  const first = record("first");
  const second = record("second", {}, { dependsOn: ["first"] });
  const inside = record("inside", {}, { parent: "service" });
  const declared = [retained, ignoring, first, second, component("service"), inside];
  const { up, records } = await newScene();

  const created = await up(declared);
  const order = created.requests.map(({ body }) => (body as { deployment_name: string }).deployment_name);
  expect(order.indexOf("shop-first")).toBeLessThan(order.indexOf("shop-second"));

  const ignored = changed(ignoring, { tags: { team: "web" }, version: "2.0.0" });
  const seen = changed(ignored, { digest: digestOf("next") });
  // The component takes another name: an alias keeps what is inside.
  const moved = {
    ...inside,
    options: { parent: "shop", aliases: [{ parent: urnOfComponent("service") }] },
  };
  const renamed = component("shop", { aliases: [{ name: "service" }] });
  const rest = [first, second, renamed, moved];
  const unchanged = await up([retained, ignored, ...rest]);
  expect(unchanged.plan).toEqual([]);
  expect(unchanged.requests).toEqual([]);

  const { plan, writes, warnings } = await up([seen, ...rest]);
  expect(plan).toEqual(["update ignoring", "delete retained"]);
  expect({ writes, warnings }).toEqual({ writes: 1, warnings: [] });
  const expected = [
    stored(first),
    stored(ignoring, { digest: digestOf("next") }),
    stored(inside),
    stored(retained),
    stored(second),
  ];
  expect(records()).toEqual(expected);

  const removed = await up([seen]);
  const names = removed.requests
    .filter(({ method }) => method === "POST")
    .map(({ body }) => (body as { deployment_name: string }).deployment_name);
  expect(names.indexOf("shop-second")).toBeLessThan(names.indexOf("shop-first"));
  expect(removed.plan).toEqual(["delete first", "delete inside", "delete second", "delete shop"]);
});

test("a replacement with the same identity leaves the record deployed", async () => {
  const after = record("after", { tags: { team: "shop" } });
  const before = record("before", { tags: { team: "shop" } }, { deleteBeforeReplace: true });
  const { up, records } = await newScene();
  await up([after, before]);

  const { warnings, plan } = await up([after, before], { replace: [urnOf("after"), urnOf("before")] });
  // Of a deletion before its create: that Pulumi asks for the create next is not certain.
  expect(warnings).toEqual([expect.stringMatching(/"shop-before".* stays as it is: .*writes it next/)]);
  expect(plan).toContain("replace after");
  expect(plan).toContain("replace before");
  expect(records()).toEqual([stored(after), stored(before)]);
  expect(await up()).toMatchObject({ plan: [], requests: [] });
});

onLong("two resources that swap their records keep both deployed", async () => {
  const [one, two] = [record("one"), record("two")];
  const { up, records } = await newScene();
  await up([one, two]);

  const swapped: RecordDeclaration[] = [
    { ...one, args: two.args },
    { ...two, args: one.args },
  ];
  expect(await up(swapped)).toMatchObject({ warnings: [] });
  expect(records()).toEqual([stored(one), stored(two)]);
  expect(await up()).toMatchObject({ plan: [], requests: [] });
});

const urnOfComponent = (name: string) => `urn:pulumi:dev::shop::shop:index:Service::${name}`;
