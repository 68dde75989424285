/** Which credentials are used, and which are refused. */
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { inspect } from "node:util";
import { readSettings } from "../../provider/config/github";
import { configOf } from "../support/provider";

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
const pem = (type: "pkcs1" | "pkcs8") => privateKey.export({ type, format: "pem" }) as string;
const publicPem = (key: string) => createPublicKey(key).export({ type: "spki", format: "pem" });

const key = pem("pkcs1");
const read = (config: Record<string, string>, environment: Record<string, string> = {}) =>
  readSettings(
    configOf(
      Object.fromEntries(Object.entries(config).map(([name, value]) => [`artifact-metadata:${name}`, value])),
    ),
    environment,
  );
const inEnvironment = { GITHUB_APP_ID: "1", GITHUB_APP_PEM_FILE: key };
const inConfig = { appId: "2", appPrivateKey: key };

/** What is used, in a word. */
const used = (config: Record<string, string>, environment: Record<string, string> = {}) => {
  const { app, token } = readSettings(configOf(config), environment);
  return app ? `App ${app.id} ${app.installationId}` : `token ${token}`;
};
const own = (config: Record<string, string>) =>
  Object.fromEntries(Object.entries(config).map(([name, value]) => [`artifact-metadata:${name}`, value]));

test.each([
  ["an App in the configuration", own(inConfig), {}, "App 2 undefined"],
  ["an App in the environment", {}, { ...inEnvironment, GITHUB_APP_INSTALLATION_ID: "9" }, "App 1 9"],
  [
    "the configuration's App before the environment's token",
    own(inConfig),
    { GITHUB_TOKEN: "t" },
    "App 2 undefined",
  ],
  [
    "our own App before another package's token",
    { ...own(inConfig), "github:token": "t" },
    {},
    "App 2 undefined",
  ],
  ["the configuration's token before the environment's App", own({ token: "t" }), inEnvironment, "token t"],
  ["another package's token before the environment's App", { "github:token": "t" }, inEnvironment, "token t"],
  ["in the environment, a token before an App", {}, { ...inEnvironment, GH_TOKEN: "t" }, "token t"],
  [
    "an App whose key is in the environment",
    own({ appId: "2" }),
    { ...inEnvironment, GH_TOKEN: "t" },
    "App 2 undefined",
  ],
  [
    "a token, although half an App is in the environment",
    {},
    { GITHUB_APP_ID: "1", GH_TOKEN: "t" },
    "token t",
  ],
  [
    "an App, although the environment's token is none",
    own(inConfig),
    { GH_TOKEN: "two words" },
    "App 2 undefined",
  ],
  [
    "a token, although the environment's App is none",
    own({ token: "t" }),
    { GITHUB_APP_ID: "-", GITHUB_APP_PEM_FILE: "x" },
    "token t",
  ],
  ["an App by its client ID", own({ ...inConfig, appId: "Iv23liAbc.1" }), {}, "App Iv23liAbc.1 undefined"],
])("%s", (_what, config: Record<string, string>, environment: Record<string, string>, expected) => {
  expect(used(config, environment)).toBe(expected);
});

test.each([
  [
    { appId: "1" },
    {},
    "configuration artifact-metadata:appId is set, and artifact-metadata:appPrivateKey (or GITHUB_APP_PEM_FILE) is missing.",
  ],
  [
    {},
    { GITHUB_APP_PEM_FILE: key },
    "environment variable GITHUB_APP_PEM_FILE is set, and artifact-metadata:appId (or GITHUB_APP_ID) is missing.",
  ],
  [
    { appInstallationId: "1" },
    {},
    /appInstallationId is set, and artifact-metadata:appId .*missing; .*artifact-metadata:appPrivateKey .*missing\.$/,
  ],
  [
    { ...inConfig, token: "t" },
    {},
    "configuration artifact-metadata:token and configuration artifact-metadata:appId are both set: remove one of them.",
  ],
  [
    { ...inConfig, appId: "1 2" },
    {},
    "configuration artifact-metadata:appId must be the App's ID, a number, or its client ID.",
  ],
  [
    { ...inConfig, appInstallationId: "acme" },
    {},
    "configuration artifact-metadata:appInstallationId must be the number of the App's installation.",
  ],
])("%# is refused", (config: Record<string, string>, environment: Record<string, string>, message) => {
  expect(() => read(config, environment)).toThrow(message);
});

test.each([
  ["as GitHub made it", key],
  ["PKCS #8", pem("pkcs8")],
  ["with \\n for line breaks", key.replace(/\n/g, "\\n")],
  ["with the line breaks of Windows", key.replace(/\n/g, "\r\n")],
  ["without its last line break, and with spaces around", `  ${key.trim()}  `],
  ["in quotation marks", `"${key}"`],
  ["in quotation marks, with \\n", `'${key.replace(/\n/g, "\\n")}'`],
  ["with \\r\\n", key.replace(/\n/g, "\\r\\n")],
  ["with \\n that was escaped twice", key.replace(/\n/g, "\\\\n")],
  ["as JSON writes it", JSON.stringify(key).replaceAll("/", "\\/")],
  ["with spaces for line breaks", key.replace(/\n/g, " ").trim()],
  ["with no line breaks at all", key.replace(/\n/g, "")],
  ["indented as in YAML", key.replace(/^/gm, "    ")],
  ["with text before and after it", `App key\n${key}\n# end`],
  ["as base64", Buffer.from(key).toString("base64")],
  ["as base64 in lines", Buffer.from(key).toString("base64").replace(/.{76}/g, "$&\n")],
  ["as base64 in quotation marks", `"${Buffer.from(key).toString("base64")}"`],
])("a key %s is read", (_what, given) => {
  const { app } = read({ ...inConfig, appPrivateKey: given });
  expect(app?.privateKey).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
  expect(publicPem(app?.privateKey ?? "")).toBe(publicPem(key));
});

const lines = key.split("\n");
const elliptic = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const encrypted = { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "canary" } as const;

test.each([
  ["a path", "./canary.private-key.pem", /must be the content of the PEM file.*and not its path/],
  ["nothing", "", /must be the content of the PEM file/],
  ["its first line only", lines[0] ?? "", /is cut off: it must be complete/],
  ["half of it", lines.slice(0, 4).join("\n"), /is cut off/],
  ["half of it, on one line", lines.slice(0, 4).join(" "), /is cut off/],
  ["its base64 without its lines", lines.slice(1, -2).join(""), /must be the content of the PEM file/],
  ["one line of it wrong", key.replace(lines[2] ?? "", "canary"), /cannot be read as a private key/],
  ["a public key", String(publicPem(key)), /is not a private key/],
  ["another kind", elliptic.export({ type: "pkcs8", format: "pem" }) as string, /must be an RSA private key/],
  ["encrypted", privateKey.export(encrypted) as string, /is encrypted: use the key as GitHub generated it/],
])("of a key, %s is refused, and the error repeats nothing of it", (_what, given, message) => {
  for (const [config, environment] of [
    [{ ...inConfig, appPrivateKey: given }, {}],
    [{ appId: "2" }, given === "" ? {} : { GITHUB_APP_PEM_FILE: given }],
  ] as const) {
    let error: unknown;
    try {
      read(config, environment);
    } catch (caught) {
      error = caught;
    }
    expect(String(error)).toMatch(given === "" && !("appPrivateKey" in config) ? /is missing/ : message);
    const shown = inspect(error, { depth: 9, showHidden: true });
    for (const line of given.split("\n").filter((one) => one !== "")) expect(shown).not.toContain(line);
  }
});
