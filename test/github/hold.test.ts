import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";

import type { GitHub } from "../../local/github";
import { deployment, DEPLOYMENT, serve } from "./client";
import { count, write } from "./outcomes";

const CLIENT = `
  const [url, token, body] = process.argv.slice(1);
  fetch(url, {
    method: "POST",
    body,
    headers: {
      accept: "application/vnd.github+json",
      authorization: "Bearer " + token,
      "content-type": "application/json",
      "x-github-api-version": "2022-11-28",
    },
  }).then((response) => response.text()).then((text) => console.log(text));
`;

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** A client in a process of its own, which prints what it is answered. */
function startClient(github: GitHub) {
  const url = `${github.url}${DEPLOYMENT.replace("POST ", "")}`;
  const child = spawn(process.execPath, ["-e", CLIENT, url, github.token, JSON.stringify(deployment())]);
  children.push(child);
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, "close").then(([code, signal]) => ({
    code: code as unknown,
    signal: signal as unknown,
    output,
  }));
  return { child, ended };
}

async function heldClient(when: "before" | "after") {
  const { github } = await serve();
  const held = github.fault({ when, do: "hold" });
  const client = startClient(github);
  await held.arrived;
  return { github, held, ...client };
}

test.each([
  ["before", 0],
  ["after", 1],
] as const)(
  "a client killed while it is held %s the commit has written %i records",
  async (when, expected) => {
    const { github, held, child, ended } = await heldClient(when);
    child.kill("SIGKILL");
    expect(await ended).toEqual({ code: null, signal: "SIGKILL", output: "" });
    held.drop();
    // Whoever comes next is answered, and finds what was written.
    expect(count(github)).toBe(expected);
    expect((await write(github, "another")).status).toBe(200);
    expect(count(github)).toBe(expected + 1);
  },
);

test("what a killed client has sent is written all the same where it is released", async () => {
  const { github, held, child, ended } = await heldClient("before");
  child.kill("SIGKILL");
  await ended;
  held.release();
  expect((await write(github, "another")).status).toBe(200);
  expect(count(github)).toBe(2);
});

test("a client that lives is answered when it is released", async () => {
  const { github, held, ended } = await heldClient("after");
  held.release();
  const { code, output } = await ended;
  expect(code).toBe(0);
  expect(JSON.parse(output)).toMatchObject({ total_count: 1 });
  expect(github.requests).toMatchObject([{ status: 200 }]);
});
