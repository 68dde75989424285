/** Tokens are found nowhere: not in what is printed, not in the event log, not in the state. */
import { changed, record } from "./support/declarations";
import { newScene } from "./support/scene";

test("no token is found in what is printed, logged or saved, whatever goes wrong", async () => {
  const tokens = ["github_pat_canary_config", "github_pat_canary_pulumi", "github_pat_canary_environment"];
  const [inConfig = "", inPulumiConfig = "", inEnvironment = ""] = tokens;
  const web = record("web");
  const { preview, up, github, stack } = await newScene({
    server: { token: inConfig },
    secretConfig: { "artifact-metadata:token": inConfig, "github:token": inPulumiConfig },
    env: { GITHUB_TOKEN: inEnvironment },
  });
  const found = (text: string) => tokens.filter((token) => text.includes(token));
  const shown = ({ output, events }: { output: string; events: unknown[] }) =>
    found(output + JSON.stringify(events));
  const saved = async () => found(JSON.stringify(await stack.exportState()));

  expect(shown(await up([web]))).toEqual([]);
  expect(await saved()).toEqual([]);

  github.setToken(inConfig, null);
  const refused = await up([changed(web, { version: "1.0.1" })], { exitCode: 1 });
  expect(refused.errors.join("\n")).toContain("The token is wrong or has expired");
  expect(shown(refused)).toEqual([]);

  await stack.setConfig("artifact-metadata:token", `${inConfig} and more`, { secret: true });
  const malformed = await preview([web], { exitCode: 1 });
  expect(malformed.errors.join("\n")).toContain("holds a space");
  expect(shown(malformed)).toEqual([]);
  expect(await saved()).toEqual([]);
});
