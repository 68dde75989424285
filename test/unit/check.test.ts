import { propertyPath } from "../../provider/lifecycle/check";
import { checkAnything, newProvider, recordInputs } from "../support/provider";

test("the default of status is filled in, so that it stands in the inputs", async () => {
  const record = { ...recordInputs(), status: undefined };
  const { inputs, failures } = await checkAnything((await newProvider()).provider, record);
  expect(failures).toEqual([]);
  expect(inputs).toStrictEqual({ ...record, status: "deployed" });
});

test("nothing is filled in but the default", async () => {
  const minimal = {
    org: "acme",
    name: "web",
    digest: `sha256:${"0".repeat(64)}`,
    logicalEnvironment: "production",
    deploymentName: "web",
  };
  const { inputs } = await checkAnything((await newProvider()).provider, minimal);
  expect(inputs).toStrictEqual({ ...minimal, status: "deployed" });
});

test("what a check gives passes a check unchanged", async () => {
  const { provider } = await newProvider();
  const tags = { team: "shop" };
  const first = await checkAnything(provider, {
    ...recordInputs({ tags }),
    status: undefined,
    version: null,
  });
  const second = await checkAnything(provider, first.inputs);
  expect(second).toStrictEqual({ inputs: first.inputs, failures: [] });
});

test("a record that fails is given back as it was declared", async () => {
  const record = { ...recordInputs(), name: "", tags: { a: 1 } };
  const { inputs, failures } = await checkAnything((await newProvider()).provider, record);
  expect(failures).toHaveLength(2);
  expect(inputs).toEqual(record);
});

test("a record that fails claims nothing", async () => {
  const { provider, host } = await newProvider();
  const claimed = jest.spyOn(host.declarations, "declare");
  await checkAnything(provider, { ...recordInputs(), name: "" });
  expect(claimed).not.toHaveBeenCalled();
});

test("what Pulumi keeps of the provider is no property of the record", async () => {
  const record = { ...recordInputs(), __provider: "exports.handler = …" };
  const { inputs, failures } = await checkAnything((await newProvider()).provider, record);
  expect(failures).toEqual([]);
  expect(inputs).toStrictEqual(recordInputs());
});

test.each([
  [["digest"], "digest"],
  [["runtimeRisks", 1], "runtimeRisks[1]"],
  [["tags", "team"], "tags.team"],
  [["tags", "a b"], 'tags["a b"]'],
  [["tags", "0"], 'tags["0"]'],
  [["tags", 'a"b'], 'tags["a\\"b"]'],
  [["deployments", "shop-web-web", "digest"], 'deployments["shop-web-web"].digest'],
  [["a b"], '["a b"]'],
])("the path %j is written %s", (path, written) => {
  expect(propertyPath(path)).toBe(written);
});
