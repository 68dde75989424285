/** Where the organisation and the token come from. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { decommissioned, record, stored } from "./support/declarations";
import { newScene } from "./support/scene";
import { onLong } from "./support/long";

const web = record("web");

onLong(
  "the organisation is the resource's, the configuration's, pulumi-github's, or the environment's",
  async () => {
    const { preview, up, stack, records } = await newScene({ env: { GITHUB_OWNER: "from-environment" } });
    const orgIn = async (...declarations: (typeof web)[]) =>
      /\borg +: "(.*)"/.exec((await preview(declarations)).output)?.[1];

    expect(await orgIn(web)).toBe("from-environment");
    await stack.setConfig("github:owner", "globex");
    expect(await orgIn(web)).toBe("globex");
    await stack.setConfig("artifact-metadata:org", "acme");
    expect(await orgIn(web)).toBe("acme");
    expect(await orgIn(record("web", { org: "globex" }))).toBe("globex");

    await up([web]);
    expect(records()).toEqual([stored(web)]);
  },
);

test("a key that is not known is warned about, once a run", async () => {
  const { preview, stack } = await newScene({});
  await stack.setConfig("artifact-metadata:verifyOwnerschip", "false");
  const { warnings } = await preview([web, record("api")]);
  expect(warnings).toEqual([
    expect.stringMatching(
      /Unknown configuration key "artifact-metadata:verifyOwnerschip": .*artifact-metadata:verifyOwnership\?/,
    ),
  ]);
});

test("without an organisation the preview says what to set", async () => {
  const { preview } = await newScene({ env: { GITHUB_OWNER: "" } });
  const { errors, requests } = await preview([web], { exitCode: 1 });
  expect(errors.join("\n")).toMatch(/property org .*is required/);
  expect(requests).toEqual([]);
});

describe("the token is taken from", () => {
  const right = "github_pat_right";
  const server = { token: right };
  const wrong = "github_pat_wrong";

  onLong("the configuration, before the environment", async () => {
    const { up, records } = await newScene({
      server,
      env: { GITHUB_TOKEN: wrong },
      secretConfig: { "artifact-metadata:token": right, "github:token": wrong },
    });
    await up([web]);
    expect(records()).toEqual([stored(web)]);
  });

  onLong("pulumi-github's configuration, before the environment", async () => {
    const { up, records } = await newScene({
      server,
      env: { GITHUB_TOKEN: wrong },
      secretConfig: { "github:token": right },
    });
    await up([web]);
    expect(records()).toEqual([stored(web)]);
  });

  onLong("GITHUB_TOKEN, or else GH_TOKEN", async () => {
    const { up, records } = await newScene({ server, env: { GITHUB_TOKEN: "", GH_TOKEN: right } });
    await up([web]);
    expect(records()).toEqual([stored(web)]);
  });

  onLong("the GitHub CLI's login, for the API's own host", async () => {
    const { up, records } = await newScene({ server, env: { GITHUB_TOKEN: "", PATH: pathWithGh(right) } });
    await up([web]);
    expect(records()).toEqual([stored(web)]);
  });
});

test("without any token the update says where to set one, and the preview needs none", async () => {
  const { preview, up } = await newScene({ env: { GITHUB_TOKEN: "", PATH: pathWithGh("") } });
  await preview([web]);
  const { errors, requests } = await up([web], { exitCode: 1 });
  expect(errors.join("\n")).toContain("There is no GitHub token. Set one with `pulumi config set --secret");
  expect(requests).toEqual([]);
});

test("a refresh and a destroy are configured as the last update was, which Pulumi keeps in the state", async () => {
  const [old, next] = ["github_pat_old", "github_pat_next"];
  const { up, refresh, destroy, records, stack, github } = await newScene({
    server: { token: old },
    secretConfig: { "artifact-metadata:token": old },
  });
  await up([web]);
  github.setToken(old, null);
  github.setToken(next, {});
  await stack.setConfig("artifact-metadata:token", next, { secret: true });

  const refused = await refresh({ exitCode: 1 });
  expect(refused.requests.map(({ status }) => status)).toEqual([401]);
  expect(refused.errors.join("\n")).toContain("The token is wrong or has expired");
  expect(await up()).toMatchObject({ plan: [], requests: [] });
  expect((await refresh()).requests.map(({ status }) => status)).toEqual([200]);
  await destroy();
  expect(records()).toEqual([decommissioned(web)]);
});

test("a setting that is wrong is named, with the place where it was found", async () => {
  const { preview } = await newScene({ config: { "artifact-metadata:onMissingArtifact": "ignore" } });
  const { errors, requests } = await preview([web], { exitCode: 1 });
  expect(errors.join("\n")).toContain(
    'configuration artifact-metadata:onMissingArtifact must be "error" or "warn"',
  );
  expect(requests).toEqual([]);
});

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A `gh` that is logged in to the API's host with this token; without one, to nothing. */
function pathWithGh(token: string): string {
  const folder = mkdtempSync(join(tmpdir(), "acceptance-gh-"));
  folders.push(folder);
  const file = join(folder, "gh");
  const isAsked = '[ "$*" = "auth token --hostname 127.0.0.1" ]';
  writeFileSync(file, `#!/bin/sh\n${isAsked} && [ -n "${token}" ] && echo "${token}"\n`);
  chmodSync(file, 0o755);
  return `${folder}${delimiter}${process.env.PATH}`;
}
