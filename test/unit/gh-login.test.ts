/** The login of the GitHub CLI, as this process finds it on its PATH. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { findToken } from "../../provider/github/credentials";
import { readSettings } from "../../provider/config/github";
import { failureOf } from "../support/sets";

let folder: string;
const path = process.env.PATH;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gh-"));
  process.env.PATH = `${folder}${delimiter}${path}`;
});
afterEach(() => {
  process.env.PATH = path;
  rmSync(folder, { recursive: true });
});

const find = (baseUrl: string, script: string, environment: Record<string, string> = {}) => {
  writeFileSync(join(folder, "gh"), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, "gh"), 0o755);
  return findToken(readSettings({ get: () => undefined }, { GITHUB_API_URL: baseUrl, ...environment }));
};

test.each([
  ["https://api.github.com", "auth/token/--hostname/github.com"],
  ["https://api.acme.ghe.com", "auth/token/--hostname/acme.ghe.com"],
  ["https://my.api.acme.ghe.com", "auth/token/--hostname/my.api.acme.ghe.com"],
])("for the API at %s, gh is asked: %s", async (baseUrl, call) => {
  expect(await find(baseUrl, 'echo "$@" | tr " " /')).toBe(call);
});

test("a token that is set is taken, whatever gh says", async () => {
  expect(await find("https://api.github.com", "echo other", { GITHUB_TOKEN: "set" })).toBe("set");
});

test.each(["exit 1", "echo ghp_123; exit 1", "echo", "exit 0"])(
  "where gh does %j there is no token, and the error says how to give one and what it needs",
  async (script) => {
    const { message } = await failureOf(find("https://api.github.com", script));
    expect(message).toMatch(
      /^There is no GitHub token\. .*artifact-metadata:token.*GITHUB_TOKEN or GH_TOKEN.*gh auth login.*"Artifact metadata: write"/,
    );
    expect(message).not.toMatch("ghp_123");
  },
);

test.each([
  ["a notice after it", "echo gho_canary; echo A new release of gh is available"],
  ["a notice before it", "echo Notice; echo gho_canary"],
  ["a carriage return in it", "printf 'gho_canary\\rmore\\n'"],
  ["a zero byte", "printf 'gho_canary\\000\\n'"],
  ["an escape sequence", "printf '\\033[1mgho_canary\\033[0m\\n'"],
  ["a space", "echo 'gho_canary x'"],
  ["another alphabet", "echo gho_canaryé"],
  ["two line breaks", "printf 'gho_canary\\n\\n'"],
])("a token with %s is refused, and not quoted", async (_what, script) => {
  const { message } = await failureOf(find("https://api.github.com", script));
  expect(message).toMatch(/^`gh auth token` did not print one line with a token\./);
  expect(message).not.toMatch(/canary|release/);
});

test("a line may end as on Windows", async () => {
  expect(await find("https://api.github.com", "printf 'gho_1\\r\\n'")).toBe("gho_1");
});
