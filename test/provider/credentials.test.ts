import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { recordInputs } from "../support/provider";
import { startHost, URN, withCode } from "../support/provider-host";
import { failureOf, newScene } from "../support/scene";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "gh-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** A `gh` that notes how it was called, and does what the script says. */
function installGh(script: string): void {
  const file = join(folder, "gh");
  writeFileSync(file, `#!/bin/sh\necho "$@" >> "${join(folder, "calls")}"\n${script}\n`);
  chmodSync(file, 0o755);
}
const calls = () => readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
const withGh = () => ({ PATH: `${folder}${delimiter}${process.env.PATH}` });

/** What is found, or all that the error shows, in a process of its own: it looks for `gh` on its own PATH. */
async function found(settings: { token?: string; baseUrl?: string }): Promise<string> {
  const module = join(__dirname, "..", "..", "dist", "provider", "github", "credentials");
  const script =
    `require(${JSON.stringify(module)}).findToken(${JSON.stringify({ baseUrl: "https://api.github.com", ...settings })})` +
    `.then(console.log, (error) => console.log(error.message, require("util").inspect(error, { showHidden: true })))`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], { env: withGh() });
  return stdout.trim();
}

test("a token that is set is taken, and gh is not asked", async () => {
  installGh("echo ghp_from_gh");
  expect(await found({ token: "ghp_set" })).toBe("ghp_set");
  expect(calls).toThrow(/ENOENT/);
});

test.each([
  ["https://api.github.com", "github.com"],
  ["https://api.acme.ghe.com", "acme.ghe.com"],
  ["http://127.0.0.1:8787", "127.0.0.1"],
])("without one, gh is asked for its login for the API at %s", async (baseUrl, host) => {
  installGh("echo ghp_from_gh");
  expect(await found({ baseUrl })).toBe("ghp_from_gh");
  expect(calls()).toEqual([`auth token --hostname ${host}`]);
});

test.each([
  ["fails", "echo ghp_secret; echo ghp_secret >&2; exit 1"],
  ["prints nothing", "exit 0"],
])(
  "where gh %s, the error says where a token may stand, and nothing of what gh said",
  async (_what, script) => {
    installGh(script);
    const shown = await found({});
    expect(shown).toMatch(/no GitHub token.*artifact-metadata:token.*GITHUB_TOKEN.*gh auth login/);
    expect(shown).not.toContain("ghp_secret");
    expect(calls()).toHaveLength(1);
  },
);

test("30. 1,000 concurrent first calls: in the host, they ask a slow gh once, and all use what it says", async () => {
  const { github } = await newScene({ server: { token: "ghp_from_gh" } });
  installGh("sleep 0.1; echo ghp_from_gh");
  const { provider } = await startHost({ baseUrl: github.url }, {}, withGh());
  await Promise.all(
    Array.from({ length: 1_000 }, (_, index) =>
      provider.create({ urn: URN, properties: withCode(recordInputs({ deploymentName: `web-${index}` })) }),
    ),
  );
  expect(calls()).toEqual(["auth token --hostname 127.0.0.1"]);
  expect(github.deploymentRecords()).toHaveLength(1_000);
});

test("a gh that does not answer is waited for until the operation's deadline, and no longer", async () => {
  const { github } = await newScene();
  installGh("exec sleep 5");
  const { provider } = await startHost({ baseUrl: github.url, timeoutSeconds: "1" }, {}, withGh());
  const error = await failureOf(provider.create({ urn: URN, properties: withCode(recordInputs()) }));
  expect(error.message).toMatch(/was not sent: the deadline passed.*timeoutSeconds, 1 s/);
});
