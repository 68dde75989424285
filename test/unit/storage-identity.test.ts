import type { StorageAnswer } from "../../provider/github/schemas";
import { findStorage, storageIdentity } from "../../provider/storage-record/identity";
import type { StorageIdentity } from "../../provider/storage-record/identity";

const identity: StorageIdentity = {
  org: "acme",
  digest: "sha256:a",
  registryUrl: "https://ghcr.io",
  repository: "shop",
  artifactUrl: "https://ghcr.io/web",
  name: "web",
};

const listed = (more: Partial<StorageAnswer> = {}): StorageAnswer => ({
  id: "1",
  name: "web",
  digest: "sha256:a",
  artifact_url: "https://ghcr.io/web",
  registry_url: "https://ghcr.io",
  repository: "shop",
  status: "active",
  created_at: undefined,
  updated_at: undefined,
  ...more,
});

test("two records have one key where they differ in the organisation's case or the registry's slash alone", () => {
  const key = storageIdentity.key(identity);
  expect(storageIdentity.key({ ...identity, org: "ACME", registryUrl: "https://ghcr.io//" })).toBe(key);
  const others: Partial<StorageIdentity>[] = [
    { org: "other" },
    { digest: "sha256:b" },
    { registryUrl: "https://quay.io" },
    { repository: undefined },
    { path: "web" },
    { artifactUrl: undefined },
    { name: "api" },
  ];
  const keys = others.map((other) => storageIdentity.key({ ...identity, ...other }));
  expect(new Set([key, ...keys]).size).toBe(others.length + 1);
});

test.each([
  [{}, 'storage record "web" (https://ghcr.io, shop, https://ghcr.io/web) of acme'],
  [{ path: "a/web" }, 'storage record "web" (https://ghcr.io, shop, a/web) of acme'],
  [{ repository: undefined, artifactUrl: undefined }, 'storage record "web" (https://ghcr.io) of acme'],
])("a record is described by its name and what it has of places (%j)", (more, words) => {
  expect(storageIdentity.describe({ ...identity, ...more })).toBe(words);
});

test.each([
  ["the same", {}, true],
  ["the same, with a slash", { registry_url: "https://ghcr.io/" }, true],
  ["another name", { name: "api" }, false],
  ["another digest", { digest: "sha256:b" }, false],
  ["another registry", { registry_url: "https://quay.io" }, false],
  ["another repository", { repository: "other" }, false],
  ["an empty repository", { repository: "" }, false],
  ["no address", { artifact_url: undefined }, false],
])("a listed storage record with %s", (_what, more, found) => {
  expect(findStorage(identity, [listed(more)]) !== undefined).toBe(found);
});

test.each([undefined, ""])(
  "a record without repository and address is found where the answer has %j",
  (absent) => {
    const bare = { ...identity, repository: undefined, artifactUrl: undefined };
    const record = listed({ repository: absent, artifact_url: absent });
    expect(findStorage(bare, [listed(), record])).toBe(record);
  },
);
