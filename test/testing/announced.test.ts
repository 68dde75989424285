/** A server of a chosen port is one that somebody starts by hand: it says where it is, or why it is not there. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { resolve } from "node:path";

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
