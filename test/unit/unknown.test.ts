import { UNKNOWN } from "../../provider/lifecycle/check";
import { deploymentIdentity } from "../../provider/deployment-record/identity";
import { checkAnything, newProvider, recordInputs } from "../support/provider";

const everything = () => ({
  ...recordInputs({ version: "1.4.2", githubRepository: "shop" }),
  tags: { team: "shop", stage: "live" },
  runtimeRisks: ["internet-exposed", "sensitive-data"],
});
type Everything = Record<string, unknown>;

async function check(news: Everything) {
  return checkAnything((await newProvider()).provider, news);
}

const places: [string, (record: Everything) => Everything][] = [
  ...Object.keys(everything()).map((name): [string, (record: Everything) => Everything] => [
    name,
    (record) => ({ ...record, [name]: UNKNOWN }),
  ]),
  ["tags.team", (record) => ({ ...record, tags: { team: UNKNOWN, stage: "live" } })],
  ["runtimeRisks[0]", (record) => ({ ...record, runtimeRisks: [UNKNOWN, "sensitive-data"] })],
  ["runtimeRisks[0] and [1]", (record) => ({ ...record, runtimeRisks: [UNKNOWN, UNKNOWN] })],
];

test.each(places)("an unknown value at %s passes, and is kept", async (_place, put) => {
  const record = put(everything());
  const { inputs, failures } = await check(record);
  expect(failures).toEqual([]);
  expect(inputs).toEqual(record);
});

test("a record of which nothing is known passes", async () => {
  const record = Object.fromEntries(Object.keys(everything()).map((name) => [name, UNKNOWN]));
  expect((await check(record)).failures).toEqual([]);
});

test.each(places.filter(([place]) => place !== "name"))(
  "while %s is unknown, the other fields are checked",
  async (_place, put) => {
    const { failures } = await check({ ...put(everything()), name: "" });
    expect(failures.map(({ property }) => property)).toEqual(["name"]);
  },
);

test("beside an unknown value, the known ones of the same map or list are checked", async () => {
  const tags = { a: UNKNOWN, b: 1, c: "", "d\0": UNKNOWN, e: "\0" };
  const { failures } = await check({ ...everything(), tags, runtimeRisks: [UNKNOWN, "none"] });
  expect(failures.map(({ property }) => property).sort()).toEqual(["runtimeRisks[1]", "tags.b", "tags.e"]);
  const six = Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`key${index}`, UNKNOWN]));
  expect((await check({ ...everything(), tags: six })).failures).toEqual([
    { property: "tags", reason: "has 6 tags; 5 are allowed" },
  ]);
});

test("a field that is missing is missed, whatever else is unknown", async () => {
  const record = { ...everything(), digest: UNKNOWN, name: undefined };
  expect((await check(record)).failures).toEqual([{ property: "name", reason: "is required" }]);
});

test("a text that only holds the mark of an unknown value is a text", async () => {
  const { failures } = await check({ ...everything(), digest: `sha256:${UNKNOWN}` });
  expect(failures.map(({ property }) => property)).toEqual(["digest"]);
});

test("of a record whose identity is not known, nothing is claimed", async () => {
  const { provider, host } = await newProvider();
  const claimed = jest.spyOn(host.declarations, "declare");
  await checkAnything(provider, { ...everything(), cluster: UNKNOWN });
  expect(claimed).not.toHaveBeenCalled();
  await checkAnything(provider, { ...everything(), digest: UNKNOWN });
  expect(claimed).toHaveBeenCalledWith(deploymentIdentity.key(recordInputs()), "as new");
});
