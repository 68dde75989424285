/** Which nested values an error repeats: those that the constructor had in plain text, and nobody has changed since. */
import * as pulumi from "@pulumi/pulumi";
import { plainHashes, repeatableIn } from "../../provider/lifecycle/plain-values";
import { plainValues } from "../../sdk/plain-values";

const entry = { name: "web", tags: { team: "shop", tier: "web" }, runtimeRisks: ["internet-exposed"] };
const plain = (inputs: object) => plainValues(inputs).__plain;

test("what was plain in the program is repeated, whatever order its keys come back in", () => {
  const hashes = plain({ tags: entry.tags, version: undefined, deployments: { web: entry } });
  const back = {
    tags: { tier: "web", team: "shop" },
    deployments: { web: { runtimeRisks: entry.runtimeRisks, tags: entry.tags, name: "web" } },
  };
  expect(repeatableIn(back, hashes)(["tags", "team"])).toBe(true);
  expect(repeatableIn(back, hashes)(["deployments", "web", "tags", "team"])).toBe(true);
  expect(repeatableIn(back, hashes)(["deployments", "web", "runtimeRisks", 0])).toBe(true);
});

test("what has been changed since is not, as a transform can have put a secret there", () => {
  const hashes = plain({ tags: entry.tags, deployments: { web: entry } });
  expect(repeatableIn({ tags: { ...entry.tags, team: "other" } }, hashes)(["tags", "team"])).toBe(false);
  const changed = { deployments: { web: { ...entry, name: "other" }, added: { name: "x" } } };
  expect(repeatableIn(changed, hashes)(["deployments", "web", "name"])).toBe(false);
  expect(repeatableIn(changed, hashes)(["deployments", "added", "name"])).toBe(false);
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
    expect(repeatableIn({ tags: entry.tags }, hashes)(["tags", "team"])).toBe(false);
  const hashes = plain({ tags: entry.tags, deployments: { web: entry } });
  expect(repeatableIn({ tags: entry.tags }, hashes)(["tags"])).toBe(false);
  expect(repeatableIn({ deployments: { web: "x" } }, hashes)(["deployments", "web"])).toBe(false);
});
