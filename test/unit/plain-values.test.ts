/** Which nested values an error repeats: those that the constructor had in plain text, and nobody has changed since. */
import * as pulumi from "@pulumi/pulumi";
import { isRepeatable, plainHashes } from "../../provider/lifecycle/plain-values";
import { plainValues } from "../../sdk/plain-values";

const entry = { name: "web", tags: { team: "shop", tier: "web" }, runtimeRisks: ["internet-exposed"] };
const plain = (inputs: object) => plainValues(inputs).__plain;

test("what was plain in the program is repeated, whatever order its keys come back in", () => {
  const hashes = plain({ tags: entry.tags, version: undefined, deployments: { web: entry } });
  const back = {
    tags: { tier: "web", team: "shop" },
    deployments: { web: { runtimeRisks: entry.runtimeRisks, tags: entry.tags, name: "web" } },
  };
  expect(isRepeatable(back, ["tags", "team"], hashes)).toBe(true);
  expect(isRepeatable(back, ["deployments", "web", "tags", "team"], hashes)).toBe(true);
  expect(isRepeatable(back, ["deployments", "web", "runtimeRisks", 0], hashes)).toBe(true);
});

test("what has been changed since is not, as a transform can have put a secret there", () => {
  const hashes = plain({ tags: entry.tags, deployments: { web: entry } });
  expect(isRepeatable({ tags: { ...entry.tags, team: "other" } }, ["tags", "team"], hashes)).toBe(false);
  const changed = { deployments: { web: { ...entry, name: "other" }, added: { name: "x" } } };
  expect(isRepeatable(changed, ["deployments", "web", "name"], hashes)).toBe(false);
  expect(isRepeatable(changed, ["deployments", "added", "name"], hashes)).toBe(false);
});

test("an output, a promise, a resource and a cycle keep a group out, and only that group", () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  for (const one of [
    pulumi.secret("shop"),
    pulumi.output("shop"),
    Promise.resolve("shop"),
    new Date(),
    cycle,
    1n,
  ]) {
    expect(plain({ tags: { team: one } })).toBeUndefined();
    expect(plain({ tags: one })).toBeUndefined();
    const hashes = plain({ deployments: { web: entry, api: { ...entry, tags: { team: one } } } });
    expect(hashes).toBe(plainHashes({ deployments: { web: entry } }, () => true));
  }
});

test("nothing is repeated without hashes, or of what is not nested, which Pulumi prints itself", () => {
  for (const hashes of [undefined, "", 1, "short"])
    expect(isRepeatable({ tags: entry.tags }, ["tags", "team"], hashes)).toBe(false);
  const hashes = plain({ tags: entry.tags, deployments: { web: entry } });
  expect(isRepeatable({ tags: entry.tags }, ["tags"], hashes)).toBe(false);
  expect(isRepeatable({ deployments: { web: "x" } }, ["deployments", "web"], hashes)).toBe(false);
});
