/** Servers that somebody starts: they say where they are, or why they are not there, and only this machine reaches them. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { join, resolve } from "node:path";

import { serve } from "../../local/engine/rpc";
import { startChainloop, startGitHub } from "../../local/testing";
import { failureOf } from "../support/scene";

const written: string[] = [];
beforeEach(() => {
  written.length = 0;
  jest.spyOn(process.stdout, "write").mockImplementation((text) => written.push(String(text)) > 0);
});
afterEach(() => jest.restoreAllMocks());

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

test.each(Object.entries({ startGitHub, startChainloop }))("%s says where it is", async (name, start) => {
  const port = await freePort();
  const server = await start({ port, token: "try" });
  expect(written).toEqual([
    `${name}: listening on http://127.0.0.1:${port} with the token try (Ctrl-C ends it)\n`,
  ]);
  const { message } = await failureOf(start({ port }));
  expect(message).toBe(`${name}: port ${port} is already in use. Stop what uses it, or choose another port.`);
  await server.stop();
});

test("a server of a test says nothing, and a number that is no port is refused", async () => {
  const server = await startGitHub();
  await server.stop();
  expect(written).toEqual([]);
  const { message } = await failureOf(startGitHub({ port: 70_000 }));
  expect(message).toBe("startGitHub: 70000 is not a port. Choose a number from 1 to 65535.");
});

test("as a command, a taken port is one line and an exit code", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const testing = JSON.stringify(resolve("dist/local/testing"));
  const command = spawn(process.execPath, ["-e", `require(${testing}).startGitHub({ port: ${port} })`]);
  let output = "";
  for (const stream of [command.stdout, command.stderr])
    stream.on("data", (chunk: Buffer) => void (output += chunk.toString()));
  const [code] = (await once(command, "close")) as [number];
  server.close();
  expect([code, output]).toEqual([
    1,
    `startGitHub: port ${port} is already in use. Stop what uses it, or choose another port.\n`,
  ]);
});

/** Of this machine, but not the one at which a server listens. */
const OTHERS = [
  "127.0.0.2",
  ...Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? []).flatMap(({ address, family }) =>
      family === "IPv4" && address !== "127.0.0.1" ? address : [],
    ),
  ),
];

const isReached = (port: number, host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host, timeout: 1_000 });
    const end = (reached: boolean) => () => {
      socket.destroy();
      resolve(reached);
    };
    socket.on("connect", end(true)).on("error", end(false)).on("timeout", end(false));
  });

test.each([
  ["the local GitHub", async () => startGitHub()],
  ["the local Chainloop", async () => startChainloop()],
  ["the local engine", async () => stoppable(await serve([]))],
])("%s listens on loopback alone", async (_, start) => {
  const { url, stop } = await start();
  const port = Number(new URL(url).port);
  const reached = await Promise.all(["127.0.0.1", ...OTHERS].map((address) => isReached(port, address)));
  await stop();
  expect(reached).toEqual([true, ...OTHERS.map(() => false)]);
});

const stoppable = ({ address, close }: Awaited<ReturnType<typeof serve>>) => ({
  url: `http://${address}`,
  stop: async () => close(),
});

test("and so does every server of this repository, those of the tests too", () => {
  const listening = ["local", "plugin", "test", "bench", "scripts"].flatMap((folder) => {
    const root = resolve(__dirname, "../..", folder);
    return readdirSync(root, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.[cm]?[jt]s$/.test(name) && !name.includes("node_modules"))
      .flatMap((name) => readFileSync(join(root, name), "utf8").match(CALLS) ?? []);
  });
  expect(listening.length).toBeGreaterThan(10);
  expect(
    listening.filter((call) => !/^\.(listen\(\w+, "127\.0\.0\.1"|bindAsync\("127\.0\.0\.1:)/.test(call)),
  ).toEqual([]);
});

const CALLS = /\.(?:listen|bindAsync)\((?!\\).*/g;
