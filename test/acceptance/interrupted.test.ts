/** A run that ends too early: its provider host is killed, or the user presses Ctrl-C. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { mixedScene, set, single, statuses, type Thing } from "./support/mixed";
import { stackTraces } from "./support/stacks";

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

test("1. host killed after the commit: the run fails, and the next one ends with one record each", async () => {
  const folder = mkdtempSync(join(tmpdir(), "acceptance-pid-"));
  folders.push(folder);
  const file = join(folder, "pid");
  const preload = resolve(__dirname, "support/tell-pid.cjs");
  const { up, preview, github } = await mixedScene();
  const things = [single("web"), set("fleet", ["api", "job"], { cluster: "prod-us" })];

  const held = github.fault({ match: { method: "POST" }, when: "after", do: "hold", times: 2 });
  void held.arrived.then(async () => {
    while (github.requests.length < 2) await sleep(20);
    process.kill(Number(readFileSync(file, "utf8")), "SIGKILL");
  });
  const env = { HOST_PID_FILE: file, NODE_OPTIONS: `--require=${preload}` };
  const killed = await up(things, { env, exitCode: 1 });
  expect(stackTraces(killed.output)).toEqual([]);
  held.remove();
  expect(statuses(github)).toEqual(["web deployed", "api deployed", "job deployed"]);

  await up(things);
  expect(statuses(github)).toEqual(["web deployed", "api deployed", "job deployed"]);
  expect(await preview(things)).toMatchObject({ plan: [], requests: [] });
});

/** Records of many clusters, which nothing keeps from being written at the same time, and a set. */
const fleet = (): Thing[] => [
  set("fleet", ["api", "job"]),
  ...Array.from({ length: 12 }, (_, index) => single(`web-${index}`, { cluster: `cluster-${index}` })),
];
const declared = { DECLARATIONS: JSON.stringify({ resources: fleet(), outputs: {} }) };

test("3. Ctrl-C in the middle of a batch: what is on its way ends, and nothing more is sent", async () => {
  const { scene, up, github } = await mixedScene();
  const held = github.fault({ match: { method: "POST" }, when: "after", do: "hold", times: 99 });
  const controlC = new AbortController();
  const run = scene.stack.up({ env: declared, parallel: 4, signal: controlC.signal });
  await held.arrived;
  while (github.requests.length < 4) await sleep(20);
  controlC.abort();
  // A signal takes its time to another process; with the engine in this one it is there at once.
  await sleep(500);
  held.remove();
  expect((await run).exitCode).not.toBe(0);
  expect(github.requests).toHaveLength(4);

  await up(fleet());
  expect(new Set(statuses(github).map((one) => one.split(" ")[1]))).toEqual(new Set(["deployed"]));
  expect(statuses(github)).toHaveLength(14);
});

/** From there on the provider host hears of it. */
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const heard = major > 24 || (major === 24 && minor >= 2) || (major === 22 && minor >= 17);

(heard ? test : test.skip)(
  "3. Ctrl-C in the middle of a batch: pressed once, it ends although GitHub never answers",
  async () => {
    const { scene, up, preview, github } = await mixedScene();
    const held = github.fault({ match: { method: "POST" }, when: "after", do: "hold", times: 99 });
    const controlC = new AbortController();
    const run = scene.stack.up({ env: declared, parallel: 4, signal: controlC.signal });
    await held.arrived;
    while (github.requests.length < 4) await sleep(20);
    controlC.abort();
    const { exitCode, output } = await run;
    expect(exitCode).not.toBe(0);
    expect(output).toContain("did not succeed: Pulumi was interrupted");
    expect(github.requests.map(({ status }) => status)).toEqual([null, null, null, null]);
    held.remove();

    await up(fleet());
    expect(statuses(github)).toHaveLength(14);
    expect(await preview(fleet())).toMatchObject({ plan: [], requests: [] });
  },
);

test("3. Ctrl-C in the middle of a batch: pressed again, it ends although GitHub never answers", async () => {
  const { scene, up, preview, github } = await mixedScene({ killable: true });
  const held = github.fault({ match: { method: "POST" }, when: "after", do: "hold", times: 99 });
  let ended = false;
  const pressAgain = async (pid: number) => {
    await held.arrived;
    for (; !ended; await sleep(500)) process.kill(pid, "SIGINT");
  };
  const options = { env: declared, parallel: 4, onStart: (pid: number) => void pressAgain(pid) };
  const { exitCode } = await scene.stack.up(options).finally(() => (ended = true));
  expect(exitCode).not.toBe(0);
  // Nobody was answered.
  expect(github.requests.map(({ status }) => status)).toEqual(github.requests.map(() => null));
  held.remove();

  await up(fleet());
  expect(statuses(github)).toHaveLength(14);
  expect(await preview(fleet())).toMatchObject({ plan: [], requests: [] });
});
