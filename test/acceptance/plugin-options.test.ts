/** A YAML program's resource options, and runs that end early, with the plugin on the Pulumi CLI: `PULUMI_ENGINE=pulumi`. */
import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { CliRunOptions } from "../../local/cli-stack";
import { image, newProject, onYaml, record } from "./support/native-project";
import type { Project } from "./support/native-project";

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** The plugin's processes that this one has started. */
function pluginsOf(engine: number): number[] {
  const lines = execFileSync("ps", ["-e", "-o", "pid=,ppid=,args="], { encoding: "utf8" }).split("\n");
  const found = lines.map((line) => /^\s*(\d+)\s+(\d+)\s.*pulumi-resource-artifact-metadata/.exec(line));
  return found.flatMap((match) => (match && Number(match[2]) === engine ? [Number(match[1])] : []));
}

async function isGone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 100 && isAlive(pid); tries++) await sleep(20);
  return !isAlive(pid);
}

/** Kills the engine when the record is written and the plugin still waits for the answer. */
async function killAfterWrite({ github, up }: Project): Promise<number[]> {
  const held = github.fault({ match: { method: "POST" }, when: "after", do: "hold" });
  let plugins: number[] = [];
  const kill = (pid: number) => {
    plugins = pluginsOf(pid);
    process.kill(pid, "SIGKILL");
  };
  const options: CliRunOptions = { onStart: (pid) => void held.arrived.then(() => kill(pid)) };
  await up(undefined, { ...options, exitCode: -1 });
  const gone = await Promise.all(plugins.map(isGone));
  held.drop();
  expect([plugins.length > 0, gone.every(Boolean)]).toEqual([true, true]);
  return plugins;
}

const statuses = (yaml: Project) =>
  yaml.records().map(({ deployment_name, status }) => `${deployment_name} ${status}`);
const expectDone = async (yaml: Project) => {
  const { plan, requests } = await yaml.preview();
  expect([plan, requests]).toEqual([[], []]);
};

onYaml("an engine that is killed in the middle of a run", () => {
  test("leaves no plugin behind, and the next run ends with what is declared", async () => {
    const yaml = await newProject();
    yaml.write({ web: record() });
    await killAfterWrite(yaml);
    const created = await yaml.up();
    expect([created.plan, created.written]).toEqual([["create web"], 1]);
    expect(statuses(yaml)).toEqual(["web deployed"]);
    await expectDone(yaml);

    yaml.write({ web: record({ tags: { team: "shop" } }) });
    await killAfterWrite(yaml);
    expect((await yaml.up()).plan).toEqual(["update web"]);
    expect(yaml.records()).toMatchObject([{ status: "deployed", tags: { team: "shop" } }]);

    yaml.write({});
    await killAfterWrite(yaml);
    await yaml.up();
    expect(statuses(yaml)).toEqual(["web decommissioned"]);
    await expectDone(yaml);
  });
});

onYaml("a YAML resource", () => {
  test("that gets another name keeps its record, with an alias and without one", async () => {
    const yaml = await newProject();
    yaml.write({ web: record() });
    await yaml.up();
    yaml.write({
      www: record({}, { aliases: ["urn:pulumi:dev::shop::artifact-metadata:index:DeploymentRecord::web"] }),
    });
    const aliased = await yaml.up();
    expect([aliased.plan, aliased.requests]).toEqual([[], []]);
    yaml.write({ shop: record() });
    expect((await yaml.up()).plan).toEqual(["create shop", "delete www"]);
    expect(statuses(yaml)).toEqual(["web deployed"]);
    await expectDone(yaml);
  });

  test("keeps what ignoreChanges names, is replaced in either order, and stays where it is retained", async () => {
    const yaml = await newProject();
    yaml.write({ web: record({ tags: { team: "shop" } }) });
    await yaml.up();
    yaml.write({
      web: record(
        { tags: { team: "other" }, image: image.replace("1.4.2", "1.5.0") },
        { ignoreChanges: ["tags", "image"] },
      ),
    });
    await expectDone(yaml);

    yaml.write({ web: record({ deploymentName: "www" }, { deleteBeforeReplace: true }) });
    await yaml.up();
    expect(statuses(yaml)).toEqual(["web decommissioned", "www deployed"]);
    yaml.write({ web: record({ deploymentName: "www" }, { retainOnDelete: true }) });
    await yaml.up();
    await yaml.destroy();
    expect(statuses(yaml)).toEqual(["web decommissioned", "www deployed"]);
  });

  test("of one of two providers of an organisation moves to the other one, and stays deployed", async () => {
    const yaml = await newProject();
    const provider = {
      type: "pulumi:providers:artifact-metadata",
      properties: { org: "acme", token: yaml.github.token, baseUrl: yaml.github.url },
    };
    const both = { one: provider, two: provider };
    yaml.write({ ...both, web: record({}, { provider: "${one}" }) });
    await yaml.up();
    yaml.write({ ...both, web: record({}, { provider: "${two}" }) });
    await yaml.up();
    yaml.write({ ...both, www: record({}, { provider: "${one}" }) });
    await yaml.up();
    expect(statuses(yaml)).toEqual(["web deployed"]);
    await expectDone(yaml);
  });

  test("is not removed without a token, and says what is missing; with one, it is", async () => {
    const yaml = await newProject();
    yaml.write({ web: record() });
    await yaml.up();
    const env = { GITHUB_TOKEN: "", GITHUB_OWNER: "" };
    const { output, requests } = await yaml.destroy({ env, exitCode: 1 });
    expect(output).toContain("There is no GitHub token.");
    expect(requests).toEqual([]);
    expect(statuses(yaml)).toEqual(["web deployed"]);
    // The organisation is the record's own, which the state has.
    await yaml.destroy({ env: { GITHUB_OWNER: "" } });
    expect(statuses(yaml)).toEqual(["web decommissioned"]);
  });

  test("names each value of another type in the preview", async () => {
    const yaml = await newProject();
    yaml.write({ web: record({ deploymentName: ["web"], tags: "shop", colour: "red" }) });
    const { output, requests } = await yaml.preview(undefined, { exitCode: 1 });
    expect(requests).toEqual([]);
    for (const property of ["deploymentName", "tags", "colour"]) expect(output).toContain(property);
  });
});
