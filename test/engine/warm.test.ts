/** Tests share processes (support/warm); what one run does must not reach the next one. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { warmWorker } from "../support/compiled-engine";
import { warmProcesses, type WarmProcesses } from "../support/warm/processes";

let folder: string;
let warm: WarmProcesses;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "warm-")));
  mkdirSync(join(folder, "node_modules"));
  warm = warmProcesses(warmWorker);
});
afterEach(() => {
  warm.end();
  rmSync(folder, { recursive: true });
});

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

function begin(script: string, more: { args?: string[]; env?: Record<string, string> } = {}) {
  const lines: string[] = [];
  const { args = [], env = {} } = more;
  const onLine = (_stream: string, line: string) => void lines.push(line.trimEnd());
  const child = warm.startNode({ script, args, cwd: folder, env, onLine });
  return { lines, stop: child.stop, exited: child.exited };
}

async function run(...args: Parameters<typeof begin>) {
  const { lines, exited } = begin(...args);
  return { code: await exited, lines };
}

const pidOf = ({ lines }: { lines: string[] }) => Number(/^pid (\d+)$/m.exec(lines.join("\n"))?.[1]);

test("a script runs in the process of the one before it, and sees nothing of that", async () => {
  write("state.js", "module.exports = { count: 0 };");
  const script = write(
    "script.js",
    `
    const state = require("./state");
    state.count += 1;
    globalThis.count = (globalThis.count ?? 0) + 1;
    process.on("exit", () => console.log("exit"));
    process.env.LEFT ??= process.argv[2];
    require.extensions[".odd"] ??= () => {};
    console.log("pid", process.pid);
    import("./state.js").then(({ default: same }) =>
      console.log(state.count, same.count, count, process.env.LEFT, process.listenerCount("exit"), process.cwd()));
    `,
  );
  const first = await run(script, { args: ["one"], env: { NAME: "x" } });
  const second = await run(script, { args: ["two"] });
  expect(first.lines.slice(1)).toEqual([`1 1 1 one 1 ${folder}`, "exit"]);
  expect(second.lines.slice(1)).toEqual([`1 1 1 two 1 ${folder}`, "exit"]);
  expect(pidOf(second)).toBe(pidOf(first));
});

test("a script ends when nothing is left to wait for, and with its own exit code", async () => {
  const late = write("late.js", `setTimeout(() => console.log("late"), 100); process.exitCode = 3;`);
  expect(await run(late)).toEqual({ code: 3, lines: ["late"] });
  const exit = write("exit.js", `setInterval(() => {}, 1000); console.log("now"); process.exit(4);`);
  expect(await run(exit)).toEqual({ code: 4, lines: ["now"] });
  expect(await run(exit)).toEqual({ code: 4, lines: ["now"] });
});

test("work that a script starts when it would end is waited for", async () => {
  const script = write(
    "before-exit.js",
    `
    let done = false;
    process.on("beforeExit", () => {
      if (!done) setTimeout(() => console.log("done"), 50);
      done = true;
    });
    `,
  );
  expect(await run(script)).toEqual({ code: 0, lines: ["done"] });
});

const server = `
  const server = require("node:net").createServer((socket) => socket.resume());
  server.listen(0, "127.0.0.1", () => {
    require("node:net").connect(server.address().port, "127.0.0.1");
    console.log("pid", process.pid);
    console.log("port", server.address().port);
  });
`;

test("a server that is stopped listens no more, and its process serves the next one", async () => {
  const script = write("server.js", server);
  const first = begin(script);
  while (first.lines.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  await first.stop();
  expect(await first.exited).toBe(0);
  const port = Number(first.lines[1]?.split(" ")[1]);
  await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow("fetch failed");

  const second = begin(script);
  while (second.lines.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(pidOf(second)).toBe(pidOf(first));
  await second.stop();
});

test("a script that goes on when it is stopped is killed, and the next one has another process", async () => {
  const script = write("endless.js", `setInterval(() => {}, 1000); console.log("pid", process.pid);`);
  const first = begin(script);
  await first.stop();
  expect(await first.exited).toBe(-1);
  const second = begin(script);
  while (second.lines.length < 1) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(pidOf(second)).not.toBe(pidOf(first));
  await second.stop();
});

test("a process that dies ends its script as its own death would, and the next one runs", async () => {
  const script = write(
    "crash.js",
    `console.log("pid", process.pid); if (process.argv[2]) throw new Error(process.argv[2]);`,
  );
  const crashed = await run(script, { args: ["boom"] });
  expect(crashed.code).toBe(1);
  expect(crashed.lines.join("\n")).toContain("Error: boom");
  const next = await run(script);
  expect(next.code).toBe(0);
  expect(pidOf(next)).not.toBe(pidOf(crashed));
});

test("what Node reads when it starts gets a process of its own", async () => {
  const preload = write("preload.cjs", `console.log("preloaded");`);
  const script = write("script.js", "");
  const env = { NODE_OPTIONS: `--require=${preload}` };
  expect((await run(script, { env })).lines).toEqual(["preloaded"]);
  expect((await run(script)).lines).toEqual([]);
});
