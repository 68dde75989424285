/** The engine is killed when GitHub has the record and the state has not. */
import { record, stored, urnOf, type Declaration } from "./support/declarations";
import { newProcessStack } from "./support/engine";
import { newScene, type Scene } from "./support/scene";
import type { CliRunOptions, CliStack } from "../../local/cli-stack";

const web = record("web", { tags: { team: "shop" } });
const api = record("api");

test("2. engine killed after the commit: in a create, an update or a removal, the next update ends with what is declared", async () => {
  const scene = await newScene({ newStack: newProcessStack });

  // Pulumi keeps it until a refresh asks what became of it.
  const creating = { type: "creating", urn: urnOf("web") };

  await killAfterWrite(scene, [web]);
  expect(await pendingOf(scene)).toEqual([creating]);
  expect(scene.records()).toEqual([stored(web)]);
  const recovered = await scene.up([web, api]);
  expect(recovered.output).toMatch(/pending/);
  expect(recovered.plan).toEqual(["create api", "create web"]);
  expect(scene.records()).toEqual([stored(api), stored(web)]);
  expect(await scene.preview()).toMatchObject({ plan: [], requests: [] });

  const next = { ...web, args: { ...web.args, version: "1.0.1" } };
  await killAfterWrite(scene, [next, api]);
  expect(await pendingOf(scene)).toEqual([{ type: "updating", urn: urnOf("web") }, creating]);
  expect(await scene.up([next, api])).toMatchObject({ plan: ["update web"], writes: 1 });
  expect(scene.records()).toEqual([stored(api), stored(next)]);

  await killAfterWrite(scene, [api]);
  expect(await pendingOf(scene)).toEqual([{ type: "deleting", urn: urnOf("web") }, creating]);
  await scene.up([api]);
  expect(scene.records()).toEqual([stored(api), stored(next, { status: "decommissioned" })]);
  expect(await scene.preview()).toMatchObject({ plan: [], requests: [] });
});

async function killAfterWrite(scene: Scene<CliStack>, declarations: Declaration[]): Promise<void> {
  const held = scene.github.fault({ match: { method: "POST" }, when: "after", do: "hold" });
  const options: CliRunOptions = {
    onStart: (pid) => void held.arrived.then(() => process.kill(pid, "SIGKILL")),
  };
  await scene.up(declarations, { ...options, exitCode: -1 });
  held.drop();
}

async function pendingOf({ stack }: Scene): Promise<{ type: string; urn: string }[]> {
  const { deployment } = await stack.exportState();
  return (deployment.pending_operations ?? []).map(({ type, resource }) => ({ type, urn: resource.urn }));
}
