/** What a refresh found and `ignoreChanges` keeps is accepted as it is; a write sends what can be written. */
import type { Inputs } from "../../provider/chainloop-deployment";
import {
  bodiesOf,
  create,
  foreignWrite,
  inputs,
  isChanged,
  newScene,
  refresh,
  update,
} from "../support/chainloop";
import { OTHER_DIGEST } from "../support/provider";

const failuresOf = ({ failures = [] }: { failures?: object[] }) => failures;

test.each([
  ["decommissioned", { status: "DECOMMISSIONED" as const }],
  ["of another digest and name", { artifact_digest: OTHER_DIGEST, artifact_name: "ghcr.io/acme/other" }],
])(
  "a deployment that another writer has %s is accepted, and written as deployed with the next change",
  async (_, more) => {
    const scene = await newScene();
    const saved = await create(scene);
    foreignWrite(scene, more);
    const refreshed = await refresh(scene.another(), saved);
    const { provider } = scene.another();
    expect(failuresOf(await provider.check(refreshed.inputs, refreshed.inputs))).toEqual([]);
    expect(await isChanged(scene.another(), refreshed, refreshed.inputs)).toBe(false);

    const news: Inputs = { ...refreshed.inputs, artifactVersion: "2.0.0" };
    expect(failuresOf(await provider.check(refreshed.inputs, news))).toEqual([]);
    const updated = await update(scene.another(), refreshed, news);
    expect(bodiesOf(scene).at(-1)).toMatchObject({ status: "DEPLOYED", artifact_version: "2.0.0" });
    expect(await isChanged(scene.another(), updated, news)).toBe(false);
  },
);

test("a status that the program itself declares is refused", async () => {
  const { provider } = await newScene();
  const declared = { ...inputs(), status: "SUPERSEDED" } as unknown as Inputs;
  expect(failuresOf(await provider.check({} as Inputs, declared))).toHaveLength(1);
  expect(failuresOf(await provider.check(inputs(), declared))).toHaveLength(1);
});
