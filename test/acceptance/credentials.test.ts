/** Tokens and keys are found nowhere: not in what is printed, not in the event log, not in the state. */
import { createPublicKey } from "node:crypto";
import { KEY } from "../support/app";
import { changed, record } from "./support/declarations";
import { newScene } from "./support/scene";

test("26. canaries: no token is found in what is printed, logged or saved, whatever goes wrong", async () => {
  const [inEnvironment, inConfig] = ["github_pat_canary_environment", "github_pat_canary_config"];
  const web = record("web");
  const { preview, up, github, stack } = await newScene({ server: { token: inEnvironment } });
  const found = (text: string) => [inEnvironment, inConfig].filter((token) => text.includes(token));
  const shown = ({ output, events }: { output: string; events: unknown[] }) =>
    found(output + JSON.stringify(events));
  const saved = async () => found(JSON.stringify(await stack.exportState()));

  // Pulumi hides secrets of the configuration by itself, but nothing that comes from the environment.
  expect(shown(await up([web]))).toEqual([]);
  expect(await saved()).toEqual([]);
  github.setToken(inEnvironment, null);
  const next = changed(web, { version: "1.0.1" });
  const refused = await up([next], { exitCode: 1 });
  expect(refused.errors.join("\n")).toContain("The token is wrong or has expired");
  expect(shown(refused)).toEqual([]);

  github.setToken(inConfig, {});
  await stack.setConfig("artifact-metadata:token", inConfig, { secret: true });
  expect(shown(await up([next]))).toEqual([]);
  expect(await saved()).toEqual([]);

  await stack.setConfig("artifact-metadata:token", `${inConfig} and more`, { secret: true });
  const malformed = await preview([next], { exitCode: 1 });
  expect(malformed.errors.join("\n")).toContain("contains a space");
  expect(shown(malformed)).toEqual([]);
});

test("26. canaries: a GitHub App's key and its tokens are found nowhere either", async () => {
  const apps = [
    { id: 1234, publicKey: createPublicKey(KEY.publicKey), installations: [{ id: 77, org: "acme" }] },
  ];
  const env = { GITHUB_TOKEN: "", GITHUB_APP_ID: "1234", GITHUB_APP_PEM_FILE: KEY.privateKey };
  const { up, records, stack } = await newScene({ server: { apps }, env });
  const done = await up([record("web")]);
  expect(records()).toHaveLength(1);

  const GITHUB_APP_INSTALLATION_ID = "78";
  const refused = await up([record("api")], { exitCode: 1, env: { GITHUB_APP_INSTALLATION_ID } });
  expect(refused.errors.join("\n")).toContain("The App 1234 has no installation 78");

  const shown = JSON.stringify([done, refused, await stack.exportState()]);
  for (const line of KEY.privateKey.split("\n").slice(1, -2)) expect(shown).not.toContain(line);
  // Each JSON Web Token begins with the first of these, each installation token with the second.
  expect(shown).not.toMatch(/eyJ|ghs_|BEGIN/);
});
