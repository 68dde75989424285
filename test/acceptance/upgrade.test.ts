/** What earlier versions saved is taken over as it is (test/fixtures/states/README.md). */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { GitHub, Json } from "../../local/github";
import type { StackExport } from "../../local/stack";
import { newScene } from "./support/scene";

const states = resolve(__dirname, "../fixtures/states");
const versions = readdirSync(states, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const read = <T>(version: string, file: string) =>
  JSON.parse(readFileSync(join(states, version, file), "utf8")) as T;

/** The server has what that version wrote. */
async function replay(github: GitHub, writes: { path: string; body: Json }[]): Promise<void> {
  for (const { path, body } of writes) {
    const headers = {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${github.token}`,
      "content-type": "application/json",
      "x-github-api-version": "2022-11-28",
    };
    const { status } = await fetch(github.url + path, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    if (status !== 200) throw new Error(`${path} was answered with ${status}`);
  }
}

const statusesOf = (github: GitHub) =>
  [...github.deploymentRecords(), ...github.storageRecords()].map(({ name, status }) => `${name} ${status}`);

test.each(versions)(
  "29. state of released versions: that of %s makes an empty preview and no write, and destroy works",
  async (version) => {
    const { github, stack, preview, up, destroy } = await newScene({ program: join(states, version) });
    await replay(github, read(version, "requests.json"));
    await stack.importState(read<StackExport>(version, "state.json"));
    const before = statusesOf(github);
    expect(await preview()).toMatchObject({ plan: [], requests: [], warnings: [] });
    expect(await up()).toMatchObject({ plan: [], requests: [], warnings: [] });
    expect(statusesOf(github)).toEqual(before);

    const { plan, warnings } = await destroy();
    expect(plan.length).toBeGreaterThan(4);
    expect(warnings).toEqual([]);
    const gone = before.map((one) =>
      one.replace(" deployed", " decommissioned").replace(" active", " deleted"),
    );
    expect(statusesOf(github)).toEqual(gone);
  },
);
