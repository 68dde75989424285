/** Which key a wrong one was meant to be, and that the list of keys is the one that the settings are read by. */
import { KEYS, nearestKey } from "../../provider/config/keys";
import { readChainloopSettings } from "../../provider/config/chainloop";
import { readSettings } from "../../provider/config/github";
import { unknownKeysIn } from "../../sdk/unknown-keys";

test.each([
  ["tokn", "token"],
  ["toekn", "token"],
  ["Token", "token"],
  ["github-token", "token"],
  ["organization", "org"],
  ["organisation", "org"],
  ["orgs", "org"],
  ["baseURL", "baseUrl"],
  ["url", "baseUrl"],
  ["app_id", "appId"],
  ["privateKey", "appPrivateKey"],
  ["installationId", "appInstallationId"],
  ["timeout", "timeoutSeconds"],
  ["verifyArtefacts", "verifyArtifacts"],
  ["verify-ownership", "verifyOwnership"],
  ["onMissing", "onMissingArtifact"],
  ["chainloopURL", "chainloopUrl"],
  ["replicas", undefined],
  ["", undefined],
  ["__proto__", undefined],
])("%s is taken for %s", (unknown, known) => {
  expect(nearestKey(unknown)).toBe(known);
});

test("an unknown key is named with the nearest one, and never with its value", () => {
  const config = {
    "artifact-metadata:tokn": "canary",
    "artifact-metadata:replicas": "canary",
    "artifact-metadata:token": "canary",
    "github:tokn": "canary",
    "aws:region": "canary",
  };
  expect(unknownKeysIn(config)).toEqual([
    'Unknown configuration key "artifact-metadata:tokn": it has no effect. Did you mean artifact-metadata:token?',
    `Unknown configuration key "artifact-metadata:replicas": it has no effect. The known keys are ${KEYS.map((key) => `artifact-metadata:${key}`).join(", ")}.`,
  ]);
});

test("every known key is read, and no other one", () => {
  const read = new Set<string>();
  const config = {
    get: (key: string) => {
      read.add(key);
      return undefined;
    },
  };
  readSettings(config, {});
  readChainloopSettings(config, {});
  // The program itself reads the organisation.
  const own = [...read].filter((key) => key.startsWith("artifact-metadata:"));
  expect(["artifact-metadata:org", ...own].sort()).toEqual(
    KEYS.map((key) => `artifact-metadata:${key}`).sort(),
  );
});
