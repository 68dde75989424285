import { UNKNOWN } from "../../provider/lifecycle/check";
import { deploymentIdentity } from "../../provider/deployment-record/identity";
import type { Inputs, Outputs } from "../../provider/deployment-record";
import { newProvider, OTHER_DIGEST, recordInputs } from "../support/provider";

const declared = () =>
  recordInputs({
    version: "1.4.2",
    tags: { team: "shop", stage: "live" },
    runtimeRisks: ["sensitive-data", "internet-exposed"],
    githubRepository: "shop",
  });

/** What the state keeps of the record: its inputs without its identity, and what GitHub said. */
function saved(inputs: Inputs): Outputs {
  const entries = Object.entries(inputs).filter(
    ([name]) => !(deploymentIdentity.fields as readonly string[]).includes(name),
  );
  return {
    ...(Object.fromEntries(entries) as unknown as Outputs),
    recordId: "1",
    updatedAt: "2026-01-01T00:00:00Z",
  };
}

async function diff(news: Partial<Record<keyof Inputs, unknown>>, olds: Partial<Outputs> = {}) {
  const { provider } = await newProvider();
  const id = deploymentIdentity.format(declared());
  return provider.diff(id, { ...saved(declared()), ...olds }, {
    ...declared(),
    ...news,
  } as Inputs);
}
const none = { changes: false, replaces: [], deleteBeforeReplace: false };
const update = { ...none, changes: true };

test("a record that is declared as it was written does not change", async () => {
  expect(await diff({})).toEqual(none);
});

test.each([
  ["name", "other"],
  ["digest", OTHER_DIGEST],
  ["version", "1.4.3"],
  ["version", undefined],
  ["status", "decommissioned"],
  ["tags", { team: "shop" }],
  ["tags", { team: "shop", stage: "test" }],
  ["tags", undefined],
  ["runtimeRisks", ["sensitive-data"]],
  ["runtimeRisks", undefined],
  ["githubRepository", "other"],
  ["githubRepository", undefined],
])("another %s (%j) updates the record in place", async (name, value) => {
  expect(await diff({ [name]: value })).toEqual(update);
});

test.each([
  ["org", "other"],
  ["logicalEnvironment", "staging"],
  ["logicalEnvironment", "Production"],
  ["physicalEnvironment", "eu-west-2"],
  ["physicalEnvironment", undefined],
  ["cluster", "prod-us"],
  ["cluster", undefined],
  ["deploymentName", "Shop-web-web"],
])("another %s (%j) replaces the record", async (name, value) => {
  expect(await diff({ [name]: value })).toEqual({ ...update, replaces: [name] });
});

test("every part of the identity that changed is named", async () => {
  const news = Object.fromEntries(deploymentIdentity.fields.map((field) => [field, `${declared()[field]}2`]));
  expect(await diff(news)).toEqual({ ...update, replaces: [...deploymentIdentity.fields] });
});

test("the old record is not deleted first: its removal decides by what was written since", async () => {
  expect((await diff({ cluster: "prod-us" })).deleteBeforeReplace).toBe(false);
});

test("the case of the organisation is no change", async () => {
  expect(await diff({ org: "ACME" })).toEqual(none);
});

test("the order of risks and of tags is no change", async () => {
  expect(await diff({ runtimeRisks: ["internet-exposed", "sensitive-data"] })).toEqual(none);
  expect(await diff({ tags: { stage: "live", team: "shop" } })).toEqual(none);
});

test("null, as Pulumi may carry what is absent, is absent", async () => {
  const absent = { version: undefined, githubRepository: undefined };
  expect(await diff({ version: null, githubRepository: null }, absent)).toEqual(none);
});

test.each(["name", "digest", "version", "tags", "runtimeRisks"])(
  "a %s that is not known yet is a change",
  async (name) => expect(await diff({ [name]: UNKNOWN })).toEqual(update),
);

test("a tag or a risk that is not known yet is a change", async () => {
  expect(await diff({ tags: { team: UNKNOWN, stage: "live" } })).toEqual(update);
  expect(await diff({ runtimeRisks: ["sensitive-data", UNKNOWN] })).toEqual(update);
});

test.each([...deploymentIdentity.fields])("a %s that is not known yet replaces the record", async (name) => {
  expect(await diff({ [name]: UNKNOWN })).toEqual({ ...update, replaces: [name] });
});

test.each(["not listed", "not recorded"] as const)("a record that is %s is written again", async (status) => {
  expect(await diff({}, { status })).toEqual(update);
});

test("what GitHub said of the record is compared with nothing", async () => {
  expect(await diff({}, { recordId: "2", attestationId: "3", createdAt: "x", updatedAt: "y" })).toEqual(none);
});
