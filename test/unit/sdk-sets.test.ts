/** What the SDK refuses while it can still be seen. */
import { refuseLostKeys } from "../../sdk/keys";

const lost = JSON.parse('{"shop":{"name":"web"},"__proto__":{"name":"web"}}') as object;
const nested = { "shop-web": { tags: JSON.parse('{"__proto__":"x"}') as object } };
const REFUSAL = 'ClusterDeploymentSet "fleet": deployments has a key "__proto__", which Pulumi cannot carry.';

test("a key that Pulumi would drop is refused by name, at any depth, now or once it is known", async () => {
  const refuse = (value: unknown) => refuseLostKeys('ClusterDeploymentSet "fleet"', "deployments", value);
  expect(() => refuse(lost)).toThrow(REFUSAL);
  expect(() => refuse(nested)).toThrow('deployments["shop-web"]["tags"] has a key "__proto__"');
  await expect(refuse(Promise.resolve(lost))).rejects.toThrow(REFUSAL);
});

test("every other key is carried over", () => {
  const fine = { constructor: 1, toString: { hasOwnProperty: 1 }, "": [] };
  expect(refuseLostKeys("x", "y", fine)).toBe(fine);
});
