/** What the SDK refuses while it can still be seen. */
import * as pulumi from "@pulumi/pulumi";
import { rejectProtoKeys } from "../../sdk/keys";

const lost = JSON.parse('{"shop":{"name":"web"},"__proto__":{"name":"web"}}') as object;
const nested = { "shop-web": { tags: JSON.parse('{"__proto__":"x"}') as object } };
const REFUSAL = 'ClusterDeploymentSet "fleet": deployments has a key "__proto__", which Pulumi cannot carry.';

test("18. hostile keys: one that Pulumi would drop is refused by name, at any depth, now or once it is known", async () => {
  const refuse = (value: unknown) => rejectProtoKeys('ClusterDeploymentSet "fleet"', "deployments", value);
  expect(() => refuse(lost)).toThrow(REFUSAL);
  expect(() => refuse(nested)).toThrow('deployments["shop-web"]["tags"] has a key "__proto__"');
  await expect(refuse(Promise.resolve(lost))).rejects.toThrow(REFUSAL);
});

/** An output whose value is there at once: a real one that fails ends the process, as it is to end the program. */
const known = <T>(value: T) => ({
  __pulumiOutput: true,
  apply: (then: (value: T) => unknown) => then(value),
});

test("an entry, a part of it or its tags that are outputs are looked into once they are known", async () => {
  const refuse = <T>(value: T) => rejectProtoKeys('ClusterDeploymentSet "fleet"', "deployments", value);
  const tags = JSON.parse('{"__proto__":"x"}') as object;
  const isRefused = 'ClusterDeploymentSet "fleet": deployments["shop-web"]["tags"] has a key "__proto__"';
  for (const deployments of [
    { "shop-web": known({ tags }) },
    { "shop-web": { tags: known(tags) } },
    known({ "shop-web": known({ tags: known(tags) }) }),
  ])
    expect(() => refuse(deployments)).toThrow(isRefused);
  await expect(refuse({ "shop-web": Promise.resolve({ tags }) })["shop-web"]).rejects.toThrow(isRefused);
});

test("outputs that hold no such key are carried over", async () => {
  const later = <T>(value: T) => pulumi.output("known").apply(() => value);
  const fine = { "shop-web": later({ tags: { team: later("shop") } }), list: [later("a"), "b"] };
  const carried = await new Promise((resolve) =>
    pulumi.output(rejectProtoKeys("x", "y", fine)).apply(resolve),
  );
  expect(carried).toEqual({ "shop-web": { tags: { team: "shop" } }, list: ["a", "b"] });
});

test("every other key is carried over", () => {
  const fine = { constructor: 1, toString: { hasOwnProperty: 1 }, "": [] };
  expect(rejectProtoKeys("x", "y", fine)).toBe(fine);
});
