import { inspect } from "node:util";
import { readSettings } from "../../provider/config/github";
import { configOf } from "../support/provider";

const read = (config: Record<string, string>, environment: Record<string, string> = {}) =>
  readSettings(configOf(config), environment);

test("with nothing set, the defaults hold", () => {
  expect(read({})).toStrictEqual({
    baseUrl: "https://api.github.com",
    onMissingArtifact: "error",
    verifyOwnership: true,
    verifyArtifacts: "off",
    timeoutSeconds: 300,
  });
});

/** Where each setting is looked for, the first one first; and a value for each place. */
const places: Record<string, [place: "config" | "environment", key: string, value: string, read: unknown][]> =
  {
    token: [
      ["config", "artifact-metadata:token", "ghp_1", "ghp_1"],
      ["config", "github:token", "ghp_2", "ghp_2"],
      ["environment", "GITHUB_TOKEN", "ghp_3", "ghp_3"],
      ["environment", "GH_TOKEN", "ghp_4", "ghp_4"],
    ],
    baseUrl: [
      ["config", "artifact-metadata:baseUrl", "https://api.one.ghe.com", "https://api.one.ghe.com"],
      ["config", "github:baseUrl", "https://api.two.ghe.com", "https://api.two.ghe.com"],
      ["environment", "GITHUB_API_URL", "https://api.three.ghe.com", "https://api.three.ghe.com"],
      ["environment", "GITHUB_BASE_URL", "https://api.four.ghe.com", "https://api.four.ghe.com"],
    ],
    onMissingArtifact: [["config", "artifact-metadata:onMissingArtifact", "warn", "warn"]],
    verifyOwnership: [["config", "artifact-metadata:verifyOwnership", "false", false]],
    verifyArtifacts: [
      ["config", "artifact-metadata:verifyArtifacts", "error", "error"],
      ["environment", "ARTIFACT_METADATA_VERIFY_ARTIFACTS", "warn", "warn"],
    ],
    timeoutSeconds: [["config", "artifact-metadata:timeoutSeconds", "7", 7]],
  };

const each = Object.entries(places).flatMap(([name, list]) =>
  list.map((place, index) => ({ name, key: place[1], list: list.slice(index), expected: place[3] })),
);

test.each(each)("$name is taken from $key, before all places that follow it", ({ name, list, expected }) => {
  const given = (kind: "config" | "environment") =>
    Object.fromEntries(list.filter(([place]) => place === kind).map(([, key, value]) => [key, value]));
  const settings = read(given("config"), given("environment"));
  expect(settings).toHaveProperty(name, expected);
});

test.each(["GITHUB_TOKEN", "GH_TOKEN", "GITHUB_API_URL", "GITHUB_BASE_URL"])(
  "an empty %s is as good as none",
  (variable) => {
    expect(read({}, { [variable]: "" })).toStrictEqual(read({}));
  },
);

test("an empty variable does not hide the next one", () => {
  expect(read({}, { GITHUB_TOKEN: "", GH_TOKEN: "ghp_4" }).token).toBe("ghp_4");
});

test("configuration that is set to the empty text is a mistake, not unset", () => {
  expect(() => read({ "artifact-metadata:token": "" }, { GITHUB_TOKEN: "ghp_3" })).toThrow(
    "configuration artifact-metadata:token is empty.",
  );
});

test.each([
  ["https://api.github.com/", "https://api.github.com"],
  ["https://API.GitHub.com", "https://api.github.com"],
  ["https://api.acme.ghe.com//", "https://api.acme.ghe.com"],
  ["https://proxy.example/github/api/", "https://proxy.example/github/api"],
  ["http://localhost:8787", "http://localhost:8787"],
  ["http://127.0.0.1:8787/", "http://127.0.0.1:8787"],
  ["http://[::1]:8787", "http://[::1]:8787"],
  ["http://127.0.100.200:8787", "http://127.0.100.200:8787"],
  ["https://acme.ghe.com.example.com", "https://acme.ghe.com.example.com"],
])("the base address %s is read as %s", (given, taken) => {
  expect(read({ "artifact-metadata:baseUrl": given }).baseUrl).toBe(taken);
});

