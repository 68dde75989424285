/** What a user is told of a value that is not allowed. */
import * as fields from "../../provider/lifecycle/fields";

const reasonsOf = (field: keyof typeof fields, value: unknown) =>
  fields[field].safeParse(value).error?.issues.map(({ message }) => message);

const long = (count: number) => "😀".repeat(count);

test.each([
  [
    "org",
    undefined,
    "is required: name it here, or for all records with `pulumi config set artifact-metadata:org`",
  ],
  ["org", 1, "must be a string"],
  ["org", "a b", "must be an organisation's login: letters, digits, hyphens"],
  ["version", "", "must have 1 to 100 characters"],
  ["version", long(101), "has 101 characters; 1 to 100 are allowed"],
  ["digest", undefined, "is required"],
  ["digest", 1, "must be a string"],
  ["digest", `a sha256:${"a".repeat(64)}`, 'must be "sha256:" and 64 hexadecimal digits in lower case'],
  ["deploymentStatus", "gone", 'must be "deployed" or "decommissioned"'],
  ["storageStatus", "gone", 'must be "active", "eol" or "deleted"'],
  ["cluster", "a/b", 'must not be "." or "..", and must not contain a slash or a percent sign'],
  ["clusterInPath", "a b", 'must have only letters, digits, ".", "_" and "-", and be neither "." nor ".."'],
  ["clusterInPath", " a", 'must have only letters, digits, ".", "_" and "-", and be neither "." nor ".."'],
  [
    "githubRepository",
    "a/b",
    "must be the repository's name without its owner: letters, digits, `.`, `-` and `_`",
  ],
  ["runtimeRisks", "a", "must be a list"],
  ["tags", "a", "must be a map from tag to value"],
  ["tags", { "": "a" }, "the tag's key is empty"],
  ["registryUrl", "http://ghcr.io", "must begin with https://"],
] as const)("%s: of %j it is said: %s", (field, value, reason) => {
  expect(reasonsOf(field, value)).toEqual([reason]);
});

test.each([
  ["version", long(100)],
  ["cluster", "..a"],
  ["cluster", ".a"],
  ["clusterInPath", "..a"],
  ["clusterInPath", "a.b_c-1"],
  ["tags", { team: "" }],
] as const)("%s may be %j", (field, value) => {
  expect(reasonsOf(field, value)).toBeUndefined();
});