test.each([
  ["", /must be a URL such as/],
  ["api.github.com", /must be a URL such as/],
  ["ftp://api.github.com", /must be a URL such as/],
  ["file:///etc/passwd", /must be a URL such as/],
  ["http://api.github.com", /must begin with https:/],
  ["http://127.0.0.1.example.com", /must begin with https:/],
  ["http://localhost.example.com", /must begin with https:/],
  ["http://my-localhost", /must begin with https:/],
  ["shttp://localhost", /must be a URL such as/],
  ["https+unix://localhost", /must be a URL such as/],
  ["http://10.0.0.1", /must begin with https:/],
  ["https://user@api.github.com", /must not contain a user name/],
  ["https://:secret@api.github.com", /must not contain a user name/],
  ["https://api.github.com?x=1", /must not contain a user name/],
  ["https://api.github.com#x", /must not contain a user name/],
  ["https://github.com", /must be https:\/\/api\.github\.com, the address of the API/],
  ["https://acme.ghe.com/", /must be https:\/\/api\.acme\.ghe\.com, the address of the API/],
])("the base address %s is refused", (given, reason) => {
  expect(() => read({ "artifact-metadata:baseUrl": given })).toThrow(reason);
  expect(() => read({ "artifact-metadata:baseUrl": given })).toThrow(
    /^configuration artifact-metadata:baseUrl /,
  );
});

test.each([
  ["artifact-metadata:onMissingArtifact", "warning", 'must be "error" or "warn"'],
  ["artifact-metadata:onMissingArtifact", "", 'must be "error" or "warn"'],
  ["artifact-metadata:verifyOwnership", "yes", "must be true or false"],
  ["artifact-metadata:verifyArtifacts", "1", 'must be "off", "warn" or "error"'],
  ["artifact-metadata:verifyOwnership", "True", "must be true or false"],
  ["artifact-metadata:timeoutSeconds", "0", "must be a whole number of seconds, from 1 to 99999"],
  ["artifact-metadata:timeoutSeconds", "-1", "must be a whole number of seconds, from 1 to 99999"],
  ["artifact-metadata:timeoutSeconds", "1.5", "must be a whole number of seconds, from 1 to 99999"],
  ["artifact-metadata:timeoutSeconds", "1e3", "must be a whole number of seconds, from 1 to 99999"],
  ["artifact-metadata:timeoutSeconds", "100000", "must be a whole number of seconds, from 1 to 99999"],
  ["artifact-metadata:timeoutSeconds", "5m", "must be a whole number of seconds, from 1 to 99999"],
])("%s=%s is refused", (key, value, reason) => {
  expect(() => read({ [key]: value })).toThrow(`configuration ${key} ${reason}`);
});

test("every setting that is wrong is named, with the place where it stands", () => {
  const config = { "artifact-metadata:timeoutSeconds": "x", "github:token": "two words" };
  expect(() => read(config, { GITHUB_API_URL: "nowhere" })).toThrow(
    /environment variable GITHUB_API_URL must be a URL.*; configuration github:token contains a space.*; configuration artifact-metadata:timeoutSeconds must/,
  );
});

test.each(["ghp_canary\n", " ghp_canary", "ghp_canary ghp_canary", "ghp_canary\u200b", "ghp_canaryé"])(
  "the token %j is refused, and the error does not repeat it",
  (token) => {
    for (const [config, environment] of [
      [{ "artifact-metadata:token": token }, {}],
      [{}, { GH_TOKEN: token }],
    ] as [Record<string, string>, Record<string, string>][]) {
      let error: unknown;
      try {
        read(config, environment);
      } catch (caught) {
        error = caught;
      }
      expect(String(error)).toMatch(/token|GH_TOKEN/);
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("canary");
    }
  },
);
